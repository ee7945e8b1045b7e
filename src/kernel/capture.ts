/**
 * The BPF object in the kernel: loaded, configured, attached, and gone again when this is disposed of or
 * when the process ends, however it ends: nothing is pinned.
 *
 * @module
 */
import { join } from "node:path";
import { type BpfProgram, Libbpf, type MessageHandler } from "../ffi/mod.ts";
import { Hashes, type HashReading } from "./hashes.ts";
import { callEvent, constants, knobs, record } from "./layout.ts";
import { Losses } from "./losses.ts";
import { type Attachment, attachmentsFor, choose, type Features, readingOf } from "./programs.ts";
import { Measures } from "./measures.ts";
import { Ring } from "./ring.ts";
import { Rows } from "./rows.ts";
import { Slots } from "./slots.ts";
import { TerminalCalls, terminalsBytes } from "./terminal_calls.ts";
import { Wanted } from "./wanted.ts";

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
  /** Time every call. */
  readonly latency?: boolean;
  /** Count failed calls by their errno. */
  readonly errors?: boolean;
  /** Count the calls that are made on a terminal once more. */
  readonly terminal?: boolean;
  /** The ways to try, the better one first; by default all. */
  readonly attachments?: readonly Attachment[];
  /** How hashes are read, by default as the way needs it. */
  readonly hashes?: HashReading;
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
  /** Bytes of the ring: a power of two, and a multiple of the page size. 8 MiB by default. */
  readonly ringBytes?: number;
  /** Bytes to copy of a buffer whose length is the caller's: 64 by default. */
  readonly bufferBytes?: number;
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

const RING_BYTES = 8 * 2 ** 20;
const BUFFER_BYTES = 64;

/** The way of events: which are wanted, where they come, what did not. */
export interface Events {
  readonly ring: Ring;
  readonly wanted: Wanted;
  readonly losses: Losses;
  /**
   * The calls of tasks that have not returned yet, as records: the same bytes that the ring has.
   *
   * @param onRecord Hears of each; `bytes` holds it at `offset`.
   */
  inFlight(onRecord: (bytes: ArrayBuffer, offset: number, length: number) => void): void;
}

/** Loading failed by all ways. */
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

function knobBytes(
  options: CaptureOptions,
  attachment: Attachment,
  cpus: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(knobs.size);
  const view = new DataView(bytes.buffer);
  const { v1Controller, countHost = false, events } = options;
  const { latency = false, errors = false, terminal = false } = options;
  view.setUint32(knobs.offset.nr_cpus, cpus, true);
  view.setUint32(
    knobs.offset.v1_controller,
    v1Controller === undefined ? constants.V1_NONE : v1Controllers[v1Controller],
    true,
  );
  view.setUint8(knobs.offset.count_host, Number(countHost));
  view.setUint32(knobs.offset.own_pid, Deno.pid, true);
  view.setUint8(knobs.offset.latency, Number(latency));
  view.setUint8(knobs.offset.errors, Number(errors));
  view.setUint8(knobs.offset.terminal, Number(terminal));
  const countsOnly = events === undefined && !latency && !errors && !terminal;
  view.setUint8(knobs.offset.counts_only, Number(countsOnly));
  view.setUint8(knobs.offset.by_thread, Number(attachment === "raw_tp"));
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
  readonly events: Events | undefined;
  readonly measures: Measures | undefined;
  readonly terminalCalls: TerminalCalls | undefined;
}

