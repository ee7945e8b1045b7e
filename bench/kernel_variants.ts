/**
 * What is hooked to every system call, to be compared: nothing, ours, and other people's.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { type BpfObject, type BpfProgram, CallError, Libbpf } from "../src/ffi/mod.ts";
import { constants, cpusIn, objectPath, Slots, v1Controllers } from "../src/kernel/mod.ts";
import type { Attachment, CgroupKey, V1Controller } from "../src/kernel/mod.ts";
// A room, not the door: only here are the programs loaded other than by Capture.
import { knobs } from "../src/kernel/layout.ts";
import { linesOf } from "./workload.ts";

/** What the kernel has counted of one program. */
export interface Statistics {
  /** ns */
  readonly runTime: bigint;
  readonly runs: bigint;
}

/** A program that is loaded, and can be hooked in again and again. */
export interface Hook extends Disposable {
  /** Hooks it in, until what this returns is disposed of. */
  attach(): Disposable;
  statistics(): Statistics;
}

function openLibbpf(): Libbpf {
  const messages: string[] = [];
  return Libbpf.open((_, text) => messages.push(text), "warn");
}

function hook(resources: DisposableStack, program: BpfProgram): Hook {
  return {
    attach: () => program.attach(),
    statistics: () => program.statistics(),
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** The program `sys_enter` of an object that needs nothing else. */
export function loadObject(path: string): Hook {
  using resources = new DisposableStack();
  const object = resources.use(resources.use(openLibbpf()).openObject(path));
  object.load();
  const program = object.program("sys_enter");
  return hook(resources.move(), program);
}

/** What our program is to be told of the workload's cgroups. */
export interface OurPlacement {
  readonly containers: readonly CgroupKey[];
  readonly hosts: readonly CgroupKey[];
  readonly v1Controller: V1Controller | undefined;
}

/** What need not be loaded to count calls. */
const programsBeside = [
  "sys_enter",
  "sys_exit",
  "cgroup_rmdir",
  "cgroup_populate",
].flatMap((name) => [name, `${name}_raw`]);

function findProgram(object: BpfObject, name: string): BpfProgram | undefined {
  try {
    return object.program(name);
  } catch (error) {
    if (error instanceof CallError) return undefined;
    throw error;
  }
}

/** Our counting program, to be attached in either way. */
export function loadOurs(attachment: Attachment, placement: OurPlacement): Hook {
  using resources = new DisposableStack();
  const object = resources.use(resources.use(openLibbpf()).openObject(objectPath()));
  const cpus = cpusIn(Deno.readTextFileSync("/sys/devices/system/cpu/possible"));
  const size = 256;
  const { v1Controller } = placement;
  const knobBytes = new DataView(new ArrayBuffer(knobs.size));
  knobBytes.setUint32(knobs.offset.nr_cpus, cpus, true);
  const controller = v1Controller === undefined ? constants.V1_NONE : v1Controllers[v1Controller];
  knobBytes.setUint32(knobs.offset.v1_controller, controller, true);
  object.map(".rodata.knobs").setInitialValue(new Uint8Array(knobBytes.buffer));
  object.map("rows").setMaxEntries(size * cpus);
  const name = attachment === "tp_btf" ? "sys_enter" : "sys_enter_raw";
  for (const other of programsBeside) {
    if (other !== name) findProgram(object, other)?.setAutoload(false);
  }
  const program = object.program(name);
  object.load();
  const slots = resources.use(new Slots(object, size));
  for (const key of placement.containers) slots.claim(key, 1n);
  for (const key of placement.hosts) slots.assign(key, constants.SLOT_HOST);
  slots.open();
  return hook(resources.move(), program);
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
