/** What rules hear besides calls, by the real command on a real container: live, apart, recorded and replayed. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { recordsOf, root, run, start } from "../cli/monitor.ts";
import { Folder } from "../folder.ts";
import { workload } from "../kernel/fixture.ts";

const rule = `import { defineRule } from "tallyman";
export default defineRule({
  id: "heard",
  title: "Heard",
  severity: "info",
  limit: { burst: 10000, per: "1m" },
  onProcess({ action, process, exit, alert }) {
    alert(\`\${action} \${process.comm} \${exit?.code ?? exit?.signal ?? "-"}\`);
  },
  onContainer({ action, container, alert }) {
    if (action !== "updated") alert(\`\${action} \${container.name}\`);
  },
});
`;

/** Two programs that end each in its own way, again and again. */
const script = 'while :; do /bin/sleep 0.05; /bin/sh -c "kill -9 \\$\\$"; /bin/sleep 0.05; done';

interface Heard {
  readonly message: string;
  readonly process: string | undefined;
  readonly container: string;
}

function heardIn(stdout: string): Heard[] {
  return recordsOf(stdout).filter(({ type }) => type === "alert").map((alert) => {
    const { message, process, container, event } = alert as {
      readonly message: string;
      readonly process?: { readonly pid: number; readonly creation: { readonly time: string } };
      readonly container: { readonly id: string };
      readonly event?: object;
    };
    strictEqual(event, undefined);
    return { message, process: process && String(process.pid), container: container.id };
  });
}

function has(heard: readonly Heard[], name: string): void {
  const messages = heard.map(({ message }) => message);
  deepStrictEqual([...new Set(heard.map(({ container }) => container))], [name]);
  strictEqual(messages.filter((each) => each === `seen ${name}`).length, 1);
  for (const message of ["executed sleep -", "exited sleep 0", "exited sh 9"]) {
    ok(messages.includes(message), `${message} in ${[...new Set(messages)]}`);
  }
  // Each process that began here has ended once, with what it executed between.
  const started = heard.find(({ message, process }) =>
    message.startsWith("started ") &&
    heard.some((each) => each.process === process && each.message.startsWith("exited "))
  );
  const life = heard.filter(({ process }) => process === started?.process)
    .map(({ message }) => message.split(" ")[0]);
  deepStrictEqual(life, ["started", "executed", "exited"]);
}

const flags = ["--no-default-rules", "--rules", "heard.ts"];

for (const isolate of [[], ["--isolate"]]) {
  const how = isolate.join(" ") || "live";
  Deno.test(
    `heard: a container that ran before, and its processes, those of -c alone: ${how}`,
    root,
    async () => {
      using folder = new Folder({ "heard.ts": rule });
      const name = `heard-${Deno.pid}`;
      using work = await workload(name, "/bin/sh", "-c", script);
      using other = await workload(`other-${Deno.pid}`, "/bin/sh", "-c", script);
      work.resume();
      other.resume();
      const { code, stdout, stderr } = await run(
        ["watch", ...flags, "--jsonl", "-i", "300ms", "-d", "4s", "-c", name, ...isolate],
        { cwd: folder.path },
      );
      strictEqual(code, 0, stderr);
      strictEqual(stderr, "");
      has(heardIn(stdout), name);
    },
  );
}

Deno.test("heard: a recording tells a rule the same as it heard then", root, async () => {
  using folder = new Folder({ "heard.ts": rule });
  const name = `heard-${Deno.pid}`;
  using work = await workload(name, "/bin/sh", "-c", script);
  work.resume();
  const cwd = { cwd: folder.path };
  const recorded = await run(
    ["record", "heard.rec", ...flags, "--jsonl", "-", "-d", "3s", "-c", name],
    cwd,
  );
  strictEqual(recorded.code, 0, recorded.stderr);
  const heard = heardIn(recorded.stdout);
  has(heard, name);
  const replayed = await run(["replay", "heard.rec", ...flags, "--jsonl", "-", "-c", name], cwd);
  strictEqual(replayed.code, 0, replayed.stderr);
  deepStrictEqual(heardIn(replayed.stdout), heard);
});

Deno.test(
  "heard: a rule that is edited hears again of what runs, and nobody else does",
  root,
  async () => {
    using folder = new Folder({
      "heard.ts": rule,
      "kept.ts": rule.replace('id: "heard"', 'id: "kept"'),
    });
    const name = `heard-${Deno.pid}`;
    using work = await workload(name, "/bin/sh", "-c", script);
    work.resume();
    await using running = start(
      ["watch", "--watch", ...flags, "--rules", "kept.ts", "--jsonl", "-i", "300ms", "-c", name],
      { cwd: folder.path },
    );
    const seen = (id: string) =>
      running.stdout.split(`{"name":"${id}",`).filter((each) =>
        each.split("\n")[0]?.includes(`"message":"seen ${name}"`)
      ).length;
    await running.until("both", () => seen("heard") === 1 && seen("kept") === 1);
    folder.write("heard.ts", rule.replace('"Heard"', '"Heard anew"'));
    await running.until("the edit", () => running.stderr.includes("reloaded: 1 rule of heard.ts"));
    await running.until("it is seen again", () => seen("heard") === 2);
    strictEqual(seen("kept"), 1);
    running.kill("SIGINT");
    strictEqual((await running.ended()).code, 0);
  },
);

/** A block of docs/rules.md that is a file. */
function documented(file: string): string {
  const docs = Deno.readTextFileSync(new URL("../../docs/rules.md", import.meta.url));
  const block = new RegExp(`\`\`\`ts\\n// file: ${file.replace(".", "\\.")}\\n([^]*?)\`\`\``).exec(
    docs,
  );
  ok(block?.[1] !== undefined, `${file} is not in docs/rules.md`);
  return block[1];
}

Deno.test(
  "bar 1: the first rule of the docs, written elsewhere, finds what it is for",
  root,
  async () => {
    const text = documented("root_shell.ts");
    strictEqual(text.trim().split("\n").length, 10);
    using folder = new Folder({ "root_shell.ts": text });
    const cwd = { cwd: folder.path };
    const checked = await run(["rules", "check", "root_shell.ts"], cwd);
    strictEqual(checked.code, 0, checked.stdout + checked.stderr);
    const name = `first-rule-${Deno.pid}`;
    using work = await workload(
      name,
      "/bin/sh",
      "-c",
      'while :; do /bin/sh -c "sleep 0.2; :"; done',
    );
    work.resume();
    const { code, stdout, stderr } = await run(
      ["--rules", "root_shell.ts", "--no-default-rules", "-c", name, "-d", "3s"],
      cwd,
    );
    strictEqual(code, 0, stderr);
    match(
      stdout,
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d NOTICE acme-root-shell ${name}: sh started /bin/sh$`, "m"),
    );
  },
);

Deno.test("bar 1: a typo in it is told with file, line and column", async () => {
  const text = documented("root_shell.ts").replace("event.args.path", "event.args.pth");
  using folder = new Folder({ "root_shell.ts": text });
  const { code, stdout, stderr } = await run(["rules", "check", "root_shell.ts"], {
    cwd: folder.path,
  });
  strictEqual(code, 2);
  const line = text.split("\n").findIndex((each) => each.includes("args.pth"));
  const column = text.split("\n")[line]!.indexOf("pth");
  const where = new RegExp(`^root_shell\\.ts:${line + 1}:${column + 1}: .*'pth'`, "m");
  match(stdout + stderr, where);
});
