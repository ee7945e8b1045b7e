/**
 * A call's arguments as values.
 *
 * @module
 */
import type { Architecture } from "../mod.ts";
import type { OutcomeValues, Row, Values } from "./call.ts";
import { type ArgumentsView, type Compiled, compiledOf } from "./compile.ts";
import type { RawCall } from "./contract.ts";
import { isError } from "./errors.ts";
import type { Json, Slot, ValueOf } from "./kinds/kind.ts";
import type { CallName, rows } from "./rows.ts";

type ArgumentsOfRow<R> = R extends Row<infer A, unknown, infer O> ? Values<A> & OutcomeValues<O>
  : never;

/** A call's arguments by name, and what it has made of their memory. Of several calls, those of any of them. */
export type ArgumentsOf<Name extends CallName> = Name extends CallName
  ? ArgumentsOfRow<typeof rows[Name]>
  : never;

/** What a call returns if it doesn't fail. */
export type ResultOf<Name extends CallName> = ValueOf<typeof rows[Name]["result"]>;

/**
 * A call's arguments; each is decoded when it is asked for, each time. `toJSON()` has them all.
 *
 * The object reads through `call`: if that is a view of the ring, it is good for as long as that is.
 */
export function decodeArguments<Name extends CallName>(
  call: RawCall,
  architecture: Architecture = Deno.build.arch,
): ArgumentsOf<Name> & ArgumentsView {
  const { View } = compiledOf(call, architecture);
  return new View(call) as ArgumentsOf<Name> & ArgumentsView;
}

/** One argument's value, or what was made of its memory; undefined if the call has none of that name. */
export function argument(
  call: RawCall,
  name: string,
  architecture: Architecture = Deno.build.arch,
): unknown {
  const { slots, outcomes } = compiledOf(call, architecture);
  const isNamed = (slot: Slot) => slot.name === name;
  const slot = slots.find(isNamed) ?? outcomes.find(isNamed);
  return slot?.kind.decode(call, slot);
}

/** The names of a call's arguments, in their order. */
export function argumentNames(
  call: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): readonly string[] {
  return compiledOf(call, architecture).slots.map(({ name }) => name);
}

/** What a call makes of its arguments' memory: each with its argument's position, and its index in the pieces. */
export function outcomesOf(
  call: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): readonly Pick<Slot, "name" | "arg" | "piece">[] {
  return compiledOf(call, architecture).outcomes;
}

/** Kinds that are one descriptor. */
const descriptorKinds: ReadonlySet<string> = new Set(["fd", "dirfd"]);

/** Made once a row. */
const descriptorSlots = new WeakMap<Compiled, readonly Slot[]>();

const none: readonly never[] = [];

/** Whether a call has arguments, or makes anything of their memory. */
export function hasArguments(
  call: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): boolean {
  const { slots, outcomes } = compiledOf(call, architecture);
  return slots.length + outcomes.length > 0;
}

/** Kinds whose values from 0 to 2^31 - 1 are that number in JSON. */
const numberKinds: ReadonlySet<string> = new Set([
  "int",
  "uint",
  "long",
  "size",
  "i64",
  "offset",
  "fd",
  "pid",
  "uid",
  "gid",
  "readyCount",
]);

/** Whether what a call returns is a number in JSON, if it is one from 0 to 2^31 - 1. */
export function returnsNumber(
  call: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): boolean {
  return numberKinds.has(compiledOf(call, architecture).result.name);
}

function descriptorSlotsOf(compiled: Compiled): readonly Slot[] {
  let slots = descriptorSlots.get(compiled);
  if (slots === undefined) {
    slots = compiled.slots.filter(({ kind }) => descriptorKinds.has(kind.name));
    descriptorSlots.set(compiled, slots);
  }
  return slots;
}

/** Whether a call is given descriptors, or returns one. */
export function hasDescriptors(
  call: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): boolean {
  const compiled = compiledOf(call, architecture);
  return compiled.result.name === "fd" || descriptorSlotsOf(compiled).length > 0;
}

/** Arguments that are descriptors, by name; what is none (-1, AT_FDCWD) is left out. */
export function descriptorArguments(
  call: RawCall,
  architecture: Architecture = Deno.build.arch,
): readonly { readonly name: string; readonly fd: number }[] {
  const slots = descriptorSlotsOf(compiledOf(call, architecture));
  if (slots.length === 0) return none;
  const found: { readonly name: string; readonly fd: number }[] = [];
  for (const { name, arg } of slots) {
    const fd = Number(BigInt.asIntN(32, call.arg(arg)));
    if (fd >= 0) found.push({ name, fd });
  }
  return found;
}

/** The descriptor that a call has returned; undefined if it failed or returns something else. */
export function descriptorResult(
  call: RawCall,
  architecture: Architecture = Deno.build.arch,
): number | undefined {
  if (compiledOf(call, architecture).result.name !== "fd") return undefined;
  const { result } = call;
  return result === undefined || isError(result) ? undefined : Number(result);
}

/** What a call returned, by its kind; undefined if it failed or has not returned. */
export function decodeResult<Name extends CallName>(
  call: RawCall,
  architecture: Architecture = Deno.build.arch,
): ResultOf<Name> | undefined {
  const { result } = call;
  if (result === undefined || isError(result)) return undefined;
  return compiledOf(call, architecture).result.of(result) as ResultOf<Name>;
}

/** A call's result for JSON: null if it has not returned, the negative number of the error if it failed. */
export function resultJson(
  call: RawCall,
  architecture: Architecture = Deno.build.arch,
): Json {
  const { result } = call;
  if (result === undefined) return null;
  return isError(result) ? Number(result) : compiledOf(call, architecture).result.jsonOf(result);
}
