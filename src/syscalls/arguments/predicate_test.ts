import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { syscallNames, syscallNumber } from "../mod.ts";
import { compiledOf } from "./compile.ts";
import type { ArgumentTest, RawCall } from "./contract.ts";
import { Flags } from "./kinds/flags.ts";
import type { Word } from "./kinds/kind.ts";
import { argumentTests } from "./predicate.ts";

const callOf = (name: string, abi: RawCall["abi"] = "native") => ({
  nr: syscallNumber(name, abi) ?? -1,
  abi,
});

const holds = (tests: readonly ArgumentTest[], word: bigint) =>
  tests.some(({ mask, value }) => (word & mask) === value);

/** All arguments of all calls that a test can be made of. */
const arguments_ = syscallNames().flatMap((syscall) =>
  compiledOf(callOf(syscall)).slots
    .filter(({ kind }) => kind.register !== undefined)
    .map(({ name, kind }) => ({ syscall, name, kind: kind as Word<unknown> }))
);

const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

Deno.test("argument tests: of a number, whatever stands above its bits", () => {
  deepStrictEqual(argumentTests(callOf("close"), "fd", { equals: 3 }), [
    { argument: 0, mask: 0xffff_ffffn, value: 3n },
  ]);
  const [test] = argumentTests(callOf("openat"), "dirfd", { equals: -100 }) ?? [];
  strictEqual(test?.value, 0xffff_ff9cn);
});

Deno.test("argument tests: of flags", () => {
  deepStrictEqual(argumentTests(callOf("openat"), "flags", { has: ["O_CREAT", "O_EXCL"] }), [
    { argument: 2, mask: 0o300n, value: 0o300n },
  ]);
  strictEqual(argumentTests(callOf("openat"), "flags", { any: ["O_CREAT", "O_TRUNC"] })?.length, 2);
});

Deno.test("argument tests: none where the register does not say it", () => {
  strictEqual(argumentTests(callOf("openat"), "path", { equals: "/x" }), undefined);
  strictEqual(argumentTests(callOf("openat"), "nothing", { equals: 1 }), undefined);
  strictEqual(argumentTests(callOf("openat"), "flags", { has: "O_RDONLY" }), undefined);
  strictEqual(argumentTests(callOf("openat"), "flags", { any: ["O_CREAT", "O_RDWR"] }), undefined);
  strictEqual(argumentTests(callOf("close"), "fd", { equals: 0.5 }), undefined);
  strictEqual(argumentTests(callOf("close"), "fd", {}), undefined);
});

Deno.test("argument tests: hold wherever the predicate does, of every argument of every call", () => {
  ok(arguments_.length > 500, `${arguments_.length}`);
  fc.assert(
    fc.property(fc.constantFrom(...arguments_), word, word, ({ syscall, name, kind }, a, b) => {
      const call = callOf(syscall);
      const value = kind.of(a);
      if (value instanceof Flags) {
        const names = value.names.filter((each) => !each.startsWith("0x"));
        for (const has of names) {
          const tests = argumentTests(call, name, { has });
          if (tests !== undefined) ok(holds(tests, a), `${syscall} ${name} ${has} ${a}`);
        }
        const tests = argumentTests(call, name, { has: names });
        if (tests !== undefined) ok(holds(tests, a), `${syscall} ${name} ${names} ${a}`);
        return;
      }
      const tests = argumentTests(call, name, { in: [value, kind.of(b)] });
      if (tests === undefined) return;
      ok(holds(tests, a), `${syscall} ${name} ${a}`);
      // Of a number they are exact.
      const other = kind.of(a ^ 1n);
      strictEqual(holds(argumentTests(call, name, { equals: other }) ?? [], a), false);
    }),
    { numRuns: 5000 },
  );
});
