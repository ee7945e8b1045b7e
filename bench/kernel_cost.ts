/**
 * (a) What counting costs each system call: by the kernel's own statistics of our program, and by the wall
 * clock of a process that does nothing but call.
 *
 * @module
 */
import type { CgroupKey } from "../src/kernel/mod.ts";
import { syscallNumber } from "../src/syscalls/mod.ts";
import { buildBpf, buildProgram } from "./build.ts";
import {
  type AllSamples,
  CallCost,
  CHUNK,
  CHUNKS,
  type Samples,
  type Variant,
} from "./call_cost.ts";
import { BenchCgroups } from "./cgroups.ts";
import {
  type Hook,
  loadObject,
  loadOurs,
  runBpftrace,
  workingBpftrace,
} from "./kernel_variants.ts";
import { BpfStatistics } from "./machine.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { median, medianRatio, summarize } from "./statistics.ts";
import { Workload } from "./workload.ts";

/** Rounds of what can be hooked in at once, for each round with bpftrace, which takes seconds to begin. */
const SHORT_ROUNDS = 4;

const names = {
  empty: "empty program",
  container: "ours, in a container",
  twin: "ours by raw_tp, in a container",
  v1: "ours, in a container that v1 names",
  host: "ours, on the host",
  seed: "the seed's LRU hash",
  bpftrace: "bpftrace",
} as const;

/** Makes the cgroups, starts a workload in each, and measures. */
export async function kernelCost(rounds: number): Promise<Part> {
  const [load, emptyPath, seedPath] = await Promise.all([
    buildProgram("load"),
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
  const workloadIn = async (procs: string) => resources.use(await Workload.start(load, [procs]));
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
  const cost = new CallCost(empty, timing);
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
  { bare, floors }: CallCost,
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
