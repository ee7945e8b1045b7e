/** Calls at the edges of what is captured: tests/kernel/programs/edges.c. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { CallEvent, processEventAt } from "../../src/events/mod.ts";
import { type Attachment, Capture } from "../../src/kernel/mod.ts";
import { decodeArguments, isFault, piecesOf } from "../../src/syscalls/arguments/mod.ts";
import { syscallName, syscallNumber } from "../../src/syscalls/mod.ts";
import { exactAttachments, kernelTest, program, workload } from "../kernel/fixture.ts";

const edges = program("edges");

/** Runs it, and returns its events of some calls. */
async function run(
  attachment: Attachment,
  names: readonly string[],
  ...args: string[]
): Promise<CallEvent[]> {
  using capture = Capture.open({ attachments: [attachment], events: {} });
  const { events } = capture;
  if (events === undefined) throw new Error("no events were asked for");
  const calls = names.map((name) => ({ nr: syscallNumber(name) ?? -1, abi: "native" as const }));
  for (const [i, call] of calls.entries()) {
    events.wanted.describe(call, { pieces: piecesOf(names[i] ?? "") });
  }
  events.wanted.setForAll(calls);
  using work = await workload(`edges-${args[0]}`, edges, ...args);
  work.resume();
  strictEqual((await work.status()).code, 0);
  const view = new CallEvent(events.ring.bytes);
  const records = new DataView(events.ring.bytes);
  const taken: CallEvent[] = [];
  for (let more = 1; more > 0;) {
    more = events.ring.drain((offset, length) => {
      if (processEventAt(records, offset) !== undefined) return;
      if (view.move(offset, length).comm === "edges") taken.push(view.copy());
    });
  }
  return taken;
}

function lengthOf(path: unknown): number {
  return typeof path === "string" ? path.length : -1;
}

for (const attachment of exactAttachments()) {
  kernelTest(
    `edges (${attachment}): an exec of a thread that is not the first is an event`,
    async () => {
      const events = await run(attachment, ["execve"], "exec");
      strictEqual(events.length, 1);
      const [event] = events;
      ok(event !== undefined);
      strictEqual(event.result, 0n);
      ok(event.tid !== event.pid, "another thread");
      const { path, argv } = decodeArguments<"execve">(event);
      deepStrictEqual([path, argv], ["/bin/true", ["true", "of a thread"]]);
    },
  );

  kernelTest(`edges (${attachment}): a number beyond all calls is none of them`, async () => {
    const events = await run(attachment, ["getppid"], "numbers");
    deepStrictEqual(events.map(({ nr }) => syscallName(nr)), ["getppid", "getppid", "getppid"]);
  });

  kernelTest(
    `edges (${attachment}): a string that just fits is whole, a longer one is cut`,
    async () => {
      const events = await run(attachment, ["open", "openat", "execve"], "strings");
      const pieces = (wanted: (name: string) => boolean, at: number) =>
        events.filter(({ nr }) => wanted(syscallName(nr))).map((event) => {
          const piece = event.piece(at);
          ok(piece !== undefined);
          return [piece.length, piece.truncated];
        });
      deepStrictEqual(
        pieces((name) => name.startsWith("open"), 0),
        [[4094, false], [4095, false], [4095, true]],
      );
      const [short, fits, cut] = events.filter(({ nr }) => syscallName(nr) === "execve");
      ok(short !== undefined && fits !== undefined && cut !== undefined);
      for (const [event, length] of [[short, 4094], [fits, 4095], [cut, 4095]] as const) {
        const { argv } = decodeArguments<"execve">(event);
        ok(!isFault(argv));
        deepStrictEqual(argv.map(lengthOf), [length, 3]);
      }
      deepStrictEqual(
        pieces((name) => name === "execve", 1).map(([, truncated]) => truncated),
        [false, false, true],
      );
    },
  );
}

for (const attachment of exactAttachments().filter((each) => each === "raw_tp")) {
  kernelTest(`edges (${attachment}): memory for which there was no room says so`, async () => {
    const threads = 1200;
    const events = await run(attachment, ["open", "openat"], "threads", String(threads));
    const paths = events.map((event) => {
      const isOpen = syscallName(event.nr) === "open";
      return isOpen ? decodeArguments<"open">(event).path : decodeArguments<"openat">(event).path;
    });
    strictEqual(events.length, threads);
    const faults = paths.filter(isFault);
    ok(faults.length > 0 && faults.length < threads, `${faults.length} of ${threads}`);
    ok(faults.every(({ why }) => why === "unreadable"));
    ok(paths.every((path) => isFault(path) || path === "/nowhere"));
  });
}
