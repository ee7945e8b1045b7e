/** Whose events and alerts are told: of whom `--container` asks for, and of who comes back. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { workload } from "../kernel/fixture.ts";
import { makesAContainer } from "./docs/commands.ts";
import { recordsOf, root, run, runProgram, start } from "./monitor.ts";

const rule = `import { defineRule } from "tallyman";

export default defineRule({
  id: "any-opened",
  title: "A file was opened",
  severity: "info",
  syscalls: ["open", "openat"],
  filter: { args: { path: { equals: "/etc/hostname" } } },
  limit: { burst: 1000, per: "1m" },
  evaluate: ({ alert }) => alert("opened"),
});
`;

const script = "while :; do read -r line < /etc/hostname; sleep 0.05; done";

Deno.test("watch --container: alerts of others are not told", root, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-selected-" });
  try {
    Deno.writeTextFileSync(join(folder, "opened.ts"), rule);
    const names = ["wanted", "other"].map((name) => `selected-${name}-${Deno.pid}`);
    const [wanted = "", other = ""] = names;
    using first = await workload(other, "/bin/sh", "-c", script);
    using second = await workload(wanted, "/bin/sh", "-c", script);
    // The other one calls first, and more.
    first.resume();
    second.resume();
    const alertsOf = async (...containers: string[]) => {
      const args = ["--no-default-rules", "--rules", "opened.ts", "--jsonl", "-"];
      await using monitor = start(
        ["watch", ...args, ...containers.flatMap((name) => ["-c", name])],
        { cwd: folder },
      );
      await monitor.until(
        "alerts",
        () =>
          containers.every((name) =>
            monitor.stdout.split(`"type":"alert"`).filter((text) => text.includes(name)).length > 10
          ),
      );
      monitor.kill("SIGINT");
      const { stdout } = await monitor.ended();
      return new Set(
        recordsOf(stdout).filter(({ type }) => type === "alert")
          .map((record) => JSON.stringify(record).includes(wanted) ? wanted : other),
      );
    };
    deepStrictEqual(await alertsOf(wanted), new Set([wanted]));
    deepStrictEqual((await alertsOf(wanted, other)).size, 2);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("--container of nobody: the view and events say so", root, async () => {
  using work = await workload(`selected-${Deno.pid}`, "/bin/sh", "-c", script);
  work.resume();
  const nobody = ["-c", "nobody-is-called-so", "-d", "1s"];
  const view = await run(["watch", "--no-default-rules", ...nobody]);
  match(view.stdout, /none that was asked for; \d+ others? runs?: see `monitor\.ts containers`/);
  const events = await run(["events", "-s", "openat", ...nobody]);
  match(events.stderr, /^0 events: no container was one that was asked for; \d+ others? run/m);
  strictEqual(events.code, 0);
});

Deno.test(
  "watch: rules hear of who was there before them, had gone, and comes back to its cgroup",
  root,
  async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-selected-" });
    try {
      Deno.writeTextFileSync(
        join(folder, "opened.ts"),
        rule.replace("/etc/hostname", "/etc/hosts"),
      );
      const args = ["--no-default-rules", "--rules", "opened.ts", "-i", "50ms"];
      await using monitor = start(["watch", ...args], { cwd: folder });
      await monitor.until("counts", () => monitor.stdout.includes("SYSCALL"));
      // Each is over at once: the first before rules are loaded, and all in the cgroup of this test.
      const hasAlert = () => /INFO any-opened \S+: opened/.test(monitor.stdout);
      for (let i = 0; i < 300 && !hasAlert(); i++) {
        strictEqual((await runProgram(...makesAContainer)).code, 0);
      }
      match(monitor.stdout, /INFO any-opened \S+: opened/);
      monitor.kill("SIGINT");
      strictEqual((await monitor.ended()).code, 0);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
