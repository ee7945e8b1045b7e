/**
 * What is hooked to every system call, to be compared: nothing, ours, and other people's.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { type BpfProgram, CallError, Libbpf } from "../src/ffi/mod.ts";
import {
  constants,
  cpusIn,
  Hashes,
  objectPath,
  Ring,
  Slots,
  v1Controllers,
  Wanted,
} from "../src/kernel/mod.ts";
import type { Attachment, Call, CgroupKey, V1Controller } from "../src/kernel/mod.ts";
// A room, not the door: only here are the programs loaded other than by Capture.
import { knobs } from "../src/kernel/layout.ts";
import { linesOf } from "./workload.ts";

/** What the kernel has counted of one program. */
export interface Statistics {
  /** ns */
  readonly runTime: bigint;
  readonly runs: bigint;
}

/** Where a program stands. */
export type Point = "sys_enter" | "sys_exit";

/** Programs that are loaded, and can be hooked in again and again. */
export interface Hook extends Disposable {
  /** Hooks them in, until what this returns is disposed of. */
  attach(): Disposable;
  /** Of each program. */
  statistics(): ReadonlyMap<Point, Statistics>;
  /** Takes all that they have sent, so that there is room for more. */
  drain(): void;
}

function openLibbpf(): Libbpf {
  const messages: string[] = [];
  return Libbpf.open((_, text) => messages.push(text), "warn");
}

function hook(
  resources: DisposableStack,
  programs: ReadonlyMap<Point, BpfProgram>,
  ring?: Ring,
): Hook {
  return {
    attach: () => {
      using attached = new DisposableStack();
      // No end of a call may go unseen: the exit comes first.
      for (const [, program] of [...programs].reverse()) attached.use(program.attach());
      return attached.move();
    },
    statistics: () =>
      new Map(Array.from(programs, ([point, program]) => [point, program.statistics()])),
    drain: () => {
      while (ring !== undefined && ring.drain(() => {}) > 0);
    },
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** The programs of an object that needs nothing else but, if it has one, a map `ring` of its own. */
export function loadObject(path: string, points: readonly Point[] = ["sys_enter"]): Hook {
  using resources = new DisposableStack();
  const libbpf = resources.use(openLibbpf());
  const object = resources.use(libbpf.openObject(path));
  object.load();
  const programs = new Map(points.map((point) => [point, object.program(point)]));
  const map = find(() => object.map("ring"));
  const ring = map && resources.use(new Ring(libbpf.libc, map));
  return hook(resources.move(), programs, ring);
}

/** What our program is to be told of the workload's cgroups. */
export interface OurPlacement {
  readonly containers: readonly CgroupKey[];
  readonly hosts: readonly CgroupKey[];
  readonly v1Controller: V1Controller | undefined;
}

/** What need not be loaded to count and capture calls. */
const programsBeside = [
  "sys_enter",
  "sys_exit",
  "cgroup_rmdir",
  "cgroup_populate",
  "process_fork",
  "process_exec",
  "process_exit",
  "calls_in_flight",
].flatMap((name) => [name, `${name}_raw`]);

/** undefined if an object has no such program, or map. */
function find<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof CallError) return undefined;
    throw error;
  }
}

/** As src/kernel/capture.ts has it by default. */
const RING_BYTES = 16 * 2 ** 20;

/**
 * Our programs, to be attached in either way.
 *
 * @param wanted The calls that events are sent of; none, and events are off, by default.
 */
