import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { statFile, statusFile } from "./fixtures.ts";
import { decodeText } from "../text/mod.ts";
import { parseCmdline, parseLoginUid, parseStat, parseStatus, TICK } from "./proc_texts.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A name: 15 bytes at most of any kind, often of those that stat and status are made of. */
const anyComm = fc.oneof(
  fc.uint8Array({ maxLength: 15, min: 1 }),
  fc.array(fc.constantFrom(..."()\n\\\r\t 0RS:".split("")), { maxLength: 15 })
    .map((characters) => bytes(characters.join(""))),
);

Deno.test("stat: a process of Linux 6.18", () => {
  const text =
    "7436 (deno) R 7432 7432 4718 34816 -1 4194304 7586 0 3 0 55 35 0 0 20 0 6 0 1243909 18609299456 " +
    "15845 18446744073709551615 94048824033280 94048887946096 140731032884448 0 0 0 0 4096 1088 0 0 0 " +
    "17 1 0 0 0 0 0 94048890513512 94048890746304 94049925165056 140731032885983 140731032886000 " +
    "140731032886000 140731032887274 9\n";
  deepStrictEqual(parseStat(bytes(text)), {
    comm: "deno",
    state: "R",
    parent: 7432,
    session: 4718,
    tty: 34816,
    threads: 6,
    start: 1243909n,
    argvAddress: 140731032885983n,
    exitCode: 9,
  });
});

Deno.test("stat: whatever the name is, it is that, and the numbers are the kernel's", () => {
  fc.assert(fc.property(anyComm, fc.bigInt(1n, 2n ** 62n), (comm, start) => {
    const stat = parseStat(statFile(12, { start, comm, parent: 7, tty: 34816 }));
    strictEqual(stat?.comm, decodeText(comm));
    strictEqual(stat.start, start / TICK);
    strictEqual(stat.parent, 7);
    strictEqual(stat.tty, 34816);
  }));
});

Deno.test("stat: a terminal's number that is printed with a sign", () => {
  strictEqual(parseStat(statFile(12, { start: 1n, tty: -2_130_671_611 }))?.tty, 0x8100_8805);
});

Deno.test("status: the effective user and group, the innermost pid, the effective capabilities", () => {
  const shown = { start: 1n, uid: 5, gid: 6, containerPid: 3, capabilities: 0x1ff_ffff_ffffn };
  const status = { uid: 5, gid: 6, containerPid: 3, capabilities: 0x1ff_ffff_ffffn };
  deepStrictEqual(parseStatus(statusFile(12, shown)), status);
  strictEqual(parseStatus(statusFile(12, { start: 1n }))?.containerPid, 12);
  const old = decodeText(statusFile(12, shown)).replace(/NSpid.*\n/, "");
  deepStrictEqual(parseStatus(bytes(old)), { ...status, containerPid: undefined });
});

Deno.test("status: no name passes for another line", () => {
  const lies = ["\rUid:\t0\t0", "\u2028Uid:\t0\t0", "x\r\rGid:\t9\t9", "\rNSpid:\t1\t1"];
  const name = fc.oneof(anyComm, fc.constantFrom(...lies).map(bytes));
  fc.assert(fc.property(name, (comm) => {
    const status = parseStatus(
      statusFile(12, { start: 1n, comm, uid: 5, gid: 6, containerPid: 3 }),
    );
    deepStrictEqual(status, { uid: 5, gid: 6, containerPid: 3, capabilities: 0n });
  }));
});

Deno.test("login uid: a number, or nobody", () => {
  strictEqual(parseLoginUid(bytes("1000")), 1000);
  strictEqual(parseLoginUid(bytes("0\n")), 0);
  strictEqual(parseLoginUid(bytes("4294967295")), undefined);
  strictEqual(parseLoginUid(bytes("")), undefined);
  strictEqual(parseLoginUid(undefined), undefined);
});

Deno.test("cmdline: arguments come back, but for empty ones at the end", () => {
  const argument = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", ""));
  fc.assert(fc.property(fc.array(argument), (argv) => {
    const last = argv.findLastIndex((each) => each !== "");
    const file = bytes(argv.map((each) => `${each}\0`).join(""));
    deepStrictEqual(parseCmdline(file), argv.slice(0, last + 1));
  }));
});

Deno.test("cmdline: one that was written over, with NULs behind it or none; one that is empty", () => {
  const title = ["nginx: worker process"];
  deepStrictEqual(parseCmdline(bytes("nginx: worker process\0\0\0\0\0")), title);
  deepStrictEqual(parseCmdline(bytes("nginx: worker process")), title);
  deepStrictEqual(parseCmdline(bytes("")), []);
  deepStrictEqual(parseCmdline(bytes("\0\0")), []);
  deepStrictEqual(parseCmdline(Uint8Array.of(97, 0xff, 0, 0xef, 0xbb, 0xbf, 98)), [
    "a\uDCFF",
    "\uFEFFb",
  ]);
});

Deno.test("stat, status, cmdline: no bytes throw", () => {
  const part = fc.constantFrom("1", " ", "(", ")", "\n", "Uid:\t1\t2", "CapEff:\tff\n", "\0", "-");
  const anything = fc.oneof(
    fc.uint8Array(),
    fc.array(part, { maxLength: 80 }).map((parts) => bytes(parts.join(""))),
  );
  fc.assert(fc.property(anything, (file) => {
    const stat = parseStat(file);
    strictEqual(typeof (stat?.start ?? 0n), "bigint");
    parseStatus(file);
    parseLoginUid(file);
    parseCmdline(file);
  }));
});

const linux = { ignore: Deno.build.os !== "linux" };

Deno.test("stat, status: this kernel writes any name as we read it", linux, () => {
  const own = (name: string) => Deno.readFileSync(`/proc/self/${name}`);
  const before = own("comm").slice(0, -1);
  const uid = parseStatus(own("status"))?.uid;
  try {
    fc.assert(
      fc.property(anyComm.filter((comm) => comm.length > 0 && !comm.includes(0)), (comm) => {
        Deno.writeFileSync("/proc/self/comm", comm);
        strictEqual(parseStat(own("stat"))?.comm, decodeText(comm));
        strictEqual(parseStatus(own("status"))?.uid, uid);
      }),
      { numRuns: 200 },
    );
  } finally {
    Deno.writeFileSync("/proc/self/comm", before);
  }
});
