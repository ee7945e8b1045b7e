/**
 * What programs that are hooked to system calls add to each: by the kernel's own statistics of them, and by the
 * wall clock of a process that does nothing but call.
 *
 * @module
 */
import type { Hook, Point, Statistics } from "./kernel_variants.ts";
import { parseMade } from "./load.ts";
import { type BpfStatistics, lastCpu } from "./machine.ts";
import { median } from "./statistics.ts";
import type { Workload } from "./workload.ts";

/** Calls that are timed together. */
export const CHUNK = 20_000;
/**
 * Chunks of a run: the middle one stands for it. Runs are short, because a machine that others use too
 * is not equally fast for long, and what is compared should follow closely.
 */
export const CHUNKS = 5;

/** One thing to be measured: who is hooked in, and from where the calls come. */
export interface Variant {
  readonly name: string;
  readonly workload: Workload;
  /** undefined for who keeps no statistics. */
  readonly hook: Hook | undefined;
  readonly attach: () => Disposable | Promise<AsyncDisposable>;
}

/** ns that a variant adds to a call, one value a round. */
export interface Samples {
  /** In the programs, above empty ones' that are hooked in beside them. */
  readonly program: number[];
  /** By wall clock, above the same without it, just before and just after. */
  readonly wall: number[];
}

/** By variant. */
export type AllSamples = ReadonlyMap<string, Samples>;

/** Has a workload make so many calls, on the last CPU; says how many ns they took. */
async function timeOfChunk(workload: Workload): Promise<number> {
  const { began, ended } = parseMade(await workload.run(`burst ${CHUNK} ${lastCpu()}`));
  return Number(ended - began);
}

/** ns a call. */
async function wallTime(workload: Workload, hook?: Hook): Promise<number> {
  const chunks: number[] = [];
  for (let i = 0; i < CHUNKS; i++) {
    chunks.push(await timeOfChunk(workload) / CHUNK);
    hook?.drain();
  }
  return median(chunks);
}

type AllStatistics = ReadonlyMap<Point, Statistics>;

/** ns a run of one program; undefined if it was the others on this machine that it mostly ran for. */
function perRun(before: AllStatistics, after: AllStatistics, point: Point): number | undefined {
  const [from, to] = [before.get(point), after.get(point)];
  if (from === undefined || to === undefined) throw new Error(`no program at ${point}`);
  const runs = Number(to.runs - from.runs);
  return runs > 2 * CHUNK ? undefined : Number(to.runTime - from.runTime) / runs;
}

/** ns that the programs take of a call above empty ones at the same points, and that an empty one takes. */
async function programTimes(
  workload: Workload,
  hook: Hook,
  empty: Hook,
): Promise<{ added: number; floor: number }> {
  const added: number[] = [];
  const floors: number[] = [];
  for (let tries = 0; added.length < CHUNKS; tries++) {
    if (tries > 10 * CHUNKS) throw new Error("too much else is running on this machine");
    const before = [hook.statistics(), empty.statistics()] as const;
    await timeOfChunk(workload);
    const after = [hook.statistics(), empty.statistics()] as const;
    hook.drain();
    const points = [...after[0].keys()];
    const times = points.map((point) => perRun(before[0], after[0], point));
    const empties = points.map((point) => perRun(before[1], after[1], point));
    if (![...times, ...empties].every((time) => time !== undefined)) continue;
    const sum = (values: readonly (number | undefined)[]) =>
      values.reduce<number>((all, value) => all + (value ?? NaN), 0);
    floors.push(sum(empties) / points.length);
    added.push(sum(times) - sum(empties));
  }
  return { added: median(added), floor: median(floors) };
}

/** Measures, and keeps what it has measured. */
export class CallCost {
  /** ns a call with nothing hooked in. */
  readonly bare: number[] = [];
  /** ns a run of the empty program, which is what the kernel's timing takes. */
  readonly floors: number[] = [];
  readonly #empty: Hook;
  readonly #timing: BpfStatistics;

  constructor(empty: Hook, timing: BpfStatistics) {
    this.#empty = empty;
    this.#timing = timing;
  }

  /** All of them in turn, each round beginning with another one. */
  async run(variants: readonly Variant[], rounds: number): Promise<AllSamples> {
    const all = new Map<string, Samples>();
    for (const { name } of variants) all.set(name, { program: [], wall: [] });
    this.#timing.switch(false);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < variants.length; i++) {
        const variant = variants[(round + i) % variants.length];
        const samples = variant && all.get(variant.name);
        if (variant !== undefined && samples !== undefined) await this.#measure(variant, samples);
      }
    }
    return all;
  }

  async #measure({ workload, hook, attach }: Variant, samples: Samples): Promise<void> {
    const before = await wallTime(workload);
    let hooked: number;
    {
      await using _attached = await attach();
      hooked = await wallTime(workload, hook);
      if (hook !== undefined && hook !== this.#empty) {
        samples.program.push(await this.#program(workload, hook));
      }
    }
    const bare = (before + await wallTime(workload)) / 2;
    this.bare.push(bare);
    samples.wall.push(hooked - bare);
  }

  async #program(workload: Workload, hook: Hook): Promise<number> {
    using _attached = this.#empty.attach();
    this.#timing.switch(true);
    const { added, floor } = await programTimes(workload, hook, this.#empty);
    this.#timing.switch(false);
    this.floors.push(floor);
    return added;
  }
}
