/**
 * Recordings in memory, for tests.
 *
 * @module
 */
import { callEvent, constants, execEvent, processEvent, record } from "../../kernel/mod.ts";
import type { RecordedBytes } from "./blocks.ts";
import { containerFact, factText } from "./facts.ts";
import { layoutFingerprint } from "./format.ts";
import type { RecordingHeader } from "./facts.ts";
import { type BlockOutput, RecordingWriter, type RecordPlace } from "./writer.ts";

/** A file in memory. */
export class MemoryFile implements BlockOutput, RecordedBytes {
  bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  write(bytes: Uint8Array): void {
    const all = new Uint8Array(this.bytes.length + bytes.length);
    all.set(this.bytes);
    all.set(bytes, this.bytes.length);
    this.bytes = all;
  }

  read(offset: number, length: number): Uint8Array {
    return this.bytes.slice(offset, offset + length);
  }
}

/** A header that this machine reads. */
export const header: RecordingHeader = {
  layout: layoutFingerprint(),
  architecture: Deno.build.arch,
  kernel: "6.1.0",
  began: 1_767_225_600_000_000_000n,
  writer: {
    version: "0.1.0",
    hostName: "here",
    architecture: "amd64",
    kernel: "6.1.0",
    deno: "2.0.0",
    libbpf: "1.5",
    pid: 7,
    started: 1_767_225_599_000_000_000n,
  },
  boot_time: 1_700_000_000_000_000_000n,
  follows_closes: false,
  selection: {},
};

/** What a made-up call has. */
export interface MadeUpRecord {
  readonly slot?: number;
  readonly tid?: number;
  readonly time?: bigint;
  readonly start?: bigint;
  readonly nr?: number;
  readonly abi?: number;
  readonly result?: bigint;
  readonly duration?: bigint;
  readonly args?: readonly bigint[];
  readonly payload?: Uint8Array;
  readonly comm?: string;
  /** EVENT_* */
  readonly flags?: number;
}

/** A call's record, as the ring has it. */
export function callRecord(made: MadeUpRecord = {}): Uint8Array {
  const { payload = new Uint8Array(), args = [], tid = 7 } = made;
  const at = record.size;
  const bytes = new Uint8Array(at + callEvent.size + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  view.setUint16(record.offset.flags, made.flags ?? constants.EVENT_RETURNED, true);
  view.setUint32(record.offset.slot, made.slot ?? 2, true);
  view.setUint32(record.offset.pid, tid, true);
  view.setUint32(record.offset.tid, tid, true);
  view.setBigUint64(record.offset.time, made.time ?? 1000n, true);
  view.setBigUint64(record.offset.start_time, made.start ?? 10n, true);
  new TextEncoder().encodeInto(made.comm ?? "sh", bytes.subarray(record.offset.comm));
  view.setBigUint64(at + callEvent.offset.duration, made.duration ?? 5n, true);
  view.setBigInt64(at + callEvent.offset.result, made.result ?? 0n, true);
  view.setInt32(at + callEvent.offset.nr, made.nr ?? 3, true);
  view.setUint16(at + callEvent.offset.abi, made.abi ?? 0, true);
  for (const [i, word] of args.slice(0, 6).entries()) {
    view.setBigUint64(at + callEvent.offset.arguments + 8 * i, word, true);
  }
  bytes.set(payload, at + callEvent.size);
  return bytes;
}

/** A process's record; an exec's has a file, one argument, and rubbish where nothing is. */
export function processRecord(type: "fork" | "exec" | "exit", pid: number): Uint8Array {
  const types = {
    fork: constants.RECORD_FORK,
    exec: constants.RECORD_EXEC,
    exit: constants.RECORD_EXIT,
  };
  const at = record.size + processEvent.size;
  const bytes = new Uint8Array(at + (type === "exec" ? execEvent.size : 0));
  const view = new DataView(bytes.buffer);
  if (type === "exec") {
    bytes.fill(0xee, at);
    for (const name of ["filename", "interpreter"] as const) {
      new TextEncoder().encodeInto("/bin/ls\0", bytes.subarray(at + execEvent.offset[name]));
    }
    new TextEncoder().encodeInto("ls\0", bytes.subarray(at + execEvent.offset.arguments));
    view.setBigUint64(at + execEvent.offset.arguments_address, 0x7ffd_0000n, true);
    view.setUint32(at + execEvent.offset.arguments_length, 3, true);
    view.setUint32(at + execEvent.offset.arguments_whole, 3, true);
  }
  view.setUint16(record.offset.type, types[type], true);
  view.setUint32(record.offset.slot, 2, true);
  view.setUint32(record.offset.pid, pid, true);
  view.setUint32(record.offset.tid, pid, true);
  view.setBigUint64(record.offset.start_time, BigInt(pid), true);
  return bytes;
}

/** Records in memory that stands for the ring's. */
export function ringOf(records: readonly Uint8Array[]): {
  readonly ring: RecordPlace;
  readonly places: readonly { readonly offset: number; readonly length: number }[];
} {
  const places: { offset: number; length: number }[] = [];
  let end = 0;
  for (const { length } of records) {
    places.push({ offset: end, length });
    end += Math.ceil(length / 8) * 8;
  }
  const bytes = new Uint8Array(end);
  for (const [i, each] of records.entries()) bytes.set(each, places[i]!.offset);
  return { ring: { bytes, words: new Uint32Array(bytes.buffer) }, places };
}

/** A small recording: a container, a few calls, a fork, an exec, an answer of /proc's, a tick. */
export function smallRecording(): MemoryFile {
  const file = new MemoryFile();
  const writer = new RecordingWriter(file, header);
  const { ring, places } = ringOf([
    processRecord("fork", 7),
    processRecord("exec", 7),
    callRecord({ payload: new TextEncoder().encode("/etc/passwd\0") }),
    callRecord({ time: 2000n, args: [1n, 2n] }),
    processRecord("exit", 7),
  ]);
  const [fork, exec, first, second, exit] = places;
  writer.fact(factText(containerFact({
    identity: { runtime: "docker", id: "a".repeat(64), cgroup: "/docker/a" },
    metadata: { state: "known", description: { name: "web-1" } },
    v1: false,
    origin: "seen",
    since: 5n,
    state: "running",
  })));
  writer.owner(2, 0);
  writer.round();
  writer.process(ring, fork!.offset, fork!.length);
  writer.process(ring, exec!.offset, exec!.length);
  writer.call(ring, first!.offset, first!.length, true);
  writer.flush();
  writer.call(ring, second!.offset, second!.length, false);
  writer.process(ring, exit!.offset, exit!.length);
  writer.fact(factText({
    type: "tick",
    time: 1n,
    interval: 1000.5,
    changes: [{ action: "seen", container: 0, time: 1n }],
    tallies: [{ container: 0, new: { read: 2 } }],
    losses: [{ container: 0, reason: "ring_full", syscall: "read", count: 3 }],
    missed: 0n,
    overflowed: 0n,
    unmeasured: 0n,
    forgets: true,
  }));
  writer.fact(factText({ type: "stopped", time: 2n }));
  writer.end();
  return file;
}
