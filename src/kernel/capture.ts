/**
 * The BPF object in the kernel: loaded, configured, attached, and gone again when this is disposed of or
 * when the process ends, however it ends: nothing is pinned.
 *
 * @module
 */
import { join } from "node:path";
import { type BpfProgram, Libbpf, type MessageHandler } from "../ffi/mod.ts";
import { constants, knobs } from "./layout.ts";
import { Ring } from "./ring.ts";
import { Rows } from "./rows.ts";
import { Slots } from "./slots.ts";

/** The v1 controllers that can name containers where the v2 cgroup is the root. */
export const v1Controllers = {
  memory: constants.V1_MEMORY,
  pids: constants.V1_PIDS,
  devices: constants.V1_DEVICES,
  freezer: constants.V1_FREEZER,
  cpu: constants.V1_CPU,
  cpuset: constants.V1_CPUSET,
} as const;

/** The name of one of them, as /proc/PID/cgroup has it. */
export type V1Controller = keyof typeof v1Controllers;

/** How the kernel side is to be set up. */
export interface CaptureOptions {
  /** Containers that can be counted at once; by default what {@linkcode defaultSlots} says. */
  readonly slots?: number;
  /** For v1 and hybrid machines; none where there is only v2. */
  readonly v1Controller?: V1Controller | undefined;
  /** Count what is in no container too. */
  readonly countHost?: boolean;
  /** Send events of the calls that are wanted; none by default. */
  readonly events?: EventOptions;
  /** The ways to try, the better one first; by default all. */
  readonly attachments?: readonly Attachment[];
  /** Hears all that libbpf and the verifier have to say, which takes some 50 ms more. */
  readonly onMessage?: MessageHandler;
  /**
   * Called when the object is loaded and nothing counts yet: the place for {@linkcode Slots.claim}. `now`
   * is of CLOCK_BOOTTIME, in ns.
   */
  readonly prepare?: (slots: Slots, now: bigint) => void;
}

/** How events are sent. */
export interface EventOptions {
  /** Bytes of the ring: a power of two, and a multiple of the page size. 16 MiB by default. */
  readonly ringBytes?: number;
  /** Events a second that one container may send; unlimited by default. */
  readonly rate?: number;
  /** Only calls that succeeded, or failed. */
  readonly outcome?: keyof typeof outcomes;
}

const outcomes = {
  all: constants.OUTCOME_ALL,
  ok: constants.OUTCOME_OK,
  failed: constants.OUTCOME_FAILED,
} as const;

const RING_BYTES = 16 * 2 ** 20;

/** The programs' two ways into the kernel, the better one first: see bpf/read.h. */
export const attachments = ["tp_btf", "raw_tp"] as const;

/** One of the two. */
export type Attachment = typeof attachments[number];

/** In the order in which they are attached: no cgroup that is counted may go unseen, no call end that began. */
const programs = [
  "cgroup_rmdir",
  "cgroup_populate",
  "sys_exit",
  "sys_enter",
  "sys_enter_2",
  "sys_enter_3",
] as const;

type ProgramName = typeof programs[number];

/** What only events need. */
const eventPrograms: readonly ProgramName[] = ["sys_exit"];

/** What only kernels need that preempt programs: bpf/again.h. Attached behind the first, and run in that order. */
const copies: readonly ProgramName[] = ["sys_enter_2", "sys_enter_3"];

/** Whether a task can be preempted inside of a program at a tracepoint: from Linux 7.0 on. */
function isPreemptible(release: string): boolean {
  return parseInt(release, 10) >= 7;
}

/** Maps that only events need, by the way that needs them; "both" are found in each. */
const eventMaps = {
  both: ["ring", "call_specs", "piece_specs", "losses"],
  tp_btf: ["task_calls", "task_payloads"],
  raw_tp: ["thread_calls", "thread_payloads", "empty_payload"],
} as const;

function programName(program: ProgramName, attachment: Attachment): string {
  return attachment === "tp_btf" ? program : `${program}_raw`;
}

/** Loading failed by both ways. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
  constructor(message: string, options: ErrorOptions, readonly log: readonly string[]) {
    super(message, options);
  }
}

/** Memory that the rows may take before there are fewer slots than 1,024. */
const ROWS_BYTES = 128 * 2 ** 20;

/** As many slots as fit 128 MiB of rows, 256 at least: a row is 4 KiB for each CPU. */
export function defaultSlots(cpus: number): number {
  const fitting = Math.floor(ROWS_BYTES / (cpus * constants.ROW_CALLS * 8));
  return Math.max(256, Math.min(1024, fitting));
}

/** One more than the highest number in a list like `0-3,8`, as /sys/devices/system/cpu/possible has it. */
export function cpusIn(list: string): number {
  const numbers = list.match(/\d+/g)?.map(Number) ?? [];
  if (numbers.length === 0) throw new Error(`no CPU numbers in ${JSON.stringify(list)}`);
  return Math.max(...numbers) + 1;
}

/** Where the object for this machine's architecture lies. */
export function objectPath(architecture: typeof Deno.build.arch = Deno.build.arch): string {
  return join(import.meta.dirname ?? "", `../../bpf/tallyman.${architecture}.bpf.o`);
}

