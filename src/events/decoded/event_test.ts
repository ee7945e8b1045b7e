import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../../containers/mod.ts";
import { callEvent, constants, record } from "../../kernel/mod.ts";
import { ProcessTable } from "../../processes/mod.ts";
import type { Fault, Flags } from "../../syscalls/arguments/mod.ts";
import { syscallNumber } from "../../syscalls/mod.ts";
import { CallEvent } from "../call_event.ts";
import { Event } from "./event.ts";

const container: Container = {
  identity: { runtime: "docker", id: "web-1", cgroup: "/docker/web-1" },
  metadata: { state: "pending" },
  v1: false,
  origin: "seen",
  since: 0n,
  state: "running",
};

/** A call of 812 "nginx", which nobody has heard of. */
function call(name: string, args: readonly bigint[], result: bigint | undefined): CallEvent {
  const bytes = new ArrayBuffer(record.size + callEvent.size);
  const view = new DataView(bytes);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  view.setUint16(record.offset.flags, result === undefined ? 0 : constants.EVENT_RETURNED, true);
  view.setUint32(record.offset.pid, 2 ** 22 + 812, true);
  view.setBigUint64(record.offset.time, 5n, true);
  new TextEncoder().encodeInto("nginx", new Uint8Array(bytes, record.offset.comm));
  view.setBigInt64(record.size + callEvent.offset.result, result ?? 0n, true);
  view.setBigUint64(record.size + callEvent.offset.duration, 77n, true);
  view.setInt32(record.size + callEvent.offset.nr, syscallNumber(name) ?? -1, true);
  for (const [i, word] of args.entries()) {
    view.setBigUint64(record.size + callEvent.offset.arguments + 8 * i, word, true);
  }
  return new CallEvent(bytes).move(0, bytes.byteLength);
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
function same<A, B>(_proof: Equal<A, B>): void {}

Deno.test("an event's name says the types of its arguments", () => {
  same<Event<"openat">["args"]["path"], string | Fault>(true);
  same<Event<"openat">["args"]["flags"] extends Flags<string> ? true : false, true>(true);
  same<Event<"read" | "write">["args"]["fd"], number>(true);
  same<Event<"openat">["result"], number | undefined>(true);
});

Deno.test("one view shows each event in turn; a copy stays", () => {
  const event = new Event(new ProcessTable(), 1000n);
  throws(() => event.call, /no event/);
  const first = event.show(call("close", [3n], 0n), container).copy();
  event.show(call("close", [4n], -9n), container);
  deepStrictEqual(event.toJSON(), {
    syscall: "close",
    args: { fd: 4 },
    ret: -9,
    error: "EBADF",
    duration_ns: 77,
  });
  deepStrictEqual([event.ok, event.error, event.time], [false, "EBADF", 1005n]);
  deepStrictEqual(first.toJSON(), { syscall: "close", args: { fd: 3 }, ret: 0, duration_ns: 77 });
  deepStrictEqual([first.ok, first.container, first.process.comm], [true, container, "nginx"]);
});

Deno.test("of a process that nobody knows there is what the event says", () => {
  const event = new Event(new ProcessTable(), 0n).show(call("execve", [0n], 0n), container);
  const { process } = event;
  deepStrictEqual([process.pid, process.comm, process.uid], [2 ** 22 + 812, "nginx", 0]);
  deepStrictEqual([process.exe, process.argv, process.parent], [undefined, undefined, undefined]);
  deepStrictEqual([...process.ancestors()], []);
  strictEqual(event.executed, undefined);
  strictEqual(event.describe(0), undefined);
  event.follow();
});

Deno.test("who called is who the table says, whatever it has learnt since the event before", () => {
  const who = { pid: fc.constantFrom(7, 8), start: fc.constantFrom(1n, 2n ** 32n + 1n) };
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ what: fc.constant("call"), ...who }) },
    fc.record({ what: fc.constantFrom("fork", "exec", "exit"), ...who }),
    fc.record({ what: fc.constant("round"), ...who }),
  );
  const noProc = { file: () => undefined, link: () => undefined, pids: () => [] };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      // Room for two: a third pushes one out.
      const table = new ProcessTable({ proc: noProc, size: 2 });
      const event = new Event(table, 0n);
      for (const { what, pid, start } of steps) {
        const facts = {
          ...{
            pid,
            start,
            parent: 1,
            parentStart: 0n,
            containerPid: pid,
            comm: "a",
            uid: 0,
            gid: 0,
          },
          ...{ loginUid: undefined, session: 1, tty: 0, capabilities: 0n, time: 1n },
        };
        const image = { filename: "/a", interpreter: "/a", argv: ["a"], argvBytes: 2 };
        if (what === "round") table.nextRound();
        if (what === "fork") table.fork(facts);
        if (what === "exec") table.exec({ ...facts, ...image, argvAddress: 0n, truncated: false });
        if (what === "exit") table.exit({ ...facts, exitCode: 0 });
        if (what !== "call") continue;
        const of = call("getppid", [], 1n);
        const view = new DataView(of.bytes.buffer);
        view.setUint32(record.offset.pid, pid, true);
        view.setBigUint64(record.offset.start_time, start, true);
        strictEqual(event.show(of, container).process.current, table.find(pid, start));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("a call in flight has neither result nor error", () => {
  const event = new Event(new ProcessTable(), 0n).show(call("close", [3n], undefined), container);
  deepStrictEqual([event.result, event.error, event.ok], [undefined, undefined, false]);
  strictEqual(event.duration, undefined);
  ok(!("error" in event.toJSON()));
});
