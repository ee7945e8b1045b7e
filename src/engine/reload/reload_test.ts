/** Files of rules that are edited, and what is to run then. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { openVersionedCode, type VersionedCode } from "../code/mod.ts";
import { chooseRules, type ChosenRule, readSettings, type Settings } from "../config/mod.ts";
import { Reload } from "./reload.ts";

const source = (id: string, title = id) =>
  `import { defineRule } from "tallyman";
export default defineRule({ id: "${id}", title: "${title}", severity: "info",
  syscalls: ["close"], evaluate() {} });\n`;

/** Rules in a folder, loaded and reloaded. */
class Trial implements Disposable {
  readonly path: string;
  readonly told: string[] = [];
  rules: readonly ChosenRule[] = [];
  settings: Settings | undefined;
  applied = 0;
  readonly #resources = new DisposableStack();

  private constructor(files: Readonly<Record<string, string>>) {
    this.path = Deno.makeTempDirSync({ prefix: "tallyman-reload-" });
    Deno.mkdirSync(join(this.path, "shipped"));
    Deno.mkdirSync(join(this.path, "rules"));
    this.write("config.json", "{}");
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  static async open(files: Readonly<Record<string, string>>): Promise<Trial> {
    const trial = new Trial(files);
    const code: VersionedCode = await openVersionedCode();
    const flags = {
      rules: [join(trial.path, "rules")],
      noDefaultRules: true,
      config: join(trial.path, "config.json"),
      ruleOn: [],
      ruleOff: [],
    };
    const shipped = join(trial.path, "shipped");
    const reload = new Reload(flags, shipped, code);
    trial.#resources.use(code);
    trial.#resources.use(reload);
    const settings = await readSettings(flags, code);
    trial.rules = await chooseRules(settings, shipped, false, reload.loader);
    reload.begin(settings, {
      to: {
        here(rules, settings) {
          trial.rules = rules;
          trial.settings = settings;
          trial.applied++;
        },
      },
      broken: (error, count) => trial.told.push(`${count} kept: ${error.message}`),
      refused: (error) => trial.told.push(`refused: ${error}`),
      deaf: (error) => trial.told.push(`deaf: ${error}`),
    });
    return trial;
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(file, text);
  }

  remove(name: string): void {
    Deno.removeSync(join(this.path, name), { recursive: true });
  }

  get titles(): string[] {
    return this.rules.map(({ rule }) => rule.title);
  }

  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (!isSo()) {
      ok(performance.now() < deadline, `${isSo}: ${this.titles}; ${this.told.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("reload: what has not changed is the same rule, and nothing is applied without an edit", async () => {
  using trial = await Trial.open({ "rules/a.ts": source("a"), "rules/b.ts": source("b") });
  const [a, b] = trial.rules;
  trial.write("rules/b.ts", source("b", "edited"));
  await trial.until(() => trial.titles.includes("edited"));
  strictEqual(trial.rules[0]?.rule, a?.rule);
  ok(trial.rules[1]?.rule !== b?.rule);
  strictEqual(trial.applied, 1);
  // It is touched, and no more.
  trial.write("rules/a.ts", source("a"));
  trial.write("rules/c.ts", source("c"));
  await trial.until(() => trial.titles.length === 3);
  strictEqual(trial.rules[0]?.rule, a?.rule);
  deepStrictEqual(trial.told, []);
});

Deno.test("reload: a broken file keeps its rules, and holds up no other", async () => {
  using trial = await Trial.open({ "rules/a.ts": source("a"), "rules/b.ts": source("b") });
  trial.write("rules/a.ts", "export default {{");
  await trial.until(() => trial.told.length > 0);
  match(trial.told[0] ?? "", /^1 kept: .*a\.ts: .*SyntaxError/);
  trial.write("rules/b.ts", source("b", "edited"));
  await trial.until(() => trial.titles.includes("edited"));
  deepStrictEqual(trial.titles, ["a", "edited"]);
  trial.write("rules/new.ts", "export default {{");
  await trial.until(() => trial.told.some((each) => each.startsWith("0 kept: ")));
  trial.write("rules/a.ts", source("a", "mended"));
  await trial.until(() => trial.titles.includes("mended"));
});

Deno.test("reload: what is refused as a whole changes nothing; a broken file falls back on what runs", async () => {
  using trial = await Trial.open({ "rules/a.ts": source("a"), "rules/b.ts": source("b") });
  // It could run, but for the other one of its name.
  trial.write("rules/a.ts", source("b", "never ran"));
  await trial.until(() => trial.told.length > 0);
  match(trial.told[0] ?? "", /^refused: RuleError: .*rule b is also in/);
  trial.write("rules/a.ts", "export default {{");
  await trial.until(() => trial.told.length > 1);
  match(trial.told[1] ?? "", /^1 kept: /);
  deepStrictEqual(trial.titles, ["a", "b"]);
});

Deno.test("reload: the configuration, and what it says of time", async () => {
  using trial = await Trial.open({ "rules/a.ts": source("a") });
  trial.write("config.json", `{ "rule": { "a": { "enabled": false } }, "ruleTimeout": "5s" }`);
  await trial.until(() => trial.applied === 1);
  deepStrictEqual([trial.rules[0]?.isOn, trial.settings?.ruleTimeout], [false, 5000]);
  trial.write("config.json", `{ "rule": [] }`);
  await trial.until(() => trial.told.length > 0);
  match(trial.told[0] ?? "", /^refused: ConfigError: .*config\.json:1:3: rule: /);
  trial.write("config.json", `{ "rules": ["more"] }`);
  await trial.until(() => trial.told.length > 1);
  match(trial.told[1] ?? "", /more: no such file or folder/);
  // The configuration stays as it is: what it lacked comes.
  trial.write("more/c.ts", source("c"));
  await trial.until(() => trial.titles.includes("c"));
  trial.write("more/c.ts", source("c", "edited"));
  await trial.until(() => trial.titles.includes("edited"));
});

Deno.test("reload: a file that is gone or empty for a moment is not taken for a deleted one", async () => {
  using trial = await Trial.open({ "rules/a.ts": source("a"), "rules/b.ts": source("b") });
  for (const gone of [() => trial.remove("rules/a.ts"), () => trial.write("rules/a.ts", "")]) {
    const before = trial.applied;
    gone();
    await new Promise((resolve) => setTimeout(resolve, 200));
    strictEqual(trial.applied, before);
    trial.write("rules/a.ts", source("a", `edited ${before}`));
    await trial.until(() => trial.titles.includes(`edited ${before}`));
  }
  trial.remove("rules/a.ts");
  await trial.until(() => trial.titles.length === 1);
  // The last one may go, too.
  trial.remove("rules");
  await trial.until(() => trial.told.length > 0);
  match(trial.told[0] ?? "", /no such file or folder/);
  trial.write("rules/c.ts", source("c"));
  await trial.until(() => trial.titles.join() === "c");
});

Deno.test("reload: who is disposed applies nothing any more", async () => {
  const trial = await Trial.open({ "rules/a.ts": source("a") });
  trial.write("rules/a.ts", source("a", "edited"));
  trial[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 300));
  strictEqual(trial.applied, 0);
  deepStrictEqual(trial.told, []);
});
