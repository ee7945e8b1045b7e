/** Whatever a container passes: nothing throws, nothing but printable ASCII is written, nothing is endless. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Abi, type Architecture, syscallNames, syscallOf } from "../mod.ts";
import { i386 } from "../i386.ts";
import { compiledOf } from "./compile.ts";
import { type CapturedPiece, MOST_PIECES, type RawCall } from "./contract.ts";
import { argumentNames, decodeArguments, decodeResult, outcomesOf, resultJson } from "./decode.ts";
import { formatCall } from "./format.ts";

interface Numbered {
  readonly nr: number;
  readonly abi: Abi;
  readonly architecture: Architecture;
}

const calls: readonly Numbered[] = (["x86_64", "aarch64"] as const).flatMap((architecture) => {
  const compat = architecture === "x86_64" ? Object.keys(i386).map((name) => `i386:${name}`) : [];
  return [...syscallNames(architecture), ...compat].map((name) => ({
    ...syscallOf(name, architecture)!,
    architecture,
  }));
});

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.constantFrom(0n, 1n, (1n << 64n) - 1n, 0xffff_ffffn, 1n << 63n, 0x7ffe_0000_0000n),
);
const piece: fc.Arbitrary<CapturedPiece | undefined> = fc.option(
  fc.record({
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.integer({ min: 0, max: 260 }).map((length) => new Uint8Array(length).fill(0xff)),
    ),
    fault: fc.boolean(),
    truncated: fc.boolean(),
    length: fc.nat({ max: 1 << 30 }),
  }),
  { nil: undefined, freq: 8 },
);
const raw = fc.record({
  words: fc.array(word, { minLength: 6, maxLength: 6 }),
  pieces: fc.array(piece, { minLength: MOST_PIECES, maxLength: MOST_PIECES }),
  result: fc.option(
    fc.oneof(word.map((each) => BigInt.asIntN(64, each)), fc.bigInt({ min: -600n, max: 64n })),
    { nil: undefined },
  ),
});

function check(
  { nr, abi, architecture }: Numbered,
  { words, pieces, result }: typeof raw extends fc.Arbitrary<infer T> ? T : never,
): void {
  const call: RawCall = {
    nr,
    abi,
    result,
    arg: (index) => words[index] ?? 0n,
    piece: (index) => pieces[index],
  };
  const describe = (fd: number) => fd % 2 === 0 ? "a>\u001b[2J\n\u202e" : undefined;
  const line = formatCall(call, { architecture, describe });
  assert.match(line, /^[ -~]*$/);
  assert.ok(line.length < 200_000, line);
  const view = decodeArguments(call, architecture);
  const outcomes = outcomesOf(call, architecture).map(({ name }) => name);
  for (const name of [...argumentNames(call, architecture), ...outcomes]) {
    assert.ok(name in view);
    void (view as unknown as Record<string, unknown>)[name];
  }
  assert.ok(JSON.stringify(view).length < 200_000);
  assert.doesNotMatch(JSON.stringify(view), /\n/);
  decodeResult(call, architecture);
  JSON.stringify(resultJson(call, architecture));
}

Deno.test("every call, whatever its registers and memory", () => {
  for (const call of calls) {
    fc.assert(fc.property(raw, (made) => check(call, made)), { numRuns: 15 });
  }
});

Deno.test("numbers that are no call's", () => {
  const numbers = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 1000 }));
  fc.assert(fc.property(numbers, raw, (nr, made) => {
    for (const abi of ["native", "compat"] as const) {
      check({ nr, abi, architecture: "x86_64" }, made);
    }
  }));
});

Deno.test("numbers that are no call's take no memory", () => {
  const first = compiledOf({ nr: 100_000, abi: "native" }, "x86_64");
  for (let nr = 100_001; nr < 101_000; nr++) {
    assert.equal(compiledOf({ nr, abi: "native" }, "x86_64"), first);
  }
});

Deno.test("what nobody asks for is not read", () => {
  let reads = 0;
  const call: RawCall = {
    nr: 257,
    abi: "native",
    result: 3n,
    arg: () => (reads++, 1n),
    piece: () => (reads++, undefined),
  };
  const view = decodeArguments<"openat">(call, "x86_64");
  assert.equal(reads, 0);
  assert.equal(view.dirfd, 1);
  assert.equal(reads, 1);
});
