/**
 * Calls that threads are blocked in now, as /proc says: nr and arguments, of calls that began before anybody
 * looked.
 *
 * @module
 */
import { callEvent, constants, record } from "../kernel/mod.ts";
import { CallEvent } from "./call_event.ts";

/** A thread of a container. */
export interface BlockedThread {
  readonly pid: number;
  readonly tid: number;
  /** ns of CLOCK_BOOTTIME at which its process started, exact to a clock tick. */
  readonly start: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly comm: string;
}

/**
 * What /proc/PID/task/TID/syscall says, as a record: proc_pid_syscall(5). It is of the machine's own table: of
 * 32-bit code the file has the number, but not whose.
 *
 * @param now ns of CLOCK_BOOTTIME, to stand for the time of its enter, which nobody knows.
 * @returns undefined if the thread runs, or is blocked in no call.
 */
export function blockedCall(
  text: string,
  thread: BlockedThread,
  now: bigint,
): CallEvent | undefined {
  const words = /^(\d+)((?: 0x[0-9a-f]+){6})/.exec(text);
  if (words === null) return undefined;
  const [, nr = "", args = ""] = words;
  const bytes = new ArrayBuffer(record.size + callEvent.size);
  const view = new DataView(bytes);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  view.setUint32(record.offset.pid, thread.pid, true);
  view.setUint32(record.offset.tid, thread.tid, true);
  view.setBigUint64(record.offset.time, now, true);
  view.setBigUint64(record.offset.start_time, thread.start, true);
  view.setUint32(record.offset.uid, thread.uid, true);
  view.setUint32(record.offset.gid, thread.gid, true);
  new TextEncoder().encodeInto(thread.comm, new Uint8Array(bytes, record.offset.comm, 15));
  view.setInt32(record.size + callEvent.offset.nr, Number(nr), true);
  for (const [i, word] of args.trim().split(" ").entries()) {
    view.setBigUint64(record.size + callEvent.offset.arguments + 8 * i, BigInt(word), true);
  }
  return new CallEvent(bytes).move(0, bytes.byteLength);
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    // Gone, or not for us to see.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Calls that a process's threads are blocked in. */
export function* blockedCalls(pid: number, now: bigint): Generator<CallEvent> {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return;
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  let owner: Deno.FileInfo;
  let threads: number[];
  try {
    // The folder of a process belongs to its effective user.
    owner = Deno.statSync(`/proc/${pid}`);
    threads = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => Number(name));
  } catch (error) {
    if (error instanceof Error) return;
    throw error;
  }
  for (const tid of threads) {
    const text = read(`/proc/${pid}/task/${tid}/syscall`);
    if (text === undefined) continue;
    const call = blockedCall(text, {
      pid,
      tid,
      start: BigInt(ticks) * 10_000_000n,
      uid: owner.uid ?? 0,
      gid: owner.gid ?? 0,
      comm: read(`/proc/${pid}/task/${tid}/comm`)?.trimEnd() ?? "",
    }, now);
    if (call !== undefined) yield call;
  }
}
