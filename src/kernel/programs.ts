/**
 * The BPF object's programs and maps as data: the ways into the kernel, and what each needs for which features.
 *
 * @module
 */
import type { BpfObject } from "../ffi/mod.ts";
import { entriesProgram, type HashReading } from "./hashes.ts";

/**
 * The ways into the kernel, the better one first. `kprobe` is for kernels from 7.0 on, which may let a call
 * pass without the programs of the other two: see bpf/tallyman.bpf.c. `tp_btf` reads the kernel's memory
 * directly; `raw_tp` is its twin for kernels that refuse it: see bpf/read.h.
 */
export const attachments = ["kprobe", "tp_btf", "raw_tp"] as const;

/** One of the ways. */
export type Attachment = typeof attachments[number];

/** What a run of the kernel side does. */
export interface Features {
  readonly events: boolean;
  readonly latency: boolean;
  readonly errors: boolean;
  readonly terminal: boolean;
}

/** A program, and the features that need it: none is needed always. */
type ProgramTable = readonly (readonly [name: string, ...of: (keyof Features)[]])[];

/** What each way loads, in the order in which it is attached: no end of a call or cgroup may go unseen. */
const programs: Readonly<Record<Attachment, ProgramTable>> = {
  kprobe: [
    ["cgroup_rmdir"],
    ["cgroup_populate"],
    ["process_fork", "events"],
    ["process_exec", "events"],
    ["process_exit", "events"],
    ["calls_in_flight", "events"],
    ["sys_exit_kprobe", "events", "latency", "errors"],
    ["sys_enter_kprobe"],
    ["sys_enter_on"],
  ],
  tp_btf: [
    ["cgroup_rmdir"],
    ["cgroup_populate"],
    ["process_fork", "events"],
    ["process_exec", "events"],
    ["process_exit", "events"],
    ["calls_in_flight", "events"],
    ["sys_exit", "events", "latency", "errors"],
    ["sys_enter"],
  ],
  raw_tp: [
    ["cgroup_rmdir"],
    ["cgroup_populate"],
    ["process_fork", "events"],
    ["process_exec", "events", "latency", "errors"],
    ["process_exit_raw", "events", "latency", "errors"],
    ["calls_in_flight_raw", "events"],
    ["sys_exit_raw", "events", "latency", "errors"],
    ["sys_enter_raw"],
  ],
};

/** Maps that only some features need, and for what the way matters, which. */
const featureMaps: Readonly<
  Record<string, { readonly for: readonly (keyof Features)[]; readonly by?: readonly Attachment[] }>
> = {
  ring: { for: ["events"] },
  piece_specs: { for: ["events"] },
  losses: { for: ["events"] },
  lost_calls: { for: ["events"] },
  task_calls: { for: ["events", "latency", "errors"], by: ["kprobe", "tp_btf"] },
  task_payloads: { for: ["events"], by: ["kprobe", "tp_btf"] },
  thread_calls: { for: ["events", "latency", "errors"], by: ["raw_tp"] },
  thread_payloads: { for: ["events", "latency", "errors"], by: ["raw_tp"] },
  empty_payload: { for: ["events"], by: ["raw_tp"] },
  call_times: { for: ["latency"] },
  no_times: { for: ["latency"] },
  call_errors: { for: ["errors"] },
  terminal_rows: { for: ["terminal"] },
};

/** The ways to try on a kernel, by its release. */
export function attachmentsFor(release: string): Attachment[] {
  const kprobe = parseInt(release, 10) >= 7;
  return attachments.filter((attachment) => attachment !== "kprobe" || kprobe);
}

/** The hashes that user space reads, and the features that need them: none is needed always. */
const hashes: readonly (readonly [name: string, ...of: (keyof Features)[]])[] = [
  ["odd_calls"],
  ["call_times", "latency"],
  ["call_errors", "errors"],
  ["lost_calls", "events"],
];

/**
 * While a system call reads a hash, the kernel runs no kprobe's program on that CPU, and since 7.0 another task may run
 * there meanwhile: its calls would not be counted. See bpf/entries.h.
 */
export function readingOf(attachment: Attachment): HashReading {
  return attachment === "kprobe" ? "iterator" : "batch";
}

/**
 * Chooses what loading the object loads: the programs of a way, and the maps that they reach.
 *
 * @returns the programs to attach, in their order: an iterator is attached when it is read.
 */
export function choose(
  object: BpfObject,
  attachment: Attachment,
  features: Features,
  reading: HashReading,
): string[] {
  const isNeeded = (by: readonly (keyof Features)[]) => by.some((feature) => features[feature]);
  const isUsed = (by: readonly (keyof Features)[]) => by.length === 0 || isNeeded(by);
  const used = programs[attachment].filter(([, ...by]) => isUsed(by)).map(([name]) => name);
  const all = attachments.flatMap((each) => programs[each]).map(([name]) => name);
  for (const name of new Set(all)) object.program(name).setAutoload(used.includes(name));
  for (const [name, ...by] of hashes) {
    object.program(entriesProgram(name)).setAutoload(reading === "iterator" && isUsed(by));
  }
  for (const [name, { for: by, by: ways }] of Object.entries(featureMaps)) {
    object.map(name).setAutocreate(isNeeded(by) && (ways?.includes(attachment) ?? true));
  }
  return used.filter((name) => !name.startsWith("calls_in_flight"));
}
