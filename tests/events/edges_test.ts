/** Calls at the edges of what is captured: tests/kernel/programs/edges.c. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { CallEvent } from "../../src/events/mod.ts";
import { type Attachment, Capture } from "../../src/kernel/mod.ts";
import { decodeArguments, isFault } from "../../src/syscalls/arguments/mod.ts";
import { syscallName } from "../../src/syscalls/mod.ts";
import { exactAttachments, kernelTest, program, workload } from "../kernel/fixture.ts";
import { eventsOf, takeCalls, want } from "./captured.ts";

const edges = program("edges");

/** Runs it, and returns its events of some calls. */
async function run(
  attachment: Attachment,
  names: readonly string[],
  ...args: string[]
): Promise<CallEvent[]> {
  using capture = Capture.open({ attachments: [attachment], events: {} });
  const events = eventsOf(capture);
  want(events, ...names);
  using work = await workload(`edges-${args[0]}`, edges, ...args);
  work.resume();
  strictEqual((await work.status()).code, 0);
  return takeCalls(events, "edges");
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
