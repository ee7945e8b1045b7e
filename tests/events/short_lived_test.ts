/** Containers that are over before anybody looks at their events: each event is handed over, or told as lost. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Container } from "../../src/containers/mod.ts";
import { Monitor } from "../../src/engine/mod.ts";
import type { CallEvent, ProcessEvent } from "../../src/events/mod.ts";
import { piecesOf } from "../../src/syscalls/arguments/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import { kernelTest, program, workload } from "../kernel/fixture.ts";

const calls = program("calls");

/** A call that nobody else on the machine makes: others' would fill the ring, too. */
const NAME = "sched_get_priority_max";

const NR = syscallNumber(NAME) ?? -1;

/** Calls of each container. */
const CALLS = 300;

/** Runs a container to its end, and takes its cgroup away. */
async function runOne(name: string): Promise<void> {
  using work = await workload(name, calls, "number", String(NR), String(CALLS));
  work.resume();
  await work.status();
}

/** What was handed over, by container, and what was told as lost. */
class Watching implements Disposable {
  readonly monitor = Monitor.open({ events: {} });
  readonly seen = new Map<string, number>();
  readonly processes = new Map<string, string[]>();
  readonly host: string[] = [];
  lost = 0;

  constructor() {
    const call = { nr: NR, abi: "native" as const };
    this.monitor.want(new Map([[call, { pieces: piecesOf(NAME) }]]));
  }

  readonly #onCall = (_: CallEvent, { identity: { id, runtime } }: Container): void => {
    if (runtime === "host") this.host.push(id);
    this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
  };

  readonly #onProcess = ({ type }: ProcessEvent, { identity: { id } }: Container): void => {
    this.processes.set(id, [...this.processes.get(id) ?? [], type]);
  };

  drain(): void {
    while (this.monitor.drain(this.#onCall, undefined, this.#onProcess) > 0);
  }

  tick(prefix: string): void {
    for (const { container, reason, count } of this.monitor.tick().losses) {
      // A fork, an exec or an end: no call.
      if (reason === "process_ring_full") continue;
      if (container.identity.id.startsWith(prefix) || reason === "no_owner") this.lost += count;
    }
  }

  [Symbol.dispose](): void {
    this.monitor[Symbol.dispose]();
  }
}

kernelTest("events: of a container whose slot is another's by now they are its own", async () => {
  const prefix = `late-${Deno.pid}-`;
  using watching = new Watching();
  const names = Array.from({ length: 12 }, (_, i) => `${prefix}${i}`);
  for (const name of names) {
    await runOne(name);
    // Its slot rests for some ticks, and is free then; nobody has looked at the ring.
    for (let i = 0; i < 5; i++) watching.tick(prefix);
  }
  watching.drain();
  watching.tick(prefix);
  strictEqual(watching.lost, 0);
  deepStrictEqual(
    names.map((name) => [name, watching.seen.get(name)]),
    names.map((name) => [name, CALLS]),
  );
  for (const name of names) {
    const types = watching.processes.get(name);
    strictEqual(types?.at(-1), "exit", `${name}: ${types}`);
  }
  deepStrictEqual(watching.host, []);
});

kernelTest(
  "events: under load what was made is what was handed over and what was lost",
  async () => {
    const prefix = `short-${Deno.pid}-`;
    using watching = new Watching();
    const rounds = Array.from({ length: 10 }, (_, round) => round);
    let isOver = false;
    const all = (async () => {
      for (const round of rounds) {
        await Promise.all([0, 1, 2, 3].map((i) => runOne(`${prefix}${round}-${i}`)));
      }
    })().finally(() => isOver = true);
    for (let turn = 0; !isOver; turn++) {
      // Ticks come and go while the ring waits.
      if (turn % 7 === 0) watching.drain();
      watching.tick(prefix);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await all;
    watching.drain();
    watching.tick(prefix);
    const seen = [...watching.seen].filter(([id]) => id.startsWith(prefix));
    const sum = seen.reduce((sum, [, count]) => sum + count, 0);
    strictEqual(sum + watching.lost, 4 * rounds.length * CALLS);
    ok(seen.every(([, count]) => count <= CALLS), "nobody has another's");
    deepStrictEqual(watching.host, []);
  },
);
