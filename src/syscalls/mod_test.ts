import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Abi,
  type Architecture,
  suggestNames,
  syscallName,
  syscallNames,
  syscallNumber,
  syscallOf,
} from "./mod.ts";

const architectures: readonly Architecture[] = ["x86_64", "aarch64"];
const abis: readonly Abi[] = ["native", "compat"];

Deno.test("known calls of each numbering", () => {
  const known: [Architecture, Abi, number, string][] = [
    ["x86_64", "native", 0, "read"],
    ["x86_64", "native", 59, "execve"],
    ["x86_64", "native", 257, "openat"],
    ["x86_64", "native", 435, "clone3"],
    ["x86_64", "compat", 5, "i386:open"],
    ["x86_64", "compat", 11, "i386:execve"],
    ["x86_64", "compat", 102, "i386:socketcall"],
    ["x86_64", "compat", 295, "i386:openat"],
    ["x86_64", "native", 0x40000000, "x32:read"],
    ["x86_64", "native", 0x40000000 + 520, "x32:execve"],
    ["aarch64", "native", 56, "openat"],
    ["aarch64", "native", 63, "read"],
    ["aarch64", "native", 221, "execve"],
    ["aarch64", "native", 435, "clone3"],
    ["aarch64", "compat", 5, "arm:open"],
    ["aarch64", "compat", 11, "arm:execve"],
    ["aarch64", "compat", 322, "arm:openat"],
    ["aarch64", "compat", 0xf0005, "arm:set_tls"],
  ];
  for (const [architecture, abi, nr, name] of known) {
    assert.equal(syscallName(nr, abi, architecture), name);
    assert.deepEqual(syscallOf(name, architecture), { abi, nr });
  }
});

Deno.test("numbers without a name", () => {
  assert.equal(syscallName(700, "native", "x86_64"), "sys_700");
  assert.equal(syscallName(-1, "native", "x86_64"), "sys_-1");
  assert.equal(syscallName(-0x80000000, "native", "x86_64"), "sys_-2147483648");
  assert.equal(syscallName(700, "compat", "x86_64"), "i386:sys_700");
  assert.equal(syscallName(700, "compat", "aarch64"), "arm:sys_700");
  assert.equal(syscallName(0x40000000 + 700, "native", "x86_64"), "x32:sys_700");
  assert.equal(syscallName(0x40000000, "compat", "x86_64"), "i386:sys_1073741824");
  assert.equal(syscallName(null, "native", "x86_64"), "sys_other");
  assert.equal(syscallNumber("sys_other", "native", "x86_64"), undefined);
});

Deno.test("a number is found by its name with and without prefix", () => {
  assert.equal(syscallNumber("openat", "native", "x86_64"), 257);
  assert.equal(syscallNumber("openat", "compat", "x86_64"), 295);
  assert.equal(syscallNumber("i386:openat", "compat", "x86_64"), 295);
  assert.equal(syscallNumber("i386:openat", undefined, "x86_64"), 295);
  assert.equal(syscallNumber("i386:openat", "native", "x86_64"), undefined);
  assert.equal(syscallNumber("arm:openat", "compat", "x86_64"), undefined);
  assert.equal(syscallNumber("constructor", "native", "x86_64"), undefined);
});

Deno.test("every number has one name, which leads back to it", () => {
  const numbers = fc.oneof(
    fc.integer({ min: -2, max: 1000 }),
    fc.integer({ min: 0x40000000, max: 0x40000000 + 1000 }),
    fc.integer({ min: 0xf0000, max: 0xf0010 }),
    fc.integer(),
  );
  fc.assert(fc.property(
    fc.constantFrom(...architectures),
    fc.constantFrom(...abis),
    numbers,
    (architecture, abi, nr) => {
      const name = syscallName(nr, abi, architecture);
      assert.deepEqual(syscallOf(name, architecture), { abi, nr });
      assert.equal(syscallNumber(name, abi, architecture), nr);
    },
  ));
});

Deno.test("native names are all there, each once, in the order of their numbers", () => {
  for (const architecture of architectures) {
    const names = syscallNames(architecture);
    const numbers = names.map((name) => syscallNumber(name, "native", architecture) ?? -1);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
    assert.deepEqual(numbers.map((nr) => syscallName(nr, "native", architecture)), names);
    assert.ok(names.length > 300);
  }
});

Deno.test("a misspelt name is put right", () => {
  const first = (typo: string) => suggestNames(typo, "x86_64")[0];
  assert.equal(first("opennat"), "openat");
  assert.equal(first("OPENAT"), "openat");
  assert.equal(first("exev"), "execve");
  assert.equal(first("getpids"), "getpid");
  assert.equal(first("i386:opne"), "i386:open");
  assert.deepEqual(suggestNames("frobnicate", "x86_64"), []);
  assert.ok(suggestNames("pread", "x86_64").includes("pread64"));
});

/** The C library's headers, made from an older kernel's: what they name must have kept its number. */
function installedHeader(name: string): string | undefined {
  for (const folder of ["/usr/include/x86_64-linux-gnu/asm", "/usr/include/asm"]) {
    try {
      return Deno.readTextFileSync(`${folder}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

for (const [abi, file] of [["native", "unistd_64.h"], ["compat", "unistd_32.h"]] as const) {
  const header = Deno.build.arch === "x86_64" ? installedHeader(file) : undefined;
  Deno.test({
    name: `the installed asm/${file} agrees`,
    ignore: header === undefined,
    fn() {
      let compared = 0;
      for (const line of header?.split("\n") ?? []) {
        const [directive, macro = "", nr] = line.split(/\s+/);
        if (directive !== "#define" || !macro.startsWith("__NR_") || nr === undefined) continue;
        assert.equal(syscallNumber(macro.slice("__NR_".length), abi, "x86_64"), Number(nr), macro);
        compared++;
      }
      assert.ok(compared > 300);
    },
  });
}

/** libseccomp's numbers of architectures: <seccomp.h>, SCMP_ARCH_*, which are <linux/audit.h>'s AUDIT_ARCH_*. */
const seccompArchitectures: [Architecture, Abi, prefix: string, base: number, token: number][] = [
  ["x86_64", "native", "", 0, 0xc000003e],
  ["x86_64", "compat", "i386:", 0, 0x40000003],
  ["x86_64", "native", "x32:", 0x40000000, 0x4000003e],
  ["aarch64", "native", "", 0, 0xc00000b7],
  ["aarch64", "compat", "arm:", 0, 0x40000028],
];

function openSeccomp() {
  try {
    return Deno.dlopen("libseccomp.so.2", {
      // char *seccomp_syscall_resolve_num_arch(uint32_t arch_token, int num), to be freed
      seccomp_syscall_resolve_num_arch: { parameters: ["u32", "i32"], result: "pointer" },
    });
  } catch {
    return undefined;
  }
}

Deno.test("libseccomp agrees, where it is installed", () => {
  const library = openSeccomp();
  if (library === undefined) return;
  using _closing = { [Symbol.dispose]: () => library.close() };
  for (const [architecture, abi, prefix, base, token] of seccompArchitectures) {
    let compared = 0;
    for (const own of [...Array(600).keys(), 0xf0002, 0xf0005]) {
      // A few bytes are left behind each time: the test has no business with free(3).
      const text = library.symbols.seccomp_syscall_resolve_num_arch(token, base + own);
      if (text === null) continue;
      const name = syscallName(base + own, abi, architecture);
      assert.equal(name, prefix + Deno.UnsafePointerView.getCString(text));
      compared++;
    }
    assert.ok(compared > 270, `${architecture} ${prefix}: ${compared}`);
  }
});