/** Loads the object, lets the caller prepare it, and attaches its programs in one of the ways. */
function load(libbpf: Libbpf, options: CaptureOptions, attachment: Attachment): Loaded {
  using resources = new DisposableStack();
  const object = resources.use(libbpf.openObject(objectPath()));
  const cpus = cpusIn(Deno.readTextFileSync("/sys/devices/system/cpu/possible"));
  const size = options.slots ?? defaultSlots(cpus);
  object.map(".rodata.knobs").setInitialValue(knobBytes(options, attachment, cpus));
  object.map("rows").setMaxEntries(size * cpus);
  const features: Features = {
    events: options.events !== undefined,
    latency: options.latency ?? false,
    errors: options.errors ?? false,
    terminal: options.terminal ?? false,
  };
  const reading = options.hashes ?? readingOf(attachment);
  const names = choose(object, attachment, features, reading);
  if (options.events !== undefined) {
    object.map("ring").setMaxEntries(options.events.ringBytes ?? RING_BYTES);
  }
  if (features.latency || features.errors) {
    const all = new Uint8Array(constants.ROW_CALLS).fill(constants.LOOK_TO_MEASURE);
    object.map(".bss.looked_at").setInitialValue(all);
  }
  if (features.terminal) {
    object.map(".bss.terminals").setInitialValue(terminalsBytes());
    object.map("terminal_rows").setMaxEntries(size * cpus);
  }
  object.load();
  const read = resources.use(new Hashes(object, reading));
  const slots = resources.use(new Slots(object, size, read.of("odd_calls")));
  const rows = resources.use(new Rows(object, cpus, read.of("odd_calls")));
  options.prepare?.(slots, libbpf.libc.now("boottime"));
  slots.open();
  const seen = (isSeen: boolean) => slots.seenSince(isSeen ? libbpf.libc.now("boottime") : 0n);
  const events: Events | undefined = options.events === undefined ? undefined : {
    ring: resources.use(new Ring(libbpf.libc, object.map("ring"))),
    wanted: resources.use(
      new Wanted(object, options.events.bufferBytes ?? BUFFER_BYTES, seen),
    ),
    losses: resources.use(new Losses(object, read.of("lost_calls"), () => slots.lost)),
    inFlight: (onRecord) => {
      const name = attachment === "raw_tp" ? "calls_in_flight_raw" : "calls_in_flight";
      const bytes = object.program(name).iterate();
      const view = new DataView(bytes.buffer, 0, bytes.length);
      const head = record.size + callEvent.size;
      for (let at = 0; at + head <= bytes.length;) {
        const length = head + view.getUint32(at + record.size + callEvent.offset.used, true);
        onRecord(bytes.buffer, at, length);
        at += length;
      }
    },
  };
  const measures = features.latency || features.errors ? new Measures(read, features) : undefined;
  const terminalCalls = features.terminal
    ? resources.use(new TerminalCalls(object, cpus))
    : undefined;
  const attached = names.map((name) => object.program(name));
  for (const program of attached) resources.use(program.attach());
  seen(true);
  return {
    resources: resources.move(),
    programs: attached,
    slots,
    rows,
    events,
    measures,
    terminalCalls,
  };
}

/** The kernel side at work. */
export class Capture implements Disposable {
  readonly #resources: DisposableStack;
  readonly #libbpf: Libbpf;
  readonly #programs: readonly BpfProgram[];
  /** Which of the ways the kernel took. */
  readonly attachment: Attachment;
  /** Why the better way was refused, if it was. */
  readonly refused: Error | undefined;
  readonly slots: Slots;
  readonly rows: Rows;
  /** If events were asked for. */
  readonly events: Events | undefined;
  /** If latency or errors were asked for. */
  readonly measures: Measures | undefined;
  /** If calls on a terminal were asked for. */
  readonly terminalCalls: TerminalCalls | undefined;

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
    this.events = loaded.events;
    this.measures = loaded.measures;
    this.terminalCalls = loaded.terminalCalls;
  }

  /**
   * Loads, prepares and attaches: when this returns, every call is counted.
   *
   * @throws {LibraryError} without libbpf.
   * @throws {CaptureError} if the kernel refuses all ways.
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
    for (const attachment of options.attachments ?? attachmentsFor(Deno.osRelease())) {
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

  /** Runs of our programs that the kernel left out: calls that were not counted. 0 before Linux 7.0. */
  get missed(): bigint {
    // Of the one that only turns the tracepoint on, no run matters.
    return this.#programs.filter(({ name }) => name !== "sys_enter_on")
      .reduce((sum, program) => sum + program.statistics().misses, 0n);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
