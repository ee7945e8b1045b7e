/**
 * Measures what tallyman promises of its cost:
 *
 *     deno run -A bench/main.ts [--json] [--check] [--only kernel|tick|start|idle|dispatch|events|recording]... [--rounds N]
 *
 * Needs root, clang and a C compiler. Nothing else should run on the machine meanwhile.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { machine } from "./machine.ts";
import { type Part, table } from "./report.ts";

type Measurement = (rounds: number) => Promise<Part>;

/** What there is to be measured, by name; each is loaded when it is asked for. */
const parts: Readonly<Record<string, readonly Measurement[]>> = {
  kernel: [async (rounds) => (await import("./kernel_cost.ts")).kernelCost(rounds)],
  tick: [async (rounds) => (await import("./tick_cost.ts")).tickCost(rounds)],
  start: [async (rounds) => (await import("./start.ts")).startTime(rounds)],
  idle: [async (rounds) => (await import("./idle.ts")).idleCost(rounds)],
  dispatch: [async (rounds) => (await import("./dispatch.ts")).dispatchCost(rounds)],
  events: [
    async (rounds) => (await import("./events_delivery.ts")).eventsDelivery(rounds),
    async (rounds) => (await import("./events_beside.ts")).eventsBeside(rounds),
    async (rounds) => (await import("./events_exact.ts")).eventsExact(rounds),
    async (rounds) => (await import("./events_kernel.ts")).eventsKernel(rounds),
  ],
  recording: [async (rounds) => (await import("./recording.ts")).recordings(rounds)],
};

const usage =
  "usage: deno run -A bench/main.ts [--json] [--check] [--only kernel|tick|start|idle|dispatch|events|recording]... [--rounds N]";

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}

function options(): { json: boolean; check: boolean; only: string[]; rounds: number } {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      rounds: { type: "string", default: "9" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError(`--rounds ${values.rounds}`);
  for (const name of values.only) {
    if (!Object.hasOwn(parts, name)) throw new TypeError(`--only ${name}: no such part`);
  }
  return { ...values, rounds };
}

async function main(): Promise<number> {
  let chosen: ReturnType<typeof options>;
  try {
    chosen = options();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    write(Deno.stderr, `${error.message}\n${usage}\n`);
    return 2;
  }
  const done: Part[] = [];
  for (const name of chosen.only) {
    for (const measure of parts[name] ?? []) {
      const part = await measure(chosen.rounds);
      done.push(part);
      if (!chosen.json) write(Deno.stdout, `${table(part)}\n`);
    }
  }
  if (chosen.json) {
    write(Deno.stdout, `${JSON.stringify({ machine: machine(), parts: done }, null, 2)}\n`);
  }
  const allMet = done.every(({ bars }) => bars.every(({ met }) => met));
  return chosen.check && !allMet ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
