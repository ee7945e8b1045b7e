/** A recorder and a replay, one behind the other: what comes out is what went in. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../../src/containers/mod.ts";
import { callSpecs } from "../../src/events/decoded/mod.ts";
import { CallEvent } from "../../src/events/mod.ts";
import { callRecord, header, MemoryFile, ringOf } from "../../src/events/recording/fixtures.ts";
import { RecordingError, RecordingWriter } from "../../src/events/recording/mod.ts";
import { ProcessTable } from "../../src/processes/mod.ts";
import { container, tally, tickAt } from "../../src/sinks/fixtures.ts";
import type { ContainerTally, Counts, Tick } from "../../src/sinks/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import { Recorder } from "../../src/engine/recording/recorder.ts";
import { Replay } from "../../src/engine/recording/replay.ts";

/** A recording that is being made, of a machine on which nothing runs. */
class Made {
  readonly file = new MemoryFile();
  readonly recorder: Recorder;
  readonly writer = new RecordingWriter(this.file, header);

  constructor(isSelected: (container: Container) => boolean = () => true) {
    this.recorder = new Recorder(isSelected, "all");
    const facts = this.recorder.facts({
      pids: () => [],
      look: () => undefined,
      link: () => undefined,
      arguments: () => undefined,
    });
    const processes = new ProcessTable({ facts });
    this.recorder.begin({ processes, bootTime: header.boot_time }, this.writer);
  }

  /** Calls of slots, as a round of the ring brings them. */
  round(calls: readonly (readonly [slot: number, owner: Container])[]): void {
    const nr = syscallNumber("getppid") ?? -1;
    const { ring, places } = ringOf(calls.map(([slot]) => callRecord({ slot, nr })));
    const event = new CallEvent(ring.bytes.buffer as ArrayBuffer);
    this.recorder.round(ring.bytes.buffer as ArrayBuffer);
    for (const [i, { offset, length }] of places.entries()) {
      const [, owner] = calls[i]!;
      this.recorder.call(event.move(offset, length), offset, length, owner);
      this.recorder.handled();
    }
    this.recorder.drained();
  }

  replay(): Replay {
    this.writer.end();
    return new Replay(this.file);
  }
}

/** All that a replay gives, in its order: ticks, and the containers of calls. */
function played(replay: Replay): (Tick | string)[] {
  const all: (Tick | string)[] = [];
  while (replay.read()) {
    while (replay.isPending) {
      const tick = replay.isAtTick ? replay.tick() : undefined;
      if (tick !== undefined) all.push(plain(tick));
      else replay.drain((_, { identity }) => all.push(identity.id));
    }
  }
  return all;
}

/** As it is now: counts grow. */
function plain(tick: Tick): Tick {
  const copy = ({ total, new: added }: { readonly total: Counts; readonly new: Counts }) => ({
    total: new Map(total),
    new: new Map(added),
  });
  return {
    ...tick,
    tallies: tick.tallies.map(({ container, onTerminal, ...counts }) => ({
      container,
      ...copy(counts),
      ...(onTerminal !== undefined && { onTerminal: copy(onTerminal) }),
    })),
  };
}

const calls = fc.dictionary(fc.constantFrom("read", "write", "close"), fc.nat(1000), {
  maxKeys: 3,
});

Deno.test("recorder: ticks come back as they were, whatever their totals say, and whatever was on a terminal", () => {
  const anyTally = fc.record({
    added: calls,
    /** Counted before the recording began, or while its container was stopped. */
    besides: fc.option(calls, { freq: 4 }),
    terminal: fc.option(calls),
    of: fc.nat(2),
  });
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(anyTally, { selector: ({ of }) => of }), { maxLength: 6 }),
      (all) => {
        const containers = ["a", "b", "c"].map((id) => container(id));
        const totals = containers.map(() => new Map<string, number>());
        const onTerminal = containers.map(() => new Map<string, number>());
        const add = (to: Map<string, number>, counts: Readonly<Record<string, number>>) => {
          for (const [name, n] of Object.entries(counts)) to.set(name, (to.get(name) ?? 0) + n);
          return new Map(to);
        };
        const ticks = all.map((tallies, i) =>
          tickAt(
            i,
            tallies.map(({ added, besides, terminal, of }): ContainerTally => {
              add(totals[of]!, besides ?? {});
              const total = add(totals[of]!, added);
              const share = add(onTerminal[of]!, terminal ?? {});
              return {
                container: containers[of]!,
                total,
                new: new Map(Object.entries(added)),
                ...(share.size > 0 && {
                  onTerminal: { total: share, new: new Map(Object.entries(terminal ?? {})) },
                }),
              };
            }),
          )
        );
        const made = new Made();
        for (const tick of ticks) made.recorder.tick(tick, false);
        deepStrictEqual(played(made.replay()), ticks.map(plain));
      },
    ),
  );
});

