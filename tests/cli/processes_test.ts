/** `--processes`: records of processes, as a user gets them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { workload } from "../kernel/fixture.ts";
import { root, run } from "./monitor.ts";

interface ProcessLine {
  readonly type: string;
  readonly action: string;
  readonly container: { readonly name?: string };
  readonly process: {
    readonly pid: number;
    readonly parent_pid?: number;
    readonly name: string;
    readonly command_args?: readonly string[];
    readonly executable?: { readonly path: string };
    readonly working_directory?: string;
    readonly creation: { readonly time: string };
    readonly user: { readonly id: number };
    readonly exit_code?: number;
    readonly exit_signal?: number;
  };
}

const script = "cd /tmp; while :; do sh -c 'exit 7' x; sh -c 'kill -9 $$' y; sleep 0.2; done";

const commands = {
  events: ["events", "-s", "getppid"],
  watch: ["watch", "--no-default-rules"],
} as const;

for (const [name, command] of Object.entries(commands)) {
  Deno.test({
    name: `processes: ${name} tells who began, executed and ended`,
    ...root,
    fn: async () => {
      const container = `processes-${name}-${Deno.pid}`;
      using work = await workload(container, "/bin/sh", "-c", script);
      work.resume();
      const { code, stdout, stderr } = await run([
        ...command,
        ...["-c", container, "--jsonl", "-", "--processes", "--duration", "2s"],
      ]);
      strictEqual(code, 0, stderr);
      const records = stdout.trimEnd().split("\n").map((line): ProcessLine => JSON.parse(line))
        .filter(({ type }) => type === "process");
      ok(records.every((record) => record.container.name === container));
      const of = ({ process }: ProcessLine) =>
        records.filter((each) =>
          each.process.pid === process.pid && each.process.creation.time === process.creation.time
        );
      // The first may have begun before the monitor, the last may end after it.
      const executed = records.find((each) =>
        each.action === "executed" && each.process.command_args?.[3] === "x" &&
        of(each).length === 3
      );
      ok(executed !== undefined, stdout);
      const { process } = executed;
      deepStrictEqual(process.command_args, ["sh", "-c", "exit 7", "x"]);
      match(process.executable?.path ?? "", /sh$/);
      strictEqual(process.parent_pid, work.pid);
      strictEqual(process.user.id, 0);
      const [started, , exited] = of(executed);
      deepStrictEqual(of(executed).map(({ action }) => action), ["started", "executed", "exited"]);
      strictEqual(started?.process.exit_code, undefined);
      strictEqual(exited?.process.exit_code, 7);
      strictEqual(exited?.process.exit_signal, undefined);
      const killed = records.find(({ action, process: { command_args } }) =>
        action === "exited" && command_args?.[3] === "y"
      );
      strictEqual(killed?.process.exit_signal, 9);
      strictEqual(killed?.process.exit_code, undefined);
    },
  });
}

Deno.test("processes: without records there is nowhere to write them", async () => {
  for (const command of [["events", "-s", "openat"], ["watch"]]) {
    const { code, stdout, stderr } = await run([...command, "--processes"]);
    strictEqual(code, 2);
    strictEqual(stdout, "");
    match(stderr, /--processes .* needs --jsonl/);
  }
});
