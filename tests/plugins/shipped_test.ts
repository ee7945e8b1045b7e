/** Plugins that ship, on real containers: what they do to what the monitor shows and writes. */
import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { recordsOf, root, type Running, start } from "../cli/monitor.ts";
import { Folder } from "../folder.ts";
import { workload } from "../kernel/fixture.ts";

const SECRET = "hunter2";

const rule = `import { defineRule, isFault } from "tallyman";
export default defineRule({
  id: "any-sleep",
  title: "A program slept",
  severity: "notice",
  syscalls: ["execve"],
  limit: { burst: 1000, per: "1m" },
  evaluate({ event, alert }) {
    const { argv } = event.args;
    if (!isFault(argv)) alert(\`ran \${argv.join(" ")}\`, { argv });
  },
});
`;

/** Runs a script in a container of its own, until something is so. */
async function inContainer(
  name: string,
  script: string,
  running: Running,
  isSo: () => boolean,
): Promise<void> {
  using work = await workload(name, "/bin/sh", "-c", script);
  work.resume();
  await running.until(`what ${name} does`, isSo);
  running.kill("SIGINT");
  strictEqual((await running.ended()).code, 0, running.stderr);
}

const act = `while :; do /bin/true --password=${SECRET} end; sleep 0.05; done`;
const ONE = "plugins-one";

Deno.test(
  "redact: of alerts in records and in the view, and of events in both, nothing slips by",
  root,
  async () => {
    using folder = new Folder();
    const file = folder.write("rule.ts", rule);
    const rules = ["--no-default-rules", "--rules", file, "-i", "100ms"];
    const events = ["events", "-s", "execve"];
    const commands = [[...rules, "--jsonl", "-"], rules, events, [...events, "--jsonl", "-"]];
    for (const command of commands) {
      await using shown = start([...command, "-c", ONE, "--plugin", "redact"], {
        cwd: folder.path,
      });
      await inContainer(ONE, act, shown, () =>
        shown.stdout.split("[redacted] end").length > 3 ||
        shown.stdout.split('[redacted]", "end"').length > 3 ||
        shown.stdout.split('[redacted]","end"').length > 3);
      ok(!shown.stdout.includes(SECRET), command.join(" "));
      ok(!shown.stderr.includes(SECRET), command.join(" "));
    }
  },
);

Deno.test("redact: the same, without it, is there to be seen", root, async () => {
  using folder = new Folder();
  await using shown = start(["events", "-s", "execve", "-c", ONE], { cwd: folder.path });
  await inContainer(ONE, act, shown, () => shown.stdout.includes(SECRET));
});

Deno.test(
  "terminal_noise: calls on a terminal are hidden and counted; --show-noise shows them",
  root,
  async () => {
    using folder = new Folder();
    const typed = `script -qec 'while :; do echo x; sleep 0.02; done' /dev/null < /dev/null`;
    for (const isShown of [false, true]) {
      const flags = isShown ? ["--show-noise"] : [];
      await using shown = start(["--no-default-rules", "-i", "100ms", "-c", ONE, "-a", ...flags], {
        cwd: folder.path,
      });
      const writes = () => /^ {2}write +[\d,]+/m.test(shown.stdout);
      const hides = () => /^ {2}… terminal_noise hid +\d\d+ +\+\d+ ←$/m.test(shown.stdout);
      await inContainer(ONE, typed, shown, isShown ? writes : hides);
      strictEqual(shown.stdout.includes("terminal_noise"), !isShown);
    }
  },
);

Deno.test(
  "dedupe, rate_limits: the same alert is told once, of others so many, the rest is counted",
  root,
  async () => {
    const plugins = {
      dedupe: ["dedupe"],
      rate_limits: [["rate_limits", { rule: { "any-sleep": 2 } }]],
    };
    for (const [name, chosen] of Object.entries(plugins)) {
      using folder = new Folder();
      const file = folder.write("rule.ts", rule);
      folder.write("tallyman.config.json", JSON.stringify({ rules: [file], plugins: chosen }));
      await using shown = start(
        ["--no-default-rules", "-i", "100ms", "-c", ONE, "--jsonl", "-"],
        { cwd: folder.path },
      );
      const records = () =>
        recordsOf(shown.stdout.slice(0, shown.stdout.lastIndexOf("\n") + 1))
          // Other containers may run on this machine, in which rules find something, too.
          .filter(({ container }) => Reflect.get(Object(container), "id") === ONE);
      const alerts = () => records().filter(({ type }) => type === "alert");
      const isEnough = () => {
        // Calls are counted before rules look at them, which on a busy machine may be long before.
        const all = records();
        const first = all.findIndex(({ type }) => type === "alert");
        const counts = all.filter(({ type }, at) => type === "tally" && first >= 0 && at > first)
          .map(({ total }) => Number(Reflect.get(Object(total), "execve") ?? 0));
        return (counts.at(-1) ?? 0) - (counts[0] ?? 0) > 12;
      };
      await inContainer(ONE, act, shown, isEnough);
      const told = alerts();
      const held = told.reduce((all, { suppressed }) => all + Number(suppressed), 0);
      ok(held >= 8, `${name}: ${JSON.stringify(told)}`);
      const whole = told.filter(({ event }) => event !== undefined).map(({ message }) => message);
      if (name === "dedupe") strictEqual(new Set(whole).size, whole.length);
      else ok(whole.length <= 2);
      match(String(told.at(-1)?.["message"]), /^\d+ more/);
    }
  },
);

Deno.test(
  "labels: a container without the label is in no record, and rules hear nothing of it",
  root,
  async () => {
    using folder = new Folder();
    const file = folder.write("rule.ts", rule);
    for (const labels of [["team"], undefined]) {
      folder.write(
        "tallyman.config.json",
        JSON.stringify({
          rules: [file],
          plugins: labels === undefined ? [] : [["labels", { labels }]],
        }),
      );
      await using shown = start(
        ["--no-default-rules", "-i", "50ms", "-d", "3s", "--jsonl", "-"],
        { cwd: folder.path },
      );
      using work = await workload("plugins-two", "/bin/sh", "-c", act);
      work.resume();
      const { code, stdout } = await shown.ended();
      strictEqual(code, 0);
      strictEqual(stdout.includes("plugins-two"), labels === undefined);
      if (labels === undefined) notStrictEqual(stdout, "");
    }
  },
);
