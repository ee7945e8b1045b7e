/** `--watch`: rules, what they import and the configuration, edited while the monitor looks at a real container. */
import { match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { workload } from "../kernel/fixture.ts";
import { root, run, type Running, start } from "./monitor.ts";

/** Opens a file so often, in s. */
const script = (pause: number) => `while :; do read -r line < /etc/hostname; sleep ${pause}; done`;
const QUICK = 0.05;
/** All rules together raise 200 alerts a minute: what takes longer goes slower. */
const SLOW = 0.3;

/** A rule that says a word of its own, and one that it imports, whenever the container opens a file. */
function rule(id: string, word: string): string {
  return `import { defineRule, z } from "tallyman";
import { helper } from "../lib/helper.ts";

export default defineRule({
  id: "${id}",
  title: "Opened",
  severity: "info",
  syscalls: ["open", "openat"],
  options: z.object({ option: z.string().default("usual") }),
  limit: { burst: 10_000, per: "1m" },
  evaluate: ({ options, alert }) => alert(\`${word} \${helper} \${options.option}\`),
});
`;
}

const helper = (word: string) => `export const helper: string = "${word}";\n`;

/** A monitor in a folder of files, and a container that it looks at. */
class Trial implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tallyman-reload-" });
  readonly name = `reload-${Deno.pid}`;
  readonly #running: Running;
  readonly #work: Disposable;
  /** How much of what was told has been looked at. */
  #heard = { stdout: 0, stderr: 0 };

  private constructor(
    files: Readonly<Record<string, string>>,
    work: Disposable,
    args: readonly string[],
  ) {
    this.#work = work;
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.#running = start(
      ["watch", "--watch", "--no-default-rules", "--jsonl", "-", "-c", this.name, ...args],
      { cwd: this.path },
    );
  }

  static async start(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Trial> {
    return await Trial.paced(QUICK, files, args);
  }

  private static async paced(
    pause: number,
    files: Readonly<Record<string, string>>,
    args: readonly string[],
  ): Promise<Trial> {
    const work = await workload(`reload-${Deno.pid}`, "/bin/sh", "-c", script(pause));
    const trial = new Trial(files, work, args);
    work.resume();
    return trial;
  }

  /** One rule with what it imports, which has told something. */
  static async one(...args: string[]): Promise<Trial> {
    return await Trial.pacedOne(QUICK, ...args);
  }

  /** Likewise, with time for more. */
  static async slowOne(...args: string[]): Promise<Trial> {
    return await Trial.pacedOne(SLOW, ...args);
  }

  private static async pacedOne(pause: number, ...args: string[]): Promise<Trial> {
    const files = { "rules/one.ts": rule("one", "first"), "lib/helper.ts": helper("one") };
    const trial = await Trial.paced(pause, files, args);
    await trial.alerts("first one usual");
    return trial;
  }

  /** As editors do: another file, which then takes the place of the one that there is. */
  write(name: string, text: string): void {
    const file = join(this.path, name);
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(`${file}~`, text);
    Deno.renameSync(`${file}~`, file);
  }

  /** Waits until something is told, after all that was waited for before. */
  async until(stream: "stdout" | "stderr", told: RegExp): Promise<void> {
    await this.#running.until(String(told), () => {
      const found = told.exec(this.#running[stream].slice(this.#heard[stream]));
      if (found === null) return false;
      this.#heard[stream] += found.index + found[0].length;
      return true;
    });
  }

  async alerts(message: string, severity = "info", rule = "one"): Promise<void> {
    await this.until(
      "stdout",
      new RegExp(
        `\\{"type":"alert".*"security_rule":\\{"name":"${rule}".*"severity":"${severity}".*"${message}"`,
      ),
    );
  }

  async says(told: RegExp): Promise<void> {
    await this.until("stderr", told);
  }

  /** The rules' process is killed, as it is where it takes too much memory. */
  async killChild(): Promise<void> {
    const { pid } = this.#running;
    const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ");
    ok(children[0], "there is no child");
    for (const child of children) Deno.kill(Number(child), "SIGKILL");
    // If another was about to load what is edited it goes on without waiting.
    await this.says(/^rules: their process was ended by SIGKILL/m);
  }

  /** More is told than may have been on its way. */
  async runsOn(message: string): Promise<void> {
    this.#heard.stdout = this.#running.stdout.length;
    for (let i = 0; i < 5; i++) await this.alerts(message);
  }

  /** What was laid out for a child is gone. */
  leavesNothing(): void {
    const left = [...Deno.readDirSync("/tmp")].filter(({ name }) => {
      if (!name.startsWith("tallyman-rules-")) return false;
      try {
        return Deno.statSync(join("/tmp", name, this.path)).isDirectory;
      } catch {
        return false;
      }
    });
    strictEqual(left.length, 0, left.map(({ name }) => name).join());
  }

  /** Ends the monitor. @returns what it had said, and not been asked for. */
  async end(): Promise<string> {
    this.#running.kill("SIGINT");
    const { code, stderr } = await this.#running.ended();
    strictEqual(code, 0, stderr);
    return stderr.slice(this.#heard.stderr).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    this.#work[Symbol.dispose]();
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** The rule is edited, and then what it imports: with --isolate the monitor itself imports neither. */
async function edit(trial: Trial): Promise<void> {
  trial.write("rules/one.ts", rule("one", "second"));
  await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
  await trial.alerts("second one usual");
  trial.write("lib/helper.ts", helper("two"));
  await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
  await trial.alerts("second two usual");
}

Deno.test("watch --watch: a rule and what it imports, edited, broken, mended", root, async () => {
  await using trial = await Trial.one("--rules", "rules");
  await edit(trial);
  trial.write("rules/one.ts", rule("one", "third").replace("severity:", "severity;"));
  await trial.says(/^rules\/one\.ts:7:11: SyntaxError: .*\n/m);
  await trial.says(/^not reloaded: rules\/one\.ts: its rule runs as it did$/m);
  await trial.alerts("second two usual");
  trial.write("lib/helper.ts", "\nexport const helper = ;\n");
  trial.write("rules/one.ts", rule("one", "third"));
  await trial.says(/^lib\/helper\.ts:2:23: SyntaxError: /m);
  await trial.says(/^not reloaded: rules\/one\.ts: its rule runs as it did$/m);
  await trial.alerts("second two usual");
  trial.write("rules/one.ts", rule("one", "third").replace('"info"', '"loud"'));
  trial.write("lib/helper.ts", helper("three"));
  await trial.says(/^rules\/one\.ts: rule one: severity: .*"info"/m);
  await trial.says(/^not reloaded: rules\/one\.ts: its rule runs as it did$/m);
  await trial.alerts("second two usual");
  trial.write("rules/one.ts", rule("one", "third"));
  await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
  await trial.alerts("third three usual");
  strictEqual(await trial.end(), "");
});

Deno.test(
  "watch --watch: files that come to a folder and go, those in new folders too",
  root,
  async () => {
    await using trial = await Trial.slowOne("--rules", "rules");
    trial.write("rules/two.ts", rule("two", "other"));
    await trial.says(/^new: 1 rule of rules\/two\.ts$/m);
    await trial.alerts("other one usual", "info", "two");
    Deno.removeSync(join(trial.path, "rules/one.ts"));
    await trial.says(/^gone: 1 rule of rules\/one\.ts$/m);
    trial.write("rules/deep/er/one.ts", rule("one", "deep").replace("../lib", "../../../lib"));
    await trial.says(/^new: 1 rule of rules\/deep\/er\/one\.ts$/m);
    await trial.alerts("deep one usual");
    // The copy that somebody begins with.
    trial.write("rules/copy.ts", rule("two", "copy"));
    await trial.says(
      /^rules\/two\.ts: rule two is also in .*copy\.ts\nnot reloaded: all rules run/m,
    );
    await trial.alerts("other one usual", "info", "two");
    trial.write("rules/copy.ts", rule("three", "copy"));
    await trial.says(/^new: 1 rule of rules\/copy\.ts$/m);
    await trial.alerts("copy one usual", "info", "three");
    strictEqual(await trial.end(), "");
  },
);

Deno.test(
  "watch --watch: the configuration, from none to one and back; in TypeScript, too",
  root,
  async () => {
    await using trial = await Trial.one("--rules", "rules/one.ts");
    const config = (one: object) =>
      trial.write("tallyman.config.json", JSON.stringify({ rule: { one } }));
    config({ severity: "critical", options: { option: "special" } });
    await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("first one special", "critical");
    config({ options: { optoin: "special" } });
    await trial.says(/^tallyman\.config\.json:1:28: rule\.one\.options: .*Did you mean option\?$/m);
    await trial.says(/^not reloaded: all rules run as they did$/m);
    await trial.alerts("first one special", "critical");
    config({ enabled: false });
    await trial.says(/^gone: 1 rule of rules\/one\.ts$/m);
    Deno.removeSync(join(trial.path, "tallyman.config.json"));
    await trial.says(/^new: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("first one usual");
    trial.write("lib/option.ts", `export const option = "imported";\n`);
    trial.write(
      "tallyman.config.ts",
      `import { defineConfig } from "tallyman";\nimport { option } from "./lib/option.ts";\n` +
        `export default defineConfig({ rule: { one: { options: { option } } } });\n`,
    );
    await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("first one imported");
    trial.write("lib/option.ts", `export const option = ;\n`);
    await trial.says(/^lib\/option\.ts:1:23: SyntaxError: /m);
    await trial.says(/^not reloaded: all rules run as they did$/m);
    trial.write("lib/option.ts", `export const option = "mended";\n`);
    await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("first one mended");
    strictEqual(await trial.end(), "");
  },
);

Deno.test("watch --watch --isolate: edited, broken, mended, new and gone", root, async () => {
  await using trial = await Trial.one("--rules", "rules", "--isolate");
  await edit(trial);
  trial.write("rules/one.ts", rule("one", "third").replace("severity:", "severity;"));
  await trial.says(/rules\/one\.ts:7:11/);
  await trial.says(/^not reloaded: all rules run as they did$/m);
  await trial.alerts("second two usual");
  trial.write("rules/one.ts", rule("one", "third").replace('"info"', '"loud"'));
  await trial.says(/rules\/one\.ts: rule one: severity: .*"info"/);
  await trial.says(/^not reloaded: all rules run as they did$/m);
  trial.write("rules/one.ts", rule("one", "third"));
  await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
  await trial.alerts("third two usual");
  trial.write("rules/two.ts", rule("two", "other"));
  await trial.says(/^new: 1 rule of rules\/two\.ts$/m);
  await trial.alerts("other two usual", "info", "two");
  Deno.removeSync(join(trial.path, "rules/two.ts"));
  await trial.says(/^gone: 1 rule of rules\/two\.ts$/m);
  trial.write("tallyman.config.json", JSON.stringify({ rule: { one: { severity: "critical" } } }));
  await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
  await trial.alerts("third two usual", "critical");
  strictEqual(await trial.end(), "");
});

Deno.test(
  "watch --watch --isolate: when the child ends while an edit is broken, what was loaded last runs on",
  root,
  async () => {
    await using trial = await Trial.slowOne("--rules", "rules", "--isolate");
    trial.write("rules/one.ts", rule("one", "second"));
    await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("second one usual");
    for (const broken of ["export default {", "throw new Error('broken');"]) {
      trial.write("lib/helper.ts", broken);
      await trial.says(/^not reloaded: all rules run as they did$/m);
      await trial.killChild();
      await trial.runsOn("second one usual");
    }
    // A file that is gone, and one that is new and broken.
    Deno.removeSync(join(trial.path, "lib/helper.ts"));
    trial.write("rules/two.ts", "export default 1 +;");
    await trial.says(/^not reloaded: all rules run as they did$/m);
    await trial.killChild();
    await trial.runsOn("second one usual");
    Deno.removeSync(join(trial.path, "rules/two.ts"));
    trial.write("lib/helper.ts", helper("mended"));
    trial.write("rules/one.ts", rule("one", "second"));
    await trial.says(/^reloaded: 1 rule of rules\/one\.ts$/m);
    await trial.alerts("second mended usual");
    trial.leavesNothing();
  },
);

Deno.test("watch --watch: what is broken at the start ends it, as without", root, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-reload-" });
  try {
    Deno.writeTextFileSync(join(folder, "one.ts"), "export default {{");
    const args = ["watch", "--watch", "--rules", "one.ts", "-d", "5s"];
    const { code, stderr } = await run(args, { cwd: folder });
    strictEqual(code, 2);
    match(stderr, /one\.ts:1:\d+/);
    ok(!stderr.includes("?v="));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
