/**
 * (a) What counting costs each system call: by the kernel's own statistics of our program, and by the wall
 * clock of a process that does nothing but call.
 *
 * @module
 */
import type { CgroupKey } from "../src/kernel/mod.ts";
import { syscallNumber } from "../src/syscalls/mod.ts";
import { buildBpf, buildProgram } from "./build.ts";
import { BenchCgroups } from "./cgroups.ts";
import {
  type Hook,
  loadObject,
  loadOurs,
  runBpftrace,
  type Statistics,
  workingBpftrace,
} from "./kernel_variants.ts";
import { BpfStatistics, lastCpu } from "./machine.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { median, medianRatio, summarize } from "./statistics.ts";
import { Workload } from "./workload.ts";

/** Calls that are timed together. */
const CHUNK = 20_000;
/**
 * Chunks of a run: the middle one stands for it. Runs are short, because a machine that others use too
 * is not equally fast for long, and what is compared should follow closely.
 */
const CHUNKS = 5;
/** Rounds of what can be hooked in at once, for each round with bpftrace, which takes seconds to begin. */
const SHORT_ROUNDS = 4;

/** One thing to be measured: who is hooked in, and from where the calls come. */
interface Variant {
  readonly name: string;
  readonly workload: Workload;
  /** undefined for who keeps no statistics. */
  readonly hook: Hook | undefined;
  readonly attach: () => Disposable | Promise<AsyncDisposable>;
}

/** ns that a variant adds to a call, one value a round. */
interface Samples {
  /** In the program, above an empty one's that is hooked in beside it. */
  readonly program: number[];
  /** By wall clock, above the same without it, just before and just after. */
  readonly wall: number[];
}

type AllSamples = ReadonlyMap<string, Samples>;

const names = {
  empty: "empty program",
  container: "ours, in a container",
  twin: "ours by raw_tp, in a container",
  v1: "ours, in a container that v1 names",
  host: "ours, on the host",
  seed: "the seed's LRU hash",
  bpftrace: "bpftrace",
} as const;

/** ns a call. */
async function wallTime(workload: Workload): Promise<number> {
  const chunks: number[] = [];
  for (let i = 0; i < CHUNKS; i++) chunks.push(Number(await workload.run()) / CHUNK);
  return median(chunks);
}

/** ns a run of the program; undefined if it was the others on this machine that it mostly ran for. */
function perRun(before: Statistics, after: Statistics): number | undefined {
  const runs = Number(after.runs - before.runs);
  return runs > 2 * CHUNK ? undefined : Number(after.runTime - before.runTime) / runs;
}

/** ns a run of the program and of the empty one, which both see the same calls. */
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
    await workload.run();
    const floor = perRun(before[1], empty.statistics());
    const time = perRun(before[0], hook.statistics());
    if (floor === undefined || time === undefined) continue;
    floors.push(floor);
    added.push(time - floor);
  }
  return { added: median(added), floor: median(floors) };
}

/** Measures, and keeps what it has measured. */
class KernelCost {
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
      hooked = await wallTime(workload);
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

/** Makes the cgroups, starts a workload in each, and measures. */
export async function kernelCost(rounds: number): Promise<Part> {
  const [getppid, emptyPath, seedPath] = await Promise.all([
    buildProgram("getppid"),
    buildBpf("empty"),
    buildBpf("seed"),
  ]);
  const script = await workingBpftrace();
  await using resources = new AsyncDisposableStack();
  const timing = resources.use(new BpfStatistics());
  const cgroups = resources.use(new BenchCgroups());
  const { v1Controller } = cgroups;
  const container = cgroups.make("container");
  const host = cgroups.make("host");
  const v1 = v1Controller && cgroups.make("container", v1Controller);
  const containers: CgroupKey[] = [container.key, ...(v1 === undefined ? [] : [v1.key])];
  const placement = { containers, hosts: [host.key], v1Controller };
  const workloadIn = async (procs: string) =>
    resources.use(await Workload.start(getppid, [String(lastCpu()), String(CHUNK), procs]));
  const workload = await workloadIn(container.procs);
  const variant = (name: string, hook: Hook, from = workload): Variant => ({
    name,
    workload: from,
    hook,
    attach: () => hook.attach(),
  });
  const ours = resources.use(loadOurs("tp_btf", placement));
  const twin = resources.use(loadOurs("raw_tp", placement));
  const empty = resources.use(loadObject(emptyPath));
  const seed = resources.use(loadObject(seedPath));
  const variants = [
    variant(names.empty, empty),
    variant(names.container, ours),
    variant(names.host, ours, await workloadIn(host.procs)),
    ...(v1 === undefined ? [] : [variant(names.v1, ours, await workloadIn(v1.procs))]),
    variant(names.twin, twin),
    variant(names.seed, seed),
  ];
  const cost = new KernelCost(empty, timing);
  const short = await cost.run(variants, SHORT_ROUNDS * rounds);
  const peers: Variant[] = [];
  if (script !== undefined) {
    const nr = syscallNumber("getppid") ?? -1;
    const expected = { cgroup: container.key.id, nr, calls: CHUNK * CHUNKS };
    const attach = () => runBpftrace(script, expected);
    peers.push(variant(names.empty, empty), variant(names.container, ours));
    peers.push({ name: names.bpftrace, workload, hook: undefined, attach });
  }
  return describe(cost, short, await cost.run(peers, rounds), script);
}

function describe(
  { bare, floors }: KernelCost,
  short: AllSamples,
  peers: AllSamples,
  script: string | undefined,
): Part {
  const figures: Figure[] = [
    { name: "a call with nothing hooked in", unit: "ns", summary: summarize(bare) },
    { name: "the kernel's timing of an empty program", unit: "ns", summary: summarize(floors) },
  ];
  for (const by of ["program", "wall"] as const) {
    const title = by === "program" ? "in the program, above empty" : "by wall clock";
    for (const [name, samples] of new Map([...peers, ...short])) {
      const values = samples[by];
      if (values.length === 0) continue;
      figures.push({ name: `${title}: ${name}`, unit: "ns", summary: summarize(values) });
    }
  }
  const ratio = (samples: AllSamples, first: string, second: string, by: keyof Samples) =>
    medianRatio(samples.get(first)?.[by] ?? [], samples.get(second)?.[by] ?? []);
  const seed = ratio(short, names.container, names.seed, "program");
  const host = ratio(short, names.host, names.container, "program");
  const bars = [
    bar("ours / the seed's, in the program", "x", seed, "most", 1 / 6),
    bar("host / container, in the program", "x", host, "most", 1),
  ];
  if (script !== undefined) {
    const peer = ratio(peers, names.bpftrace, names.container, "wall");
    const floor = median(peers.get(names.empty)?.wall ?? []);
    const added = (name: string) => median(peers.get(name)?.wall ?? []) - floor;
    const above = added(names.bpftrace) / added(names.container);
    bars.push(bar("bpftrace / ours, by wall clock", "x", peer, "least", 4));
    bars.push(bar("bpftrace / ours, by wall clock, above empty", "x", above, "least", 4));
  }
  return {
    name: "kernel",
    title: "Cost added to a system call",
    figures,
    bars,
    notes: [
      `getppid(2), ${CHUNKS} times ${CHUNK} calls a value; programs hooked in one after the other, round by round`,
      "ratios are medians of each round's ratio",
      script === undefined
        ? "bpftrace is not here, or runs none of the scripts: left out"
        : `bpftrace -e '${script}'`,
    ],
  };
}
