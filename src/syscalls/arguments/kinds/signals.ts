/**
 * Kinds of signals: numbers, sets, dispositions, what waiting for a child tells.
 */
import { actionFlags, notify, signal as signalNames, stackFlags } from "../tables/signal.ts";
import { choice, flags } from "./flags.ts";
import { address, type Fault, type Kind, memory, type Word, word } from "./kind.ts";
import { type Layout, pointerTo, scalar, struct, viewOf } from "./layout.ts";
import { longHex, pid, pointer, size } from "./words.ts";

/** linux/signal.h: the first signal that has no use of its own. */
const SIGRTMIN = 32;
const SIGNALS = 64;

const byNumber = new Map<number, string>(
  Object.entries(signalNames).map(([name, number]) => [number, name]),
);

/** A signal's name: `SIGKILL`, `SIGRTMIN`, `SIGRT_1`; the number if it is none. */
export function signalName(number: number): string {
  return byNumber.get(number) ??
    (number < SIGRTMIN || number > SIGNALS
      ? `${number}`
      : number === SIGRTMIN
      ? "SIGRTMIN"
      : `SIGRT_${number - SIGRTMIN}`);
}

/** A signal's name; "0" asks whether it could be sent. */
export const signal: Word<string> = word("signal", {
  of: (value) => signalName(Number(BigInt.asIntN(32, value))),
  text: (value) => signalName(Number(BigInt.asIntN(32, value))),
});

/** A set of signals, by their names. */
const setWord: Word<readonly string[]> = word("signals", {
  of: setOf,
  text: setText,
  json: setOf,
});

function setOf(bits: bigint): readonly string[] {
  const names: string[] = [];
  for (let number = 1; number <= SIGNALS; number++) {
    if ((bits >> BigInt(number - 1)) & 1n) names.push(signalName(number));
  }
  return names;
}

/** As strace has it: without SIG, and if most are set, those that are not behind a tilde. */
function setText(bits: bigint): string {
  const short = (names: readonly string[]) => names.map((name) => name.slice(3)).join(" ");
  const names = setOf(bits);
  return names.length >= (SIGNALS * 2) / 3
    ? `~[${short(setOf(BigInt.asUintN(64, ~bits)))}]`
    : `[${short(names)}]`;
}

/** The kernel's sigset_t: 64 bits, in 32-bit code as well. */
const signalSetLayout: Layout<readonly string[]> = scalar("u64", setWord);
/** A pointer to a set of signals. */
export const signalSet: Kind<readonly string[] | Fault> = pointerTo(signalSetLayout, {
  name: "signalSet",
});

const handler: Word<string> = word("handler", {
  of: handlerText,
  text: handlerText,
});

function handlerText(address: bigint): string {
  if (address === 0n) return "SIG_DFL";
  return address === 1n ? "SIG_IGN" : `0x${address.toString(16)}`;
}

/** Without SA_RESTORER nobody reads sa_restorer. */
function hasRestorer(view: DataView, base: number): boolean {
  return (view.getUint32(base + 8, true) & actionFlags.SA_RESTORER) !== 0;
}

/** struct kernel_sigaction, arch/x86 and generic: 32-bit code's has half as wide pointers. */
export const sigaction = pointerTo(
  struct(32, {
    sa_handler: [0, scalar("u64", handler)],
    sa_mask: [24, signalSetLayout],
    sa_flags: [8, scalar("u64", flags(actionFlags, { bits: 64 }))],
    sa_restorer: [16, scalar("u64", pointer), hasRestorer],
  }),
  { name: "sigaction", compat: pointer },
);

/** stack_t */
export const alternateStack = pointerTo(
  struct(24, {
    ss_sp: [0, scalar("u64", pointer)],
    ss_flags: [8, scalar("i32", flags(stackFlags))],
    ss_size: [16, scalar("u64", size)],
  }),
  { name: "stack", compat: pointer },
);

/** union sigval: a number or a pointer, as its owner likes. */
const signalValue: Word<number> = word("signalValue", {
  of: longHex.of,
  text: (value) => `{sival_int=${BigInt.asIntN(32, value)}, sival_ptr=${address(value)}}`,
});

/** struct sigevent, the part that all of its forms have, and the thread that SIGEV_THREAD_ID names. */
export const sigevent = pointerTo(
  struct(20, {
    sigev_value: [0, scalar("u64", signalValue), (view, at) => view.getBigUint64(at) !== 0n],
    sigev_signo: [8, scalar("i32", signal)],
    sigev_notify: [12, scalar("i32", choice(notify))],
    sigev_notify_thread_id: [
      16,
      scalar("i32", pid),
      (view, at) => view.getInt32(at + 12, true) === notify.SIGEV_THREAD_ID,
    ],
  }),
  { name: "sigevent", compat: pointer },
);

/** What became of a child: wait(2)'s status. */
export type WaitStatus =
  | { readonly state: "exited"; readonly code: number }
  | { readonly state: "killed"; readonly signal: string; readonly core: boolean }
  | { readonly state: "stopped"; readonly signal: string; readonly event: number }
  | { readonly state: "continued" };

/** bits/waitstatus.h */
function statusOf(status: number): WaitStatus {
  if (status === 0xffff) return { state: "continued" };
  const low = status & 0x7f;
  if ((status & 0xff) === 0x7f) {
    return { state: "stopped", signal: signalName((status >> 8) & 0xff), event: status >>> 16 };
  }
  return low === 0
    ? { state: "exited", code: (status >> 8) & 0xff }
    : { state: "killed", signal: signalName(low), core: (status & 0x80) !== 0 };
}

function statusText(status: number): string {
  const what = statusOf(status);
  switch (what.state) {
    case "exited":
      return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${what.code}}]`;
    case "killed":
      return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${what.signal}${
        what.core ? " && WCOREDUMP(s)" : ""
      }}]`;
    case "stopped":
      return `[{WIFSTOPPED(s) && WSTOPSIG(s) == ${what.signal}}${
        what.event === 0 ? "" : ` | ${what.event << 16}`
      }]`;
    case "continued":
      return "[{WIFCONTINUED(s)}]";
  }
}

/** A pointer to a child's status, which the kernel fills in. */
export const waitStatus: Kind<WaitStatus | Fault> = memory(
  "waitStatus",
  { op: "bytes", arg: "", when: "exit", size: 4 },
  {
    least: 4,
    decode: (piece) => statusOf(viewOf(piece).getInt32(0, true)),
    text: (piece) => statusText(viewOf(piece).getInt32(0, true)),
    json: (piece) => ({ ...statusOf(viewOf(piece).getInt32(0, true)) }),
  },
);
