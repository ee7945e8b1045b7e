/**
 * What a signal says of itself: siginfo_t, whose union has one form or another by the signal and its code.
 */
import {
  busCode,
  childCode,
  fpeCode,
  illCode,
  pollCode,
  segvCode,
  signalCode,
  sysCode,
  trapCode,
} from "../tables/signal.ts";
import { errno } from "../tables/errno.ts";
import { type Choice, choice, type Names } from "./flags.ts";
import type { Fault, FormatOptions, Json, Kind, Word } from "./kind.ts";
import { type Layout, pointerTo, scalar } from "./layout.ts";
import { signal, signalName } from "./signals.ts";
import { hex, int, offset, pid, pointer, uid } from "./words.ts";

/** What a signal says of itself: by its code, the fields of one form. */
export interface SignalInfo {
  readonly si_signo: string;
  /** Its name, `SI_USER`, `CLD_EXITED`, or the number if it has none. */
  readonly si_code: string;
  readonly si_errno?: Choice;
  readonly si_pid?: number;
  readonly si_uid?: number;
  /** Of a child's end: its exit code, or the signal's name. */
  readonly si_status?: number | string;
  readonly si_timerid?: number;
  readonly si_overrun?: number;
  /** What its sender gave it: the low half of `si_ptr`. */
  readonly si_int?: number;
  readonly si_ptr?: bigint;
  readonly si_addr?: bigint;
  /** Of broken memory: the bits of an address that it is less than. */
  readonly si_addr_lsb?: number;
  readonly si_band?: number;
  readonly si_fd?: number;
  readonly si_call_addr?: bigint;
  readonly si_syscall?: number;
  readonly si_arch?: number;
}

/** Codes that a signal has of its own, beside those that all have. */
const ownCodes: Readonly<Record<string, Names>> = {
  SIGBUS: busCode,
  SIGCHLD: childCode,
  SIGFPE: fpeCode,
  SIGILL: illCode,
  SIGIO: pollCode,
  SIGSEGV: segvCode,
  SIGSYS: sysCode,
  SIGTRAP: trapCode,
};
const general = choice(signalCode);
const codes = new Map<string, Word<unknown>>(
  Object.entries(ownCodes).map(([name, own]) => [name, choice({ ...signalCode, ...own })]),
);

const signoAt = 0;
const codeAt = 8;

function signoOf(view: DataView, base: number): string {
  return signalName(view.getInt32(base + signoAt, true));
}

function codeOf(view: DataView, base: number): number {
  return view.getInt32(base + codeAt, true);
}

type Name = Exclude<keyof SignalInfo, "si_signo" | "si_code">;
type Field = readonly [name: Name, at: number, layout: Layout<unknown>];

/** asm-generic/siginfo.h, where longs have 64 bits */
const errorField: Field = ["si_errno", 4, scalar("i32", choice(errno))];
const sender: readonly Field[] = [
  ["si_pid", 16, scalar("i32", pid)],
  ["si_uid", 20, scalar("u32", uid)],
];
const value: readonly Field[] = [
  ["si_int", 24, scalar("i32", int)],
  ["si_ptr", 24, scalar("u64", pointer)],
];
const timer: readonly Field[] = [
  ["si_timerid", 16, scalar("i32", hex)],
  ["si_overrun", 20, scalar("i32", int)],
];
const exited: Field = ["si_status", 24, scalar("i32", int)];
const signalled: Field = ["si_status", 24, scalar("i32", signal)];
const fault: Field = ["si_addr", 16, scalar("u64", pointer)];
const leastBits: Field = ["si_addr_lsb", 24, scalar("u16", hex)];
const band: readonly Field[] = [
  ["si_band", 16, scalar("i64", offset)],
  ["si_fd", 24, scalar("i32", int)],
];
const refused: readonly Field[] = [
  ["si_call_addr", 16, scalar("u64", pointer)],
  ["si_syscall", 24, scalar("i32", int)],
  ["si_arch", 28, scalar("u32", hex)],
];

/** Who sent it, and what with it, as far as there is either. */
function sent(view: DataView, base: number): readonly Field[] {
  const isFrom = view.getBigUint64(base + 16, true) !== 0n;
  return [...(isFrom || codeOf(view, base) <= 0 ? sender : []), ...given(view, base)];
}

function given(view: DataView, base: number): readonly Field[] {
  return view.getBigUint64(base + 24, true) !== 0n ? value : [];
}

/** The form that the kernel's siginfo_layout() finds: kernel/signal.c. */
function form(view: DataView, base: number): readonly Field[] {
  const code = codeOf(view, base);
  switch (code) {
    case signalCode.SI_USER:
    case signalCode.SI_TKILL:
      return sender;
    case signalCode.SI_TIMER:
      return [...timer, ...value];
    case signalCode.SI_SIGIO:
      return band;
  }
  if (code < 0) return sent(view, base);
  switch (signoOf(view, base)) {
    case "SIGCHLD":
      // si_utime and si_stime are left out: waitid(2) does not write them.
      return [...sender, code === childCode.CLD_EXITED ? exited : signalled];
    case "SIGFPE":
    case "SIGILL":
    case "SIGSEGV":
    case "SIGTRAP":
      return [fault];
    case "SIGBUS":
      return code === busCode.BUS_MCEERR_AR || code === busCode.BUS_MCEERR_AO
        ? [fault, leastBits]
        : [fault];
    case "SIGIO":
      return code <= pollCode.POLL_HUP ? band : [];
    case "SIGSYS":
      return refused;
    default:
      return sent(view, base);
  }
}

function fieldsOf(view: DataView, base: number): readonly Field[] {
  const hasErrno = view.getInt32(base + 4, true) !== 0;
  return [...(hasErrno ? [errorField] : []), ...form(view, base)];
}

function codeText(view: DataView, base: number): string {
  const word = codes.get(signoOf(view, base)) ?? general;
  return word.text(BigInt(codeOf(view, base)), {});
}

function text(view: DataView, base: number, options: FormatOptions): string {
  // waitid(2) that has found nobody.
  if (view.getInt32(base + signoAt, true) === 0) return "{}";
  const parts = [`si_signo=${signoOf(view, base)}`, `si_code=${codeText(view, base)}`];
  for (const [name, at, layout] of fieldsOf(view, base)) {
    parts.push(`${name}=${layout.text(view, base + at, options)}`);
  }
  return `{${parts.join(", ")}}`;
}

function read(view: DataView, base: number): SignalInfo {
  return {
    si_signo: signoOf(view, base),
    si_code: codeText(view, base),
    ...Object.fromEntries(
      fieldsOf(view, base).map(([name, at, layout]) => [name, layout.read(view, base + at)]),
    ),
  };
}

function json(view: DataView, base: number): Json {
  return {
    si_signo: signoOf(view, base),
    si_code: codeText(view, base),
    ...Object.fromEntries(
      fieldsOf(view, base).map(([name, at, layout]) => [name, layout.json(view, base + at)]),
    ),
  };
}

/** A pointer to what a signal says of itself. */
export const siginfo: Kind<SignalInfo | Fault> = pointerTo({ size: 32, read, text, json }, {
  name: "siginfo",
  compat: pointer,
});