Deno.test("recorder: a slot's calls are its owner's of then; of who is not selected there are none", () => {
  const [a, b, other] = [container("a"), container("b"), container("other")];
  const made = new Made(({ identity }) => identity.id !== "other");
  made.recorder.wanted(callSpecs(["getppid"]));
  made.round([[5, a], [6, other], [7, b], [5, a]]);
  made.round([[5, b]]);
  made.recorder.stopped(9n);
  const replay = made.replay();
  deepStrictEqual(played(replay), ["a", "b", "a", "b"]);
  deepStrictEqual([replay.calls, replay.stopped, replay.isEnded], [4, 9n, true]);
});

Deno.test("recorder: a round that is cut short, and comes again, is recorded once", () => {
  const a = container("a");
  const made = new Made();
  const nr = syscallNumber("getppid") ?? -1;
  const { ring, places } = ringOf([1, 2, 3].map((tid) => callRecord({ slot: 5, nr, tid })));
  const bytes = ring.bytes.buffer as ArrayBuffer;
  const event = new CallEvent(bytes);
  const hand = (most: number) => {
    made.recorder.round(bytes);
    for (const { offset, length } of places.slice(0, most)) {
      made.recorder.call(event.move(offset, length), offset, length, a);
      made.recorder.handled();
    }
  };
  // V8 has ended the rule that the second was for: nobody says that the round is over.
  hand(2);
  hand(3);
  made.recorder.drained();
  deepStrictEqual(played(made.replay()), ["a", "a", "a"]);
});

Deno.test("replay: calls that rules want, and that were not recorded, are told", () => {
  const made = new Made();
  made.recorder.wanted(callSpecs(["getppid"]));
  made.round([[5, container("a")]]);
  const replay = made.replay();
  replay.want(callSpecs(["getppid", "openat"]));
  played(replay);
  ok(replay.missing.includes("openat"));
  ok(!replay.missing.includes("getppid"));
  deepStrictEqual(replay.partial, []);
});

Deno.test("replay: a call of a slot that is nobody's is refused, with its place", () => {
  const made = new Made();
  const { ring, places: [place] } = ringOf([callRecord({ slot: 5 })]);
  made.writer.call(ring, place!.offset, place!.length, false);
  throws(() => played(made.replay()), (error: Error) => {
    ok(error instanceof RecordingError);
    ok(error.message.includes("a call of slot 5, which is nobody's"), error.message);
    return true;
  });
});

Deno.test("recorder: what becomes known of a container is told before what comes of it", () => {
  const a = container("a", { metadata: { state: "pending" } });
  const made = new Made();
  made.recorder.tick(tickAt(0, [tally(a, { read: 1 })]), false);
  a.metadata = { state: "known", description: { name: "web-1" } };
  made.round([[5, a]]);
  const names: (string | undefined)[] = [];
  const replay = made.replay();
  while (replay.read()) {
    while (replay.isPending) {
      if (replay.tick() !== undefined) continue;
      replay.drain((_, { metadata }) => {
        names.push(metadata.state === "known" ? metadata.description.name : metadata.state);
      });
    }
  }
  deepStrictEqual(names, ["web-1"]);
  strictEqual(replay.calls, 1);
});

Deno.test("recorder: labels come back, whatever somebody has called them", () => {
  const labels: unknown = JSON.parse('{"__proto__":"a","constructor":"b","\\udcff":"c"}');
  const description = { labels: labels as Readonly<Record<string, string>> };
  const made = new Made();
  const web = container("web", { metadata: { state: "known", description } });
  made.recorder.tick(tickAt(0, [tally(web, { read: 1 }, { read: 1 })]), false);
  const [tick] = played(made.replay());
  ok(typeof tick === "object");
  const [{ container: { metadata } }] = tick.tallies as [ContainerTally];
  ok(metadata.state === "known");
  deepStrictEqual(Object.entries(metadata.description.labels ?? {}), Object.entries(labels ?? {}));
});
