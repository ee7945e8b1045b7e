/**
 * Calls that were made on a terminal, as the kernel has counted them: bpf/terminal.h.
 *
 * @module
 */
import type { BpfObject } from "../ffi/mod.ts";
import { type Architecture, syscallOf } from "../syscalls/mod.ts";
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

/** Its arguments are in memory; what replaced it, _newselect, is what C libraries call. */
const otherwise = new Set(["i386:select"]);

const prefixes = ["", "i386:", "x32:", "arm:"];

/** arch/x86/include/uapi/asm/unistd.h: __X32_SYSCALL_BIT */
const X32_BIT = 0x40000000;

/**
 * Majors of terminals whose driver may come after we have looked, by Documentation/admin-guide/devices.txt: 2 and 3
 * BSD ptys, 4 tty and ttyS, 5 tty, console and ptmx, 128 to 143 Unix98 ptys, 166 ttyACM, 188 ttyUSB, 204 ttyAMA and
 * other serial ports, 216 rfcomm, 229 hvc.
 */
const fixedMajors: readonly number[] = [
  ...[2, 3, 4, 5],
  ...Array.from({ length: 16 }, (_, i) => 128 + i),
  ...[166, 188, 204, 216, 229],
];

/**
 * The majors of terminals.
 *
 * @param drivers Those that are registered, as /proc/tty/drivers has them: name, path, major, minors, type.
 */
export function terminalMajors(drivers: string): ReadonlySet<number> {
  const registered = drivers.split("\n").flatMap((line) => {
    const major = Number(/\s(\d+)\s+\d+(?:-\d+)?\s+\S+\s*$/.exec(line)?.[1]);
    return major < constants.MAJORS ? [major] : [];
  });
  return new Set([...fixedMajors, ...registered]);
}

function registeredDrivers(): string {
  try {
    return Deno.readTextFileSync("/proc/tty/drivers");
  } catch (error) {
    // A kernel that has no terminals at all has no such file.
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** A call that can be on a terminal. */
export interface TerminalCall {
  readonly nr: number;
  readonly abi: Abi;
  /** What of it tells whether it is: one of the `ON_*` of layout.ts. */
  readonly on: number;
}

/** All of them on this machine, in the order of their cells. */
export function callsOfTerminals(architecture: Architecture = Deno.build.arch): TerminalCall[] {
  return prefixes.flatMap((prefix) =>
    kinds.flatMap(({ on, names }) =>
      names.flatMap((name): TerminalCall[] => {
        const label = `${prefix}${name}`;
        const call = otherwise.has(label) ? undefined : syscallOf(label, architecture);
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

/** What `terminals` of bpf/terminal.h is set to before loading. */
export function terminalsBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(terminals.size);
  const view = new DataView(bytes.buffer);
  for (const major of terminalMajors(registeredDrivers())) {
    const at = terminals.offset.majors + 8 * (major >> 6);
    view.setBigUint64(at, view.getBigUint64(at, true) | 1n << BigInt(major & 63), true);
  }
  for (const [cell, call] of callsOfTerminals().entries()) {
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
  readonly #calls = callsOfTerminals();

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
