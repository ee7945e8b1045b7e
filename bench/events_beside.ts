/**
 * (f) Events a second beside other tools that print the same, of a program that calls as often as it can.
 *
 * @module
 */
import { join } from "node:path";
import { output } from "./build.ts";
import { isInstalled } from "./installed.ts";
import { Load, type Offer } from "./load.ts";
import { busyness } from "./machine.ts";
import { measure, type Outcome } from "./offer.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { type SinkName, sinks } from "./sinks.ts";
import { medianRatio, summarize } from "./statistics.ts";
import { ourLines, startTracer, straceCommand, type Tracer, tracers } from "./tracers.ts";

const UNTHROTTLED: Offer = { rate: 0, milliseconds: 1500, threads: 1 };
const WARM_UP: Offer = { rate: 200_000, milliseconds: 500, threads: 1 };

/** One of those that are compared; what it makes of one round. */
interface Contestant {
  readonly name: string;
  readonly run: () => Promise<Result>;
}

interface Result extends Partial<Pick<Outcome, "lost" | "cpu">> {
  /** Calls a second that the program still made. */
  readonly callRate: number;
  readonly eventRate: number;
}

function ours(name: string, sink: SinkName): Contestant {
  return {
    name: `ours, ${name}`,
    run: async () => {
      await using load = await Load.start(`bench-${Deno.pid}`);
      await using receiver = await sinks[sink](load.name);
      await measure(load, receiver, WARM_UP);
      return await measure(load, receiver, UNTHROTTLED);
    },
  };
}

/** @param warmUp What it is given first. */
function peer(tracer: Tracer, warmUp?: Offer): Contestant {
  return {
    name: tracer.name,
    run: async () => {
      await using load = await Load.start(`bench-${Deno.pid}`);
      await using receiver = await startTracer(tracer, load);
      if (warmUp !== undefined) await measure(load, receiver, warmUp);
      const result = await measure(load, receiver, UNTHROTTLED);
      await receiver.end();
      return result;
    },
  };
}

/** Of this one, what counts is how often the program can still call: it waits for each line. */
const strace: Contestant = {
  name: "strace -f",
  run: async () => {
    const file = join(output, "strace.txt");
    try {
      await using load = await Load.start(`bench-${Deno.pid}`, straceCommand(file));
      const { calls, began, ended } = await load.make(UNTHROTTLED);
      const rate = calls / Number(ended - began) * 1e9;
      return { callRate: rate, eventRate: rate };
    } finally {
      Deno.removeSync(file);
    }
  },
};

/** Those that are here, and why the others are not. */
async function contestants(): Promise<{ here: Contestant[]; missing: string[] }> {
  const here = [
    ours("ten rules", "ten rules"),
    peer(ourLines, WARM_UP),
    ours("JSONL to a pipe", "JSONL to a pipe, unlimited"),
  ];
  const missing: string[] = [];
  const others = [
    ...tracers.map((tracer) => [peer(tracer), tracer.program] as const),
    [strace, "strace"] as const,
  ];
  for (const [contestant, program] of others) {
    if (await isInstalled(program)) here.push(contestant);
    else missing.push(`${contestant.name} is not here: left out`);
  }
  return { here, missing };
}

export async function eventsBeside(rounds: number): Promise<Part> {
  const busy = busyness();
  const { here, missing } = await contestants();
  const results = new Map<string, Result[]>(here.map(({ name }) => [name, []]));
  const refused = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < here.length; i++) {
      const contestant = here[(round + i) % here.length];
      if (contestant === undefined || refused.has(contestant.name)) continue;
      try {
        results.get(contestant.name)?.push(await contestant.run());
      } catch (error) {
        if (!(error instanceof Error) || contestant.name.startsWith("ours")) throw error;
        refused.set(contestant.name, error.message);
        results.delete(contestant.name);
      }
    }
  }
  const values = (name: string, of: keyof Result) =>
    (results.get(name) ?? []).map((result) => result[of] ?? NaN);
  const figure = (name: string, what: string, of: keyof Result, unit: Figure["unit"]): Figure[] => {
    const all = values(name, of);
    if (all.length === 0 || all.some(Number.isNaN)) return [];
    return [{ name: `${name}: ${what}`, unit, summary: summarize(all) }];
  };
  const figures = [...results.keys()].flatMap((name) => [
    ...figure(name, "events", "eventRate", "/s"),
    ...figure(name, "calls that the program made", "callRate", "/s"),
    ...figure(name, "lost", "lost", "%"),
    ...figure(name, "CPU time an event", "cpu", "ns"),
  ]);
  const bars = ([["bpftrace", 10], ["strace -f", 100]] as const).flatMap(([other, least]) =>
    (["ours, ten rules", ourLines.name, "ours, JSONL to a pipe"] as const).flatMap((name) => {
      const theirs = values(other, "eventRate");
      if (theirs.length === 0) return [];
      const ratio = medianRatio(values(name, "eventRate"), theirs);
      return [bar(`${name} / ${other}`, "x", ratio, "least", least)];
    })
  );
  return {
    name: "events-beside",
    title: "Events, beside other tools",
    figures,
    bars,
    notes: [
      busy,
      `getppid(2) from one thread on the last CPU, as often as it can for ${
        UNTHROTTLED.milliseconds / 1000
      } s; who slows it down has fewer to tell of`,
      "our lines, like bpftrace's and perf trace's, say when, who, what and what came of it, and which container; a record of JSONL has 865 bytes, and says who its caller is besides: program, directory, arguments, ancestors",
      "ours to a pipe with --rate beyond what anybody can call: by default one container may send 300,000 a second",
      "bpftrace and perf trace print time, process, command, call and result of the container's calls alone, into the same reader of a pipe as ours; strace prints time, process, call and result into a file",
      ...tracers.map(({ name, example }) => `${name}: ${example}`),
      `strace: ${straceCommand("FILE").join(" ")} PROGRAM`,
      "the reader asks one line in 32 how old it is: to ask each took it 150 ns a line, on CPUs that others need",
      "tracefs, which bpftrace and perf need, is mounted for them alone",
      "ratios are medians of each round's ratio",
      ...missing,
      ...Array.from(refused, ([name, reason]) => `${name} did not run: left out: ${reason}`),
    ],
  };
}
