/**
 * Calls that were made on a terminal, as the kernel has counted them: bpf/terminal.h.
 *
 * @module
 */
import type { BpfObject } from "../ffi/mod.ts";
import { syscallOf } from "../syscalls/mod.ts";
import { Cells } from "./cells.ts";
import { constants, terminals } from "./layout.ts";
import type { Abi } from "./rows.ts";

/** By what of a call it is told whether it is on a terminal. */
const kinds: readonly { readonly on: number; readonly names: readonly string[] }[] = [
  {
    on: constants.ON_DESCRIPTOR,
    names: [
      "read",
      "write",
      "readv",
      "writev",
      "pread64",
      "pwrite64",
      "preadv",
      "pwritev",
      "preadv2",
      "pwritev2",
      "ioctl",
    ],
  },
  { on: constants.ON_POLLFDS, names: ["poll", "ppoll", "ppoll_time64"] },
  { on: constants.ON_FD_SETS, names: ["select", "_newselect", "pselect6", "pselect6_time64"] },
];

/** i386's oldest select has its arguments in memory, and no libc has called it since 1997. */
const otherwise = new Set(["i386:select"]);

const prefixes = ["", "i386:", "x32:", "arm:"];

/** arch/x86/include/uapi/asm/unistd.h: __X32_SYSCALL_BIT */
const X32_BIT = 0x40000000;

/**
 * Majors of terminals that a driver may claim after we have looked, by Documentation/admin-guide/devices.txt: 2 and
 * 3 BSD ptys, 4 tty and ttyS, 5 tty, console and ptmx, 128 to 143 Unix98 ptys, 166 ttyACM, 188 ttyUSB, 204 ttyAMA
 * and other serial ports, 229 hvc.
 */
const fixedMajors = [
  2,
  3,
  4,
  5,
  ...Array.from({ length: 16 }, (_, i) => 128 + i),
  166,
  188,
  204,
  229,
];

/** Those that are registered now: /proc/tty/drivers, where the third column from the left is the major. */
function registeredMajors(drivers: string): number[] {
  return drivers.split("\n").flatMap((line) => {
    const major = /^.*\s(\d+)\s+\d+(?:-\d+)?\s+\S+\s*$/.exec(line)?.[1];
    return major === undefined ? [] : [Number(major)];
  });
}

/** A call that can be on a terminal. */
interface TerminalCall {
  readonly nr: number;
  readonly abi: Abi;
  readonly on: number;
}

/** By cell. */
function terminalCalls(): TerminalCall[] {
  return prefixes.flatMap((prefix) =>
    kinds.flatMap(({ on, names }) =>
      names.flatMap((name): TerminalCall[] => {
        const label = `${prefix}${name}`;
        const call = otherwise.has(label) ? undefined : syscallOf(label);
        return call === undefined ? [] : [{ ...call, on }];
      })
    )
  );
}

/** bpf/terminal.h: terminal_call() */
function indexOf({ nr, abi }: TerminalCall): number {
  if (abi === "compat") return constants.ROW_CALLS + nr;
  return nr >= X32_BIT ? 2 * constants.ROW_CALLS + nr - X32_BIT : nr;
}

/** What `terminals` is set to before loading. */
export function terminalsBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(terminals.size);
  const view = new DataView(bytes.buffer);
  const registered = registeredMajors(Deno.readTextFileSync("/proc/tty/drivers"));
  for (const major of [...fixedMajors, ...registered]) {
    const at = terminals.offset.majors + 8 * (major >> 6);
    view.setBigUint64(at, view.getBigUint64(at, true) | 1n << BigInt(major & 63), true);
  }
  for (const [cell, call] of terminalCalls().entries()) {
    const value = call.on << constants.TERMINAL_CELL_BITS | cell;
    view.setUint8(terminals.offset.calls + indexOf(call), value);
  }
  return bytes;
}

/** Hears how many calls on a terminal a slot has made since it was last read. */
export type TerminalCallsHandler = (slot: number, nr: number, abi: Abi, calls: number) => void;

/** Reads them. */
export class TerminalCalls implements Disposable {
  readonly #cells: Cells;
  readonly #calls = terminalCalls();

  constructor(object: BpfObject, cpus: number) {
    this.#cells = new Cells(object.map("terminal_rows"), cpus, constants.TERMINAL_CELLS);
  }

  /** Tells what this slot has called on terminals since it was last read. */
  read(slot: number, onCalls: TerminalCallsHandler): void {
    this.#cells.read(slot, (cell, calls) => {
      const call = this.#calls[cell];
      if (call !== undefined) onCalls(slot, call.nr, call.abi, calls);
    });
  }

  /** The slot will be somebody else's. */
  forget(slot: number): void {
    this.#cells.forget(slot);
  }

  [Symbol.dispose](): void {
    this.#cells[Symbol.dispose]();
  }
}
