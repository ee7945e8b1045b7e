import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../../src/containers/mod.ts";
import { Event } from "../../src/events/decoded/mod.ts";
import { CallEvent } from "../../src/events/mod.ts";
import { callEvent, constants, record } from "../../src/kernel/mod.ts";
import { ProcessTable } from "../../src/processes/mod.ts";
import { syscallNames, syscallNumber } from "../../src/syscalls/mod.ts";
import { container } from "../../src/sinks/fixtures.ts";
import { LineBuffer } from "../../src/sinks/mod.ts";
import { JsonlEvents } from "../../src/sinks/events/jsonl.ts";
import { TextEvents } from "../../src/sinks/events/text.ts";
import { eventRecord } from "../../src/sinks/events/records.ts";

const { EVENT_RETURNED, EVENT_ABANDONED, EVENT_REFUSED, EVENT_WITHOUT_MEMORY } = constants;
const BOOT = 1_795_000_000_123_456_789n;
const START = 77n;
/** Who is known; of others nobody has heard. */
const KNOWN = 3;

const noProc = { file: () => undefined, link: () => undefined, pids: () => [] };

/** What a call's record says. */
interface Said {
  readonly nr: number;
  readonly isCompat: boolean;
  readonly pid: number;
  readonly tid: number;
  readonly uid: number;
  readonly comm: Uint8Array;
  readonly time: bigint;
  readonly flags: number;
  readonly result: bigint;
  readonly duration: bigint;
  readonly words: readonly bigint[];
  readonly container: number;
}

const getppid: Said = {
  nr: syscallNumber("getppid") ?? -1,
  isCompat: false,
  pid: 1,
  tid: 1,
  uid: 0,
  comm: new TextEncoder().encode("sh"),
  time: 5n,
  flags: EVENT_RETURNED,
  result: 1n,
  duration: 1n,
  words: [],
  container: 0,
};

function callOf(said: Said): CallEvent {
  const bytes = new ArrayBuffer(record.size + callEvent.size);
  const view = new DataView(bytes);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  view.setUint16(record.offset.flags, said.flags, true);
  view.setUint32(record.offset.pid, said.pid, true);
  view.setUint32(record.offset.tid, said.tid, true);
  view.setUint32(record.offset.uid, said.uid, true);
  view.setBigUint64(record.offset.time, said.time, true);
  view.setBigUint64(record.offset.start_time, START, true);
  new Uint8Array(bytes).set(said.comm, record.offset.comm);
  view.setInt32(record.size + callEvent.offset.nr, said.nr, true);
  const abi = said.isCompat ? constants.ABI_COMPAT : constants.ABI_NATIVE;
  view.setUint16(record.size + callEvent.offset.abi, abi, true);
  view.setBigInt64(record.size + callEvent.offset.result, said.result, true);
  view.setBigUint64(record.size + callEvent.offset.duration, said.duration, true);
  for (const [i, word] of said.words.entries()) {
    view.setBigUint64(record.size + callEvent.offset.arguments + 8 * i, word, true);
  }
  return new CallEvent(bytes).move(0, bytes.byteLength);
}

function execOf(pid: number, filename = "/bin/sh") {
  return {
    pid,
    start: START,
    parent: pid - 1,
    parentStart: START,
    containerPid: pid,
    // One of them is no UTF-8, here and there.
    comm: pid === 2 ? "a\udcff" : "sh",
    uid: 0,
    gid: 0,
    loginUid: undefined,
    session: 1,
    tty: 0,
    capabilities: 0n,
    time: 1n,
    filename,
    interpreter: filename,
    argv: ["sh", pid === 2 ? "\udc80" : 'a "b"\u2028'],
    argvBytes: 10,
    argvAddress: 0n,
    truncated: false,
  };
}

/** The same processes, for one who looks at each event once. */
function eventView(table = new ProcessTable({ proc: noProc })): Event {
  for (let pid = 1; pid <= KNOWN; pid++) table.exec(execOf(pid));
  return new Event(table, BOOT);
}

const someContainers = (): readonly Container[] => [
  container("web"),
  container("\x1b[2J", { metadata: { state: "pending" } }),
];
const containers = someContainers();