function knobBytes(options: CaptureOptions, cpus: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(knobs.size);
  const view = new DataView(bytes.buffer);
  const { v1Controller, countHost = false, events } = options;
  view.setUint32(knobs.offset.nr_cpus, cpus, true);
  view.setUint32(
    knobs.offset.v1_controller,
    v1Controller === undefined ? constants.V1_NONE : v1Controllers[v1Controller],
    true,
  );
  view.setUint8(knobs.offset.count_host, Number(countHost));
  view.setUint8(knobs.offset.preemptible, Number(isPreemptible(Deno.osRelease())));
  view.setUint32(knobs.offset.own_pid, Deno.pid, true);
  if (events !== undefined) {
    const { rate = 0, outcome = "all" } = events;
    const windowsPerSecond = 1e9 / 2 ** constants.RATE_WINDOW_BITS;
    view.setUint8(knobs.offset.events, 1);
    view.setUint32(knobs.offset.rate, Math.ceil(rate / windowsPerSecond), true);
    view.setUint8(knobs.offset.outcome, outcomes[outcome]);
  }
  return bytes;
}

interface Loaded {
  readonly resources: DisposableStack;
  readonly programs: readonly BpfProgram[];
  readonly slots: Slots;
  readonly rows: Rows;
  readonly ring: Ring | undefined;
}

/** Loads the object, lets the caller prepare it, and attaches its programs in one of the two ways. */
function load(libbpf: Libbpf, options: CaptureOptions, attachment: Attachment): Loaded {
  using resources = new DisposableStack();
  const object = resources.use(libbpf.openObject(objectPath()));
  const cpus = cpusIn(Deno.readTextFileSync("/sys/devices/system/cpu/possible"));
  const size = options.slots ?? defaultSlots(cpus);
  object.map(".rodata.knobs").setInitialValue(knobBytes(options, cpus));
  object.map("rows").setMaxEntries(size * cpus);
  const wantsEvents = options.events !== undefined;
  const preemptible = isPreemptible(Deno.osRelease());
  const used = programs.filter((name) =>
    (wantsEvents || !eventPrograms.includes(name)) && (preemptible || !copies.includes(name))
  );
  for (const each of attachments) {
    for (const name of programs) {
      const isUsed = each === attachment && used.includes(name);
      object.program(programName(name, each)).setAutoload(isUsed);
    }
    for (const name of eventMaps[each]) {
      object.map(name).setAutocreate(wantsEvents && each === attachment);
    }
  }
  for (const name of eventMaps.both) object.map(name).setAutocreate(wantsEvents);
  if (wantsEvents) object.map("ring").setMaxEntries(options.events?.ringBytes ?? RING_BYTES);
  object.load();
  const slots = resources.use(new Slots(object, size));
  const rows = resources.use(new Rows(object, cpus));
  options.prepare?.(slots, libbpf.libc.now("boottime"));
  slots.open();
  const ring = wantsEvents ? resources.use(new Ring(libbpf.libc, object.map("ring"))) : undefined;
  const attached = used.map((name) => object.program(programName(name, attachment)));
  for (const program of attached) resources.use(program.attach());
  return { resources: resources.move(), programs: attached, slots, rows, ring };
}

/** The kernel side at work. */
export class Capture implements Disposable {
  readonly #resources: DisposableStack;
  readonly #libbpf: Libbpf;
  readonly #programs: readonly BpfProgram[];
  /** Which of the two ways the kernel took. */
  readonly attachment: Attachment;
  /** Why the better way was refused, if it was. */
  readonly refused: Error | undefined;
  readonly slots: Slots;
  readonly rows: Rows;
  /** The ring of records, if events were asked for. */
  readonly ring: Ring | undefined;

  private constructor(
    resources: DisposableStack,
    libbpf: Libbpf,
    loaded: Loaded,
    attachment: Attachment,
    refused: Error | undefined,
  ) {
    this.#resources = resources;
    this.#libbpf = libbpf;
    this.#programs = loaded.programs;
    this.attachment = attachment;
    this.refused = refused;
    this.slots = loaded.slots;
    this.rows = loaded.rows;
    this.ring = loaded.ring;
  }

  /**
   * Loads, prepares and attaches: when this returns, every call is counted.
   *
   * @throws {LibraryError} without libbpf.
   * @throws {CaptureError} if the kernel refuses both ways.
   */
  static open(options: CaptureOptions = {}): Capture {
    const log: string[] = [];
    using resources = new DisposableStack();
    const libbpf = resources.use(
      Libbpf.open((level, text) => {
        if (level === "warn") log.push(text);
        options.onMessage?.(level, text);
      }, options.onMessage === undefined ? "warn" : "debug"),
    );
    let refused: Error | undefined;
    for (const attachment of options.attachments ?? attachments) {
      try {
        const loaded = load(libbpf, options, attachment);
        resources.use(loaded.resources);
        return new Capture(resources.move(), libbpf, loaded, attachment, refused);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        refused = error;
      }
    }
    throw new CaptureError(refused?.message ?? "no attachment", { cause: refused }, log);
  }

  /** The kernel's clocks, in nanoseconds: {@linkcode Announcement.time} is of "boottime". */
  now(clock: "realtime" | "boottime"): bigint {
    return this.#libbpf.libc.now(clock);
  }

  /**
   * Program runs that the kernel left out: calls that were not counted. None before Linux 7.0, where nothing
   * preempts a program.
   */
  get missed(): bigint {
    const missed = this.#programs.filter(({ name }) => /^sys_enter(_raw)?$/.test(name))
      .reduce((sum, program) => sum + program.statistics().misses, 0n);
    const left = missed - this.slots.recovered;
    return left > 0n ? left : 0n;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
