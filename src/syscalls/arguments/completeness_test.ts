/** Every call has a row, and the rows agree with what the kernel says of itself. */
import assert from "node:assert/strict";
import { type Architecture, syscallNames } from "../mod.ts";
import { arm } from "../arm.ts";
import { i386 } from "../i386.ts";
import { compiledOf, piecesOf } from "./compile.ts";
import { MOST_PIECES } from "./contract.ts";
import { argumentNames } from "./decode.ts";
import facts from "./kernel_facts.json" with { type: "json" };
import { rows } from "./rows.ts";

const architectures: readonly Architecture[] = ["x86_64", "aarch64"];
const all = [...new Set(architectures.flatMap((each) => syscallNames(each)))];

/** The kernel's own declarations: name -> C types, without the arguments' names. */
const declared = new Map(
  Object.entries(facts.calls).map(([name, list]) => [
    name,
    list === "" ? [] : list.split(", ").map((each) => each.replace(/\w+$/, "").trim()),
  ]),
);

/** In the tables, but in no kernel that says what it takes: gone, 32-bit code's, or not built on Debian's. */
const undeclared = [
  "_sysctl",
  "afs_syscall",
  "create_module",
  "epoll_ctl_old",
  "epoll_wait_old",
  "get_kernel_syms",
  "get_thread_area",
  "getpmsg",
  "lookup_dcookie",
  "nfsservctl",
  "putpmsg",
  "query_module",
  "rseq_slice_yield",
  "security",
  "set_thread_area",
  "tuxcall",
  "uselib",
  "vserver",
];

Deno.test("every call of x86-64 and arm64 has a row, and no row is without a call", () => {
  assert.deepEqual(Object.keys(rows).toSorted(), all.toSorted());
});

Deno.test("rows have as many arguments as the kernel declares", () => {
  assert.deepEqual(all.filter((name) => !declared.has(name)).toSorted(), undeclared);
  for (const architecture of architectures) {
    for (const name of syscallNames(architecture)) {
      const types = declared.get(name);
      if (types === undefined) continue;
      const row = rows[name as keyof typeof rows];
      assert.equal(Object.keys(row.arguments).length, types.length, name);
    }
  }
});

Deno.test("what is copied is what the kernel declares to be a pointer", () => {
  // Declared as numbers, and pointers for some commands.
  const sometimes = ["arch_prctl.1", "fcntl.2", "ioctl.2", "prctl.1"];
  for (const name of all) {
    const types = declared.get(name);
    if (types === undefined) continue;
    for (const { arg } of piecesOf(name, "x86_64")) {
      const type = types[arg] ?? "";
      const isPointer = type.includes("*") || /^(const )?cap_user_/.test(type);
      assert.ok(isPointer || sometimes.includes(`${name}.${arg}`), `${name}: ${type}`);
    }
  }
});

Deno.test("strings are declared as characters", () => {
  for (const name of all) {
    for (const piece of piecesOf(name, "x86_64")) {
      if (piece.op !== "string" || name === "prctl") continue;
      const type = declared.get(name)?.[piece.arg];
      if (type === undefined) continue;
      // mount(2)'s data and fsconfig(2)'s value are strings for nearly all file systems.
      assert.match(type, /char \*|void \*/, name);
    }
  }
});

Deno.test("a call has no more pieces than the BPF program copies, none of another call's arguments", () => {
  for (const architecture of architectures) {
    const prefixed = architecture === "x86_64"
      ? Object.keys(i386).map((name) => `i386:${name}`)
      : Object.keys(arm).map((name) => `arm:${name}`);
    for (const name of [...syscallNames(architecture), ...prefixed]) {
      const pieces = piecesOf(name, architecture);
      assert.ok(pieces.length <= MOST_PIECES, name);
      for (const piece of pieces) {
        assert.ok(piece.arg < 6, name);
        if (piece.op === "bytes" && "size" in piece) assert.ok(piece.size <= 4096, name);
        if (piece.op === "strings") assert.equal(piece.when, "enter");
      }
    }
  }
});

Deno.test("arm64 and 32-bit code have clone's last two arguments the other way round", () => {
  const names = (nr: number, abi: "native" | "compat", architecture: Architecture) =>
    argumentNames({ nr, abi }, architecture).slice(2);
  assert.deepEqual(names(56, "native", "x86_64"), ["parent_tid", "child_tid", "tls"]);
  assert.deepEqual(names(220, "native", "aarch64"), ["parent_tid", "tls", "child_tid"]);
  assert.deepEqual(names(120, "compat", "x86_64"), ["parent_tid", "tls", "child_tid"]);
});

Deno.test("32-bit code's second versions have the arguments of the call they are versions of", () => {
  const names = (name: keyof typeof i386) =>
    argumentNames({ nr: i386[name], abi: "compat" }, "x86_64");
  assert.deepEqual(names("chown32"), ["path", "uid", "gid"]);
  assert.deepEqual(names("futex_time64"), Object.keys(rows.futex.arguments));
  assert.deepEqual(names("mmap2"), Object.keys(rows.mmap.arguments));
  assert.deepEqual(names("mmap"), ["arguments"]);
  assert.deepEqual(piecesOf("i386:clock_gettime64", "x86_64"), piecesOf("clock_gettime", "x86_64"));
  assert.deepEqual(piecesOf("i386:clock_gettime", "x86_64"), [
    { op: "bytes", arg: 1, when: "exit", size: 8 },
  ]);
  assert.deepEqual(piecesOf("i386:clock_getres_time64"), piecesOf("clock_getres"));
  assert.deepEqual(piecesOf("i386:openat", "x86_64"), piecesOf("openat", "x86_64"));
});

Deno.test("every call of i386 and arm has a row, but for those that nobody calls any more", () => {
  const without = (numbers: object, prefix: string, architecture: Architecture) =>
    Object.entries(numbers as Record<string, number>)
      .filter(([, nr]) => compiledOf({ nr, abi: "compat" }, architecture).name === "")
      .map(([name]) => `${prefix}:${name}`);
  assert.deepEqual([...without(i386, "i386", "x86_64"), ...without(arm, "arm", "aarch64")], [
    "i386:break",
    "i386:stty",
    "i386:gtty",
    "i386:ftime",
    "i386:prof",
    "i386:lock",
    "i386:mpx",
    "i386:ulimit",
    "i386:profil",
    "i386:idle",
    "arm:bdflush",
    "arm:pciconfig_iobase",
    "arm:pciconfig_read",
    "arm:pciconfig_write",
    "arm:usr26",
    "arm:usr32",
  ]);
});
