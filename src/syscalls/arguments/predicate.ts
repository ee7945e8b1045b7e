/**
 * What a predicate asks of an argument, as the kernel can look at it: by comparing bits of its register.
 *
 * @module
 */
import type { Architecture } from "../mod.ts";
import { compiledOf } from "./compile.ts";
import type { ArgumentTest, RawCall } from "./contract.ts";
import type { Register } from "./kinds/kind.ts";

/** What may be asked of an argument; of what can't be asked of a register nothing is looked at. */
export interface ArgumentPredicate {
  readonly equals?: unknown;
  readonly in?: readonly unknown[];
  /** All of these flags. */
  readonly has?: string | readonly string[];
  /** One of these. */
  readonly any?: readonly string[];
}

type Bits = Pick<ArgumentTest, "mask" | "value">;

function equal(value: unknown, { bits }: Register): Bits | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
  return { mask: BigInt.asUintN(bits, -1n), value: BigInt.asUintN(bits, BigInt(value)) };
}

/** A flag that is named stands there with all of its bits, though another name may take some of them. */
function set(names: readonly string[], flags: Readonly<Record<string, number>>): Bits | undefined {
  const mask = names.reduce((all, name) => all | BigInt(flags[name] ?? 0), 0n);
  return mask === 0n ? undefined : { mask, value: mask };
}

function bitsOf(predicate: ArgumentPredicate, register: Register): (Bits | undefined)[] {
  const { flags } = register;
  if (flags === undefined) {
    const values = predicate.equals === undefined ? predicate.in ?? [] : [predicate.equals];
    return values.map((value) => equal(value, register));
  }
  if (predicate.has !== undefined) return [set([predicate.has].flat(), flags)];
  return (predicate.any ?? []).map((name) => set([name], flags));
}

/**
 * Tests one of which holds wherever the predicate does. They may hold where it does not: they only spare the
 * events that nobody can want.
 *
 * @returns undefined if there are none: every call may be one.
 */
export function argumentTests(
  call: Pick<RawCall, "nr" | "abi">,
  name: string,
  predicate: ArgumentPredicate,
  architecture: Architecture = Deno.build.arch,
): ArgumentTest[] | undefined {
  const slot = compiledOf(call, architecture).slots.find((each) => each.name === name);
  if (slot?.kind.register === undefined) return undefined;
  const tests: ArgumentTest[] = [];
  for (const bits of bitsOf(predicate, slot.kind.register)) {
    if (bits === undefined) return undefined;
    tests.push({ argument: slot.arg, ...bits });
  }
  return tests.length === 0 ? undefined : tests;
}