/** What comes between two events. */
type News =
  | { readonly what: "round" | "exit" }
  | { readonly what: "exec" | "named"; readonly name: string }
  | { readonly what: "moved"; readonly pid: number; readonly name: string };

/** Of processes without children: a line keeps the names that its process's ancestors had. */
function hear(news: News, table: ProcessTable): void {
  switch (news.what) {
    case "round":
      return table.nextRound();
    case "exec":
      return table.exec(execOf(KNOWN, news.name));
    case "exit":
      return table.exit({ ...execOf(KNOWN), exitCode: 0 });
    case "moved": {
      const process = table.find(news.pid, START);
      if (process !== undefined) table.moved(process, news.name);
    }
  }
}

const name = fc.oneof(
  fc.constantFrom("getppid", "execve", "openat", "close", "mmap", "dup", "getuid", "exit_group"),
  fc.constantFrom(...syscallNames()),
);
const said: fc.Arbitrary<Said> = fc.record({
  nr: fc.oneof(
    { weight: 9, arbitrary: name.map((each) => syscallNumber(each) ?? -1) },
    { weight: 1, arbitrary: fc.integer() },
  ),
  isCompat: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
  pid: fc.integer({ min: 1, max: KNOWN + 1 }),
  tid: fc.integer({ min: 1, max: 3 }),
  uid: fc.constantFrom(0, 0, 0, 1000),
  comm: fc.constantFrom("sh", "sh", 'a"\\', "ä\x1b", "\x7f").map((each) =>
    new TextEncoder().encode(each)
  ).chain((bytes) =>
    fc.boolean().map((isOdd) => isOdd ? bytes : Uint8Array.from([...bytes.subarray(0, 2), 0xff]))
  ),
  // Often within a second of each other, and where a second ends.
  time: fc.oneof(
    fc.bigInt({ min: 5_000_000_000n, max: 7_000_000_000n }),
    fc.constantFrom(876_543_210n, 876_543_211n, 2n ** 32n, 2n ** 33n + 1n, 2n ** 55n + 1n),
  ),
  flags: fc.oneof(
    fc.constant(EVENT_RETURNED),
    fc.constantFrom(
      0,
      EVENT_ABANDONED,
      EVENT_RETURNED | EVENT_REFUSED,
      EVENT_RETURNED | EVENT_WITHOUT_MEMORY,
      EVENT_RETURNED | EVENT_ABANDONED,
    ),
  ),
  result: fc.oneof(
    fc.constantFrom(0n, 1n, 3n, -2n, -4095n, -4096n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, -1n),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ),
  duration: fc.oneof(
    fc.bigInt({ min: 0n, max: 10_000n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  ),
  words: fc.array(fc.constantFrom(0n, 1n, 5n, 2n ** 64n - 1n, 0x7f00_1000n), { maxLength: 6 }),
  container: fc.nat({ max: 1 }),
});

const path = fc.constantFrom("/", "/tmp", '/a "b"', "/\udcff");
const news: fc.Arbitrary<News> = fc.oneof(
  fc.record({ what: fc.constantFrom("round", "exit") }),
  fc.record({ what: fc.constantFrom("exec", "named"), name: path }),
  fc.record({ what: fc.constant("moved"), pid: fc.integer({ min: 1, max: KNOWN }), name: path }),
);
/** Most calls are made again at once by the same thread, hardly another. */
const again = fc.record({
  after: fc.nat({ max: 1000 }),
  result: fc.nat({ max: 2000 }),
  change: fc.option(
    fc.oneof(
      fc.record({ uid: fc.constantFrom(0, 1000) }),
      fc.record({
        comm: fc.constantFrom("sh", "bash").map((each) => new TextEncoder().encode(each)),
      }),
      fc.record({ pid: fc.integer({ min: 1, max: KNOWN }) }),
      fc.record({ tid: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ container: fc.nat({ max: 1 }) }),
      fc.record({ isCompat: fc.boolean() }),
    ),
    { nil: {}, freq: 2 },
  ),
});
const step = fc.record({
  said,
  again: fc.array(fc.oneof(again, news), { maxLength: 4 }),
});

Deno.test("jsonl: the bytes of an event are those of its record, whatever was written before", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
      const tables = [0, 1].map(() => new ProcessTable({ proc: noProc }));
      const [of, written] = [eventView(tables[0]), eventView(tables[1])];
      const format = new JsonlEvents();
      const into = new LineBuffer();
      const containers = someContainers();
      const all = steps.flatMap(({ said, again }) => [
        said,
        ...again.map((next): Said | News =>
          "what" in next ? next : {
            ...said,
            ...next.change,
            time: said.time + BigInt(next.after),
            result: BigInt(next.result),
          }
        ),
      ]);
      for (const each of all) {
        if ("what" in each) {
          for (const table of tables) hear(each, table);
          if (each.what === "named") {
            containers[1]!.metadata = { state: "known", description: { name: each.name } };
          }
          continue;
        }
        const owner = containers[each.container]!;
        const call = callOf(each);
        into.cut(0);
        format.write(written.show(call, owner), into);
        const line = new TextDecoder("utf-8", { fatal: true }).decode(into.bytes);
        const { not_utf8, ...rest } = JSON.parse(line);
        const expected = JSON.stringify(eventRecord(of.show(call, owner)));
        if (not_utf8 === undefined) deepStrictEqual(rest, JSON.parse(expected));
        else ok(!expected.isWellFormed() || expected.includes("\\ud"));
        // deno-lint-ignore no-control-regex
        strictEqual(line.search(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/), line.length - 1);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("jsonl: a line is the same whether it is text or bytes", () => {
  fc.assert(fc.property(fc.array(said, { minLength: 1, maxLength: 8 }), (all) => {
    const [of, written] = [eventView(), eventView()];
    const [texts, bytes] = [new JsonlEvents(), new JsonlEvents()];
    const into = new LineBuffer();
    let text = "";
    for (const each of all) {
      const owner = containers[each.container]!;
      bytes.write(written.show(callOf(each), owner), into);
      text += texts.line(of.show(callOf(each), owner));
    }
    strictEqual(new TextDecoder().decode(into.bytes), text);
  }));
});

Deno.test("text: a line is the same whether it is text or bytes, whatever was written before", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
      const tables = [0, 1].map(() => new ProcessTable({ proc: noProc }));
      const [of, written] = [eventView(tables[0]), eventView(tables[1])];
      const format = new TextEvents();
      const into = new LineBuffer();
      const containers = someContainers();
      for (const { said, again } of steps) {
        for (const next of [{ after: 0, result: 0, change: {} }, ...again]) {
          if ("what" in next) {
            for (const table of tables) hear(next, table);
            if (next.what === "named") {
              containers[1]!.metadata = { state: "known", description: { name: next.name } };
            }
            continue;
          }
          const each = { ...said, ...next.change, time: said.time + BigInt(next.after) };
          if (next.result > 0) each.result = BigInt(next.result);
          const owner = containers[each.container]!;
          into.cut(0);
          format.write(written.show(callOf(each), owner), into);
          // One that has written nothing before.
          const line = new TextEvents().line(of.show(callOf(each), owner));
          strictEqual(new TextDecoder().decode(into.bytes), line);
          // deno-lint-ignore no-control-regex
          strictEqual(line.search(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/), line.length - 1);
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("text: every call's result reads as it does by itself", () => {
  const [of, written] = [eventView(), eventView()];
  const format = new TextEvents();
  for (const name of syscallNames()) {
    for (const result of [0n, 8n, 1000n, 1000n, -2n]) {
      const call = callOf({ ...getppid, nr: syscallNumber(name) ?? -1, result });
      const into = new LineBuffer();
      format.write(written.show(call, containers[0]!), into);
      const line = new TextEvents().line(of.show(call, containers[0]!));
      strictEqual(new TextDecoder().decode(into.bytes), line);
    }
  }
});

Deno.test("jsonl: what becomes known of a container is in the next line", () => {
  const event = eventView();
  const format = new JsonlEvents();
  const owner = container("web", { metadata: { state: "pending" } });
  const call = callOf(getppid);
  const metadata = () => {
    const into = new LineBuffer();
    format.write(event.show(call, owner), into);
    return JSON.parse(new TextDecoder().decode(into.bytes)).container.metadata;
  };
  strictEqual(metadata(), "pending");
  owner.metadata = { state: "known", description: { name: "web" } };
  strictEqual(metadata(), "known");
});