export function loadOurs(
  attachment: Exclude<Attachment, "kprobe">,
  placement: OurPlacement,
  wanted?: readonly Call[],
): Hook {
  using resources = new DisposableStack();
  const libbpf = resources.use(openLibbpf());
  const object = resources.use(libbpf.openObject(objectPath()));
  const cpus = cpusIn(Deno.readTextFileSync("/sys/devices/system/cpu/possible"));
  const size = 256;
  const { v1Controller } = placement;
  const knobBytes = new DataView(new ArrayBuffer(knobs.size));
  knobBytes.setUint32(knobs.offset.nr_cpus, cpus, true);
  const controller = v1Controller === undefined ? constants.V1_NONE : v1Controllers[v1Controller];
  knobBytes.setUint32(knobs.offset.v1_controller, controller, true);
  knobBytes.setUint8(knobs.offset.events, Number(wanted !== undefined));
  knobBytes.setUint8(knobs.offset.counts_only, Number(wanted === undefined));
  object.map(".rodata.knobs").setInitialValue(new Uint8Array(knobBytes.buffer));
  object.map("rows").setMaxEntries(size * cpus);
  object.map("ring").setMaxEntries(RING_BYTES);
  const points: Point[] = wanted === undefined ? ["sys_enter"] : ["sys_enter", "sys_exit"];
  const names = new Map(
    points.map((point) => [point, attachment === "tp_btf" ? point : `${point}_raw`]),
  );
  const used = new Set(names.values());
  for (const other of programsBeside) {
    if (!used.has(other)) find(() => object.program(other))?.setAutoload(false);
  }
  object.load();
  const programs = new Map([...names].map(([point, name]) => [point, object.program(name)]));
  const hashes = resources.use(new Hashes(object, "batch"));
  const slots = resources.use(new Slots(object, size, hashes.of("odd_calls")));
  const claimed = placement.containers.map((key) => slots.claim(key, 1n));
  for (const key of placement.hosts) slots.assign(key, constants.SLOT_HOST);
  slots.open();
  if (wanted === undefined) return hook(resources.move(), programs);
  const events = resources.use(new Wanted(object, 0));
  for (const call of wanted) events.describe(call, { pieces: [] });
  events.setForAll(wanted);
  for (const slot of claimed) if (slot !== undefined) events.set(slot, wanted);
  const ring = resources.use(new Ring(libbpf.libc, object.map("ring")));
  return hook(resources.move(), programs, ring);
}

/**
 * The ways in which bpftrace may count by cgroup and number, the cheaper first. Which of them works depends
 * on its version; the second needs tracefs, which is mounted for bpftrace alone.
 */
const bpftraceScripts = [
  "rawtracepoint:sys_enter { @[cgroup, arg1] = count(); }",
  "tracepoint:raw_syscalls:sys_enter { @[cgroup, args->id] = count(); }",
];

const inOwnMounts =
  'mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing; exec bpftrace -e "$0"';

async function startBpftrace(script: string): Promise<Deno.ChildProcess | undefined> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("unshare", {
      args: ["--mount", "sh", "-c", inOwnMounts, script],
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  // It says "Attaching" just before it does, and nothing after.
  const settled = await Promise.race([child.status, delay(2000, undefined)]);
  if (settled === undefined) return child;
  await child.stdout.cancel();
  return undefined;
}

/** The first script that bpftrace runs here; undefined if it is not installed, or none does. */
export async function workingBpftrace(): Promise<string | undefined> {
  for (const script of bpftraceScripts) {
    const child = await startBpftrace(script);
    if (child === undefined) continue;
    await stopBpftrace(child);
    return script;
  }
  return undefined;
}

/** Its counts, as it prints them when it ends: `@[cgroup, number]: count`. */
async function stopBpftrace(child: Deno.ChildProcess): Promise<Map<string, bigint>> {
  // It forgets a signal that comes while it is not waiting.
  const asking = setInterval(() => child.kill("SIGINT"), 250);
  const counts = new Map<string, bigint>();
  try {
    for await (const line of linesOf(child.stdout)) {
      const [, key, count] = /^@\[(\d+, -?\d+)\]: (\d+)$/.exec(line) ?? [];
      if (key !== undefined && count !== undefined) counts.set(key, BigInt(count));
    }
  } finally {
    clearInterval(asking);
  }
  await child.status;
  return counts;
}

/** bpftrace at work; disposing of it ends it, and checks that it has counted this call this often. */
export async function runBpftrace(
  script: string,
  expected: { cgroup: bigint; nr: number; calls: number },
): Promise<AsyncDisposable> {
  const child = await startBpftrace(script);
  if (child === undefined) throw new Error(`bpftrace -e '${script}' ended at once`);
  return {
    async [Symbol.asyncDispose]() {
      const counts = await stopBpftrace(child);
      const counted = counts.get(`${expected.cgroup}, ${expected.nr}`) ?? 0n;
      if (counted < BigInt(expected.calls)) {
        throw new Error(`bpftrace counted ${counted} of ${expected.calls} calls`);
      }
    },
  };
}
