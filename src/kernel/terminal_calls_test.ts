import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { syscallName, syscallNames } from "../syscalls/mod.ts";
import { constants, terminals } from "./layout.ts";
import { callsOfTerminals, terminalMajors, terminalsBytes } from "./terminal_calls.ts";

const architectures = ["x86_64", "aarch64"] as const;

Deno.test("callsOfTerminals: each has a cell, and none two", () => {
  for (const architecture of architectures) {
    const names = callsOfTerminals(architecture)
      .map(({ nr, abi }) => syscallName(nr, abi, architecture));
    ok(names.length <= constants.TERMINAL_CELLS, `${names.length}`);
    strictEqual(new Set(names).size, names.length);
    ok(constants.TERMINAL_CELLS <= 1 << constants.TERMINAL_CELL_BITS);
    for (const name of ["read", "write", "ioctl", "ppoll", "pselect6"]) {
      ok(names.includes(name), name);
    }
    for (const name of names) ok(!/epoll|old|send|recv/.test(name), name);
  }
});

Deno.test("callsOfTerminals: 32-bit code's have their own names and numbers", () => {
  const names = callsOfTerminals("x86_64").map(({ nr, abi }) => syscallName(nr, abi, "x86_64"));
  for (const name of ["i386:read", "i386:_newselect", "i386:ppoll_time64", "x32:readv"]) {
    ok(names.includes(name), name);
  }
  ok(!names.includes("i386:select"), "its arguments are in memory");
  const arm = callsOfTerminals("aarch64").map(({ nr, abi }) => syscallName(nr, abi, "aarch64"));
  ok(arm.includes("arm:poll") && !arm.includes("poll"), "arm64 has no poll, 32-bit ARM has");
});

Deno.test("callsOfTerminals: all reads and writes of a descriptor that there are", () => {
  for (const architecture of architectures) {
    const all = syscallNames(architecture).filter((name) => /^p?(read|write)(v2?|64)?$/.test(name));
    const ours = callsOfTerminals(architecture).map(({ nr, abi }) =>
      syscallName(nr, abi, architecture)
    );
    deepStrictEqual(all.filter((name) => !ours.includes(name)), []);
  }
});

Deno.test("terminalsBytes: by number, what a call is told by and its cell; the majors in bits", () => {
  const bytes = terminalsBytes();
  strictEqual(bytes.length, terminals.size);
  const calls = bytes.subarray(terminals.offset.calls);
  const set = [...calls].filter((value) => value !== 0);
  strictEqual(set.length, callsOfTerminals().length);
  const cells = set.map((value) => value & ((1 << constants.TERMINAL_CELL_BITS) - 1));
  deepStrictEqual(cells.sort((a, b) => a - b), callsOfTerminals().map((_, cell) => cell));
  const isMajor = (major: number) => (bytes[major >> 3] ?? 0) >> (major & 7) & 1;
  for (const major of [4, 5, 136, 143, 166, 188, 229]) strictEqual(isMajor(major), 1, `${major}`);
  // Memory, disks, miscellaneous, sound, frame buffers: no terminals.
  for (const major of [0, 1, 8, 10, 13, 14, 29, 511]) strictEqual(isMajor(major), 0, `${major}`);
});

Deno.test("terminalMajors: those of drivers that are registered, under any number", () => {
  const drivers = `/dev/tty             /dev/tty        5       0 system:/dev/tty
/dev/ptmx            /dev/ptmx       5       2 system
usbserial            /dev/ttyUSB   188 0-511 serial
g_serial             /dev/ttyGS    241 0-7 serial
odd name with 7 words /dev/ttyX    242 0-7 type:9.1
ttyprintk            /dev/ttyprintk   5       3 console
`;
  const majors = terminalMajors(drivers);
  for (const major of [5, 188, 241, 242]) ok(majors.has(major), `${major}`);
  ok(!majors.has(7) && !majors.has(3 + 511));
});

Deno.test("terminalMajors: whatever stands there, each is a major that the kernel has", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(), fc.nat(), (text, major, minor) => {
    for (const found of terminalMajors(`${text}\nx /dev/x ${major} ${minor} ${text}\n${text}`)) {
      ok(Number.isInteger(found) && found >= 0 && found < constants.MAJORS);
    }
  }));
});
