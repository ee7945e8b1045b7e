/**
 * What the files below /proc/PID say. Names and arguments in them are any bytes that a container likes.
 *
 * @module
 */
import { decodeText } from "../text/mod.ts";

/** A clock tick of /proc in ns: USER_HZ is 100 on x86-64 and arm64. */
export const TICK = 10_000_000n;

/** What is read of /proc/PID/stat: proc_pid_stat(5). */
export interface Stat {
  readonly comm: string;
  /** `R`, `S`, `D`, `Z`, … */
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** The terminal's number, 0 if there is none. */
  readonly tty: number;
  readonly threads: number;
  /** Clock ticks of CLOCK_BOOTTIME from boot to the process's start. */
  readonly start: bigint;
  /** Where the arguments are in its memory; 0 if it has none, or none that we may see. */
  readonly argvAddress: bigint;
  /** As wait(2) encodes it; only a zombie's is one. */
  readonly exitCode: number;
}

/** @returns undefined if it isn't whole. */
export function parseStat(bytes: Uint8Array): Stat | undefined {
  const text = decodeText(bytes);
  const begin = text.indexOf("(");
  // The name is as it is, parentheses and newlines too; behind it are numbers alone.
  const end = text.lastIndexOf(")");
  if (begin < 0 || end < begin) return undefined;
  const fields = text.slice(end + 2).trimEnd().split(" ");
  const [state = ""] = fields;
  /** By its number in proc_pid_stat(5); 3 is the first behind the name. */
  const field = (number: number) => {
    const digits = fields[number - 3];
    return digits !== undefined && /^-?\d+$/.test(digits) ? digits : undefined;
  };
  const start = field(22);
  if (start === undefined) return undefined;
  return {
    comm: text.slice(begin + 1, end),
    state,
    parent: Number(field(4)),
    session: Number(field(6)),
    // Printed as if it had a sign.
    tty: Number(field(7)) >>> 0,
    threads: Number(field(20)),
    start: BigInt(start),
    argvAddress: BigInt(field(48) ?? 0),
    exitCode: Number(field(52) ?? 0),
  };
}

/** What is read of /proc/PID/status: proc_pid_status(5). */
export interface Status {
  /** Its pid in its innermost pid namespace; undefined before Linux 4.1. */
  readonly containerPid: number | undefined;
  /** The effective user and group. */
  readonly uid: number;
  readonly gid: number;
  /** The effective set. */
  readonly capabilities: bigint;
}

/** @returns undefined if it isn't whole. */
export function parseStatus(bytes: Uint8Array): Status | undefined {
  const text = decodeText(bytes);
  // Here the kernel escapes newlines of the name, and nothing else of it: `\rUid:\t0\t0` is a name, not a line.
  const uid = /\nUid:\t\d+\t(\d+)/.exec(text)?.[1];
  const gid = /\nGid:\t\d+\t(\d+)/.exec(text)?.[1];
  const capabilities = /\nCapEff:\t([0-9a-f]+)\n/.exec(text)?.[1];
  const containerPid = /\nNSpid:[\t\d]*\t(\d+)\n/.exec(text)?.[1];
  if (uid === undefined || gid === undefined || capabilities === undefined) return undefined;
  return {
    containerPid: containerPid === undefined ? undefined : Number(containerPid),
    uid: Number(uid),
    gid: Number(gid),
    capabilities: BigInt(`0x${capabilities}`),
  };
}

/** The audit id that says that nobody logged in: include/linux/uidgid.h, INVALID_UID. */
const NOBODY = 0xffff_ffff;

/** What /proc/PID/loginuid says; undefined if nobody logged in, or the kernel has no audit. */
export function parseLoginUid(bytes: Uint8Array | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes).trim();
  return /^\d+$/.test(text) && Number(text) !== NOBODY ? Number(text) : undefined;
}

/**
 * The arguments in /proc/PID/cmdline. A process may have written over them: then there is a text where they
 * began and NULs, or nothing, behind it. Empty arguments at the end are not told from that, and left out.
 */
export function parseCmdline(bytes: Uint8Array): string[] {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return length === 0 ? [] : decodeText(bytes.subarray(0, length)).split("\0");
}
