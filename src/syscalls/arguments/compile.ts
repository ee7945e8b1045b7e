/**
 * Rows made ready for use, once a call and platform: what must be copied, where each argument's memory is
 * among it, and a class with a getter for each argument.
 *
 * @module
 */
import { type Abi, type Architecture, syscallName, syscallOf } from "../mod.ts";
import type { Outcome, Row, Rows } from "./call.ts";
import type { Length, Piece, PieceOf, RawCall } from "./contract.ts";
import {
  afterwards,
  type Json,
  type Kind,
  type Memory,
  type Platform,
  type Slot,
  type Word,
} from "./kinds/kind.ts";
import { compatRow, type Numbering, overrides, unknownRow } from "./platforms.ts";
import { rows } from "./rows.ts";

/** Arguments of one call, each decoded when it is asked for. */
export interface ArgumentsView {
  /** All of them, for JSON; those that the call doesn't have this time are left out. */
  toJSON(): { readonly [name: string]: Json };
}

/** What the kernel makes of an argument's memory: a slot for what is there after the call. */
export interface OutcomeSlot extends Slot {
  /** See {@linkcode Outcome}. */
  readonly word: string | undefined;
}

/** A call's row on one platform, ready for use. */
export interface Compiled {
  /** Without the prefix of 32-bit code's names. */
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly outcomes: readonly OutcomeSlot[];
  readonly pieces: readonly Piece[];
  readonly result: Word<unknown>;
  /** Makes a view of a call's arguments. */
  readonly View: new (call: RawCall) => ArgumentsView;
}

function numberingOf(label: string, architecture: Architecture): [Numbering, name: string] {
  const prefix = /^(i386|arm|x32):/.exec(label)?.[1];
  return prefix === undefined
    ? [architecture, label]
    : [prefix as Numbering, label.slice(prefix.length + 1)];
}

/** The row of a name, and the ABI whose layouts its structs have. */
function rowOf(name: string, numbering: Numbering): { row: Row; abi: Abi } | undefined {
  const own = overrides[numbering];
  const known: Rows = rows;
  const native = numbering === "x86_64" || numbering === "aarch64";
  if (Object.hasOwn(own, name)) return { row: own[name]!, abi: native ? "native" : "compat" };
  if (native) {
    return Object.hasOwn(known, name) ? { row: known[name]!, abi: "native" } : undefined;
  }
  const found = compatRow(name);
  return found && { row: found.row, abi: found.wide ? "native" : "compat" };
}

/** A piece with its arguments by position: its own is `arg`. */
function placed(memory: Memory, arg: number, positions: ReadonlyMap<string, number>): Piece {
  const position = (name: string) => {
    const found = positions.get(name);
    if (found === undefined) throw new Error(`there is no argument ${name}`);
    return found;
  };
  const length = (of: Length<string>): Length<number> => {
    if (of === "result") return of;
    return "at" in of ? { at: position(of.at) } : { arg: position(of.arg), unit: of.unit };
  };
  const piece: PieceOf<string> = memory;
  if (piece.op === "bytes" && "length" in piece) {
    return { ...piece, arg, length: length(piece.length) };
  }
  if (piece.op === "iovec") return { ...piece, arg, count: { arg: position(piece.count.arg) } };
  return { ...piece, arg };
}

function compile(name: string, row: Row, platform: Platform): Compiled {
  const resolve = (kind: Kind<unknown>) => kind.on?.(platform) ?? kind;
  const entries = Object.entries(row.arguments)
    .map(([key, kind]) => [key, resolve(kind)] as const);
  const positions = new Map(entries.map(([key], arg) => [key, arg]));
  const pieces: Piece[] = [];
  const siblings: Record<string, Slot> = {};
  const slotOf = (key: string, arg: number, kind: Kind<unknown>): Slot => {
    const indexOf = (memory: Memory | undefined) =>
      memory === undefined ? -1 : pieces.push(placed(memory, arg, positions)) - 1;
    const [before, piece] = [indexOf(kind.before), indexOf(kind.memory)];
    const when = kind.memory?.when ?? "enter";
    return { name: key, arg, piece, before, when, kind, siblings };
  };
  const slots = entries.map(([key, kind], arg) => siblings[key] = slotOf(key, arg, kind));
  const outcomes: OutcomeSlot[] = [];
  for (const [key, { of, kind, word }] of Object.entries<Outcome>(row.outcomes)) {
    const [own, arg] = [resolve(kind), positions.get(of)];
    if (arg === undefined) throw new Error(`${name} has no argument ${of}`);
    // 32-bit code's own layout may be one that is not read.
    if (own.memory !== undefined) outcomes.push({ ...slotOf(key, arg, afterwards(own)), word });
  }
  const result = resolve(row.result) as Word<unknown>;
  return { name, slots, outcomes, pieces, result, View: makeView([...slots, ...outcomes]) };
}

function makeView(slots: readonly Slot[]): Compiled["View"] {
  class View implements ArgumentsView {
    readonly #call: RawCall;
    constructor(call: RawCall) {
      this.#call = call;
    }
    toJSON(): { readonly [name: string]: Json } {
      const json: Record<string, Json> = {};
      for (const slot of slots) {
        const value = slot.kind.json(this.#call, slot);
        if (value !== undefined) json[slot.name] = value;
      }
      return json;
    }
    static of(view: View): RawCall {
      return view.#call;
    }
  }
  for (const slot of slots) {
    const { kind } = slot;
    Object.defineProperty(View.prototype, slot.name, {
      enumerable: true,
      get(this: View): unknown {
        return kind.decode(View.of(this), slot);
      },
    });
  }
  return View;
}

const unknown = compile("", unknownRow, { architecture: "x86_64", abi: "native" });

/** By the label that src/syscalls/ gives a number. */
const byLabel = new Map<string, Compiled>();

function compiledOfLabel(label: string, architecture: Architecture): Compiled {
  const key = `${architecture}:${label}`;
  let compiled = byLabel.get(key);
  if (compiled === undefined) {
    const [numbering, name] = numberingOf(label, architecture);
    const found = rowOf(name, numbering);
    // Numbers without a name are not kept: there are as many as somebody likes to call.
    if (found === undefined) return unknown;
    compiled = compile(name, found.row, { architecture, abi: found.abi });
    byLabel.set(key, compiled);
  }
  return compiled;
}

const LOW = 512;
const low = new Map<string, (Compiled | undefined)[]>();

/** A call's row on its platform; of a number that is no call's, six registers. */
export function compiledOf(
  { nr, abi }: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): Compiled {
  const key = abi === "native" ? architecture : `${architecture}32`;
  let table = low.get(key);
  if (table === undefined) low.set(key, table = []);
  const known = nr >= 0 && nr < LOW ? table[nr] : undefined;
  if (known !== undefined) return known;
  const compiled = compiledOfLabel(syscallName(nr, abi, architecture), architecture);
  if (nr >= 0 && nr < LOW) table[nr] = compiled;
  return compiled;
}

/**
 * What must be copied of a call's memory, for the BPF program.
 *
 * @param name As {@linkcode syscallName} writes it: `openat`, `i386:open`.
 */
export function piecesOf(
  name: string,
  architecture: Architecture = Deno.build.arch,
): readonly Piece[] {
  const call = syscallOf(name, architecture);
  return call === undefined ? [] : compiledOf(call, architecture).pieces;
}
