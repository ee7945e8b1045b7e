/**
 * (h) What sending a call's event costs the call, next to the least that sending as many bytes can cost; and
 * what it costs a call that nobody wants, next to counting it.
 *
 * @module
 */
import { syscallNumber } from "../src/syscalls/mod.ts";
import { buildBpf, buildProgram } from "./build.ts";
import { CallCost, CHUNK, CHUNKS, type Samples, type Variant } from "./call_cost.ts";
import { BenchCgroups } from "./cgroups.ts";
import { type Hook, loadObject, loadOurs } from "./kernel_variants.ts";
import { BpfStatistics, busyness } from "./machine.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { medianRatio, summarize } from "./statistics.ts";
import { Workload } from "./workload.ts";

/** Rounds of this for each that is asked for. */
const SHORT_ROUNDS = 4;

const names = {
  reserve: "reserve and submit, nothing else",
  clock: "the same, and when it began and how long it took",
  counted: "counting alone",
  again: "counting alone, once more",
  unwanted: "events on, another call wanted",
  captured: "events on, this call wanted",
} as const;

/** What a call that nobody wants may cost of what counting costs: two runs of counting differ by that. */
const NOISE = 1.1;

export async function eventsKernel(rounds: number): Promise<Part> {
  const busy = busyness();
  const paths = [
    buildProgram("load"),
    buildBpf("empty"),
    buildBpf("reserve"),
    buildBpf("clock"),
  ] as const;
  const [load, emptyPath, reservePath, clockPath] = await Promise.all(paths);
  await using resources = new AsyncDisposableStack();
  const timing = resources.use(new BpfStatistics());
  const cgroups = resources.use(new BenchCgroups());
  const { procs, key } = cgroups.make("container");
  const placement = { containers: [key], hosts: [], v1Controller: cgroups.v1Controller };
  const workload = resources.use(await Workload.start(load, [procs]));
  const call = (name: string) => ({ nr: syscallNumber(name) ?? -1, abi: "native" as const });
  const hooks: Readonly<Record<keyof typeof names, Hook>> = {
    reserve: resources.use(loadObject(reservePath, ["sys_exit"])),
    clock: resources.use(loadObject(clockPath, ["sys_enter", "sys_exit"])),
    counted: resources.use(loadOurs("tp_btf", placement)),
    again: resources.use(loadOurs("tp_btf", placement)),
    unwanted: resources.use(loadOurs("tp_btf", placement, [call("openat")])),
    captured: resources.use(loadOurs("tp_btf", placement, [call("getppid")])),
  };
  const variants = Object.entries(hooks).map(([name, hook]): Variant => ({
    name,
    workload,
    hook,
    attach: () => hook.attach(),
  }));
  const empty = resources.use(loadObject(emptyPath, ["sys_enter", "sys_exit"]));
  const samples = await new CallCost(empty, timing).run(variants, SHORT_ROUNDS * rounds);
  const of = (name: keyof typeof names, by: keyof Samples) => samples.get(name)?.[by] ?? [];
  const ratio = (first: keyof typeof names, second: keyof typeof names) =>
    medianRatio(of(first, "program"), of(second, "program"));
  const figures: Figure[] = (["program", "wall"] as const).flatMap((by) =>
    (["reserve", "clock", "captured", "counted", "again", "unwanted"] as const).map((name) => ({
      name: `${by === "program" ? "in the programs" : "by wall clock"}: ${names[name]}`,
      unit: "ns",
      summary: summarize(of(name, by)),
    }))
  );
  return {
    name: "events-kernel",
    title: "Cost of an event to the system call",
    figures,
    bars: [
      bar(
        "captured / reserve and submit, in the programs",
        "x",
        ratio("captured", "reserve"),
        "most",
        1.5,
      ),
      bar(
        "not wanted / counted, in the programs",
        "x",
        ratio("unwanted", "counted"),
        "most",
        NOISE,
      ),
    ],
    notes: [
      busy,
      `getppid(2), ${CHUNKS} times ${CHUNK} calls a value; programs hooked in one after the other, round by round`,
      "in the programs: the kernel's time for all of a variant's programs, those at enter and at exit together, less that of empty ones at the same points",
      "reserve and submit is one program at exit: bpf_ringbuf_reserve of a call's record, one word written, bpf_ringbuf_submit; ours finds the container, counts, and fills the record with times, ids, arguments and result",
      "the ring is emptied between chunks, never while calls are made: nobody waits, so nobody is woken",
      `the least with two looks at the clock / reserve and submit: ${
        ratio("clock", "reserve").toFixed(2)
      }`,
      `captured / the least with two looks at the clock: ${ratio("captured", "clock").toFixed(2)}`,
      `counting again / counting: ${ratio("again", "counted").toFixed(3)}`,
    ],
  };
}
