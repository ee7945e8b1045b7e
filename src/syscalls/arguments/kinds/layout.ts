/**
 * Kinds that are structs: a layout says where each field is, and reads, writes and JSON follow from it.
 * Fields have C's own names, so that man pages are their documentation.
 */
import { decodeText } from "../../../text/mod.ts";
import type { CapturedPiece, RawCall, When } from "../contract.ts";
import { type Fault, type FormatOptions, type Json, type Kind, memory, type Word } from "./kind.ts";
import { beforeNul, quote } from "./text.ts";

/** A type of C that lies in memory. */
export interface Layout<T> {
  readonly size: number;
  read(view: DataView, at: number): T;
  text(view: DataView, at: number, options: FormatOptions): string;
  json(view: DataView, at: number): Json;
}

/** Bytes of an integer, and whether its sign counts. */
type Width = "u8" | "u16" | "u32" | "i32" | "u64" | "i64" | "be16" | "be32";

const widths: Readonly<
  Record<Width, readonly [size: number, read: (view: DataView, at: number) => bigint]>
> = {
  u8: [1, (view, at) => BigInt(view.getUint8(at))],
  u16: [2, (view, at) => BigInt(view.getUint16(at, true))],
  u32: [4, (view, at) => BigInt(view.getUint32(at, true))],
  i32: [4, (view, at) => BigInt(view.getInt32(at, true))],
  u64: [8, (view, at) => view.getBigUint64(at, true)],
  i64: [8, (view, at) => view.getBigInt64(at, true)],
  be16: [2, (view, at) => BigInt(view.getUint16(at, false))],
  be32: [4, (view, at) => BigInt(view.getUint32(at, false))],
};

/** An integer of memory, read as a word is read from a register. */
export function scalar<T>(width: Width, kind: Word<T>): Layout<T> {
  const [size, read] = widths[width];
  return {
    size,
    read: (view, at) => kind.of(read(view, at)),
    text: (view, at, options) => kind.text(read(view, at), options),
    json: (view, at) => kind.jsonOf(read(view, at)),
  };
}

/** `char[n]` that holds text. */
export function characters(size: number): Layout<string> {
  const bytes = (view: DataView, at: number) =>
    beforeNul(new Uint8Array(view.buffer, view.byteOffset + at, size));
  return {
    size,
    read: (view, at) => decodeText(bytes(view, at)),
    text: (view, at) => quote(bytes(view, at)),
    json: (view, at) => decodeText(bytes(view, at)),
  };
}

/** Several of the same, one after the other. */
export function several<T>(count: number, each: Layout<T>): Layout<readonly T[]> {
  const places = Array.from({ length: count }, (_, i) => i * each.size);
  return {
    size: count * each.size,
    read: (view, at) => places.map((place) => each.read(view, at + place)),
    text: (view, at, options) =>
      `[${places.map((place) => each.text(view, at + place, options)).join(", ")}]`,
    json: (view, at) => places.map((place) => each.json(view, at + place)),
  };
}

type Fields = Readonly<
  Record<string, readonly [at: number, layout: Layout<unknown>, shown?: Shown]>
>;

/** Whether a struct's field is worth a place in a line. */
type Shown = (view: DataView, base: number) => boolean;

/** What a struct's fields are read as. */
export type StructValue<F extends Fields> = {
  readonly [Name in keyof F]: F[Name][1] extends Layout<infer T> ? T : never;
};

/** A struct, by the offsets of its fields. */
export function struct<const F extends Fields>(size: number, fields: F): Layout<StructValue<F>> {
  const entries = Object.entries(fields).map(([name, [at, layout, shown]]) => ({
    name,
    at,
    layout,
    shown,
  }));
  return {
    size,
    read: (view, base) =>
      Object.fromEntries(
        entries.map(({ name, at, layout }) => [name, layout.read(view, base + at)]),
      ) as StructValue<F>,
    text: (view, base, options) =>
      `{${
        entries.filter(({ shown }) => shown?.(view, base) ?? true)
          .map(({ name, at, layout }) => `${name}=${layout.text(view, base + at, options)}`)
          .join(", ")
      }}`,
    json: (view, base) =>
      Object.fromEntries(
        entries.map(({ name, at, layout }) => [name, layout.json(view, base + at)]),
      ),
  };
}

/** A piece's bytes, to be read as integers. */
export function viewOf({ bytes }: Pick<CapturedPiece, "bytes">): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What is written between brackets, since it is behind a pointer. */
export function boxed<T>(layout: Layout<T>): Layout<T> {
  return { ...layout, text: (view, at, options) => `[${layout.text(view, at, options)}]` };
}

/** Whether 32-bit code has the same layout. */
interface PointerOptions {
  readonly name?: string;
  readonly when?: When;
  /** What stands for it in 32-bit code, if its layout is another. */
  readonly compat?: Kind<unknown>;
}

function onCompat(compat: Kind<unknown> | undefined): Kind<unknown>["on"] {
  return compat === undefined ? undefined : ({ abi }) => abi === "compat" ? compat : undefined;
}

/** A pointer to one struct or integer. */
export function pointerTo<T>(
  layout: Layout<T>,
  { name = "struct", when = "enter", compat }: PointerOptions = {},
): Kind<T | Fault> {
  return memory(name, { op: "bytes", arg: "", when, size: layout.size }, {
    least: layout.size,
    decode: (piece) => layout.read(viewOf(piece), 0),
    text: (piece, _call, _slot, options) => layout.text(viewOf(piece), 0, options),
    json: (piece) => layout.json(viewOf(piece), 0),
  }, onCompat(compat));
}

interface ArrayOptions extends PointerOptions {
  /** The argument that says how many there are. */
  readonly count: string;
  /** The call's result says how many of these the kernel wrote. */
  readonly upToResult?: true;
  /** Those that are shown: all by default. */
  readonly only?: (view: DataView, at: number) => boolean;
  /** How many bytes are copied at most. */
  readonly max?: number;
}

/** A pointer to as many structs or integers as another argument or the result says. */
export function arrayOf<T>(
  layout: Layout<T>,
  { name = "array", when = "enter", compat, count, upToResult, only, max = 512 }: ArrayOptions,
): Kind<readonly T[] | Fault> {
  const places = (piece: CapturedPiece, { result }: RawCall) => {
    const copied = Math.floor(piece.bytes.length / layout.size);
    const length = upToResult ? Math.min(copied, Number(result ?? 0n)) : copied;
    const all = Array.from({ length }, (_, index) => index * layout.size);
    if (only === undefined) return all;
    const view = viewOf(piece);
    return all.filter((at) => only(view, at));
  };
  return memory(name, {
    op: "bytes",
    arg: "",
    when,
    length: { arg: count, unit: layout.size },
    max,
  }, {
    decode: (piece, call) => {
      const view = viewOf(piece);
      return places(piece, call).map((at) => layout.read(view, at));
    },
    text: (piece, call, _slot, options) => {
      const view = viewOf(piece);
      const parts = places(piece, call).map((at) => layout.text(view, at, options));
      if (piece.truncated && !upToResult) parts.push("...");
      return `[${parts.join(", ")}]`;
    },
    json: (piece, call) => {
      const view = viewOf(piece);
      return places(piece, call).map((at) => layout.json(view, at));
    },
  }, onCompat(compat));
}
