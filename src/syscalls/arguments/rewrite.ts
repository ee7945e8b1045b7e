/**
 * A call whose texts are others: what is to be shown of it, where that may not be all.
 *
 * @module
 */
import type { Architecture } from "../mod.ts";
import { compiledOf } from "./compile.ts";
import type { CapturedPiece, Piece, RawCall } from "./contract.ts";

/** Rewrites texts that belong together; it returns as many. */
export type RewriteTexts = (texts: readonly string[], argument: string) => readonly string[];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Each byte a character, so that what is no text stays as it is. */
function asBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

function asCharacters(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function rewritten(
  bytes: Uint8Array,
  op: Piece["op"],
  rewrite: (texts: string[]) => readonly string[],
) {
  if (op !== "string" && op !== "strings") {
    const before = asCharacters(bytes);
    const [after = ""] = rewrite([before]);
    return after === before ? bytes : asBytes(after);
  }
  const all = decoder.decode(bytes);
  const texts = op === "string" ? all.split("\0", 1) : all.replace(/\0$/, "").split("\0");
  const after = rewrite(texts);
  return after.every((text, i) => text === texts[i])
    ? bytes
    : encoder.encode(after.map((text) => `${text}\0`).join(""));
}

/** A call, with what of it is text rewritten: paths, arguments of programs, what is read and written. */
export function withTexts(
  call: RawCall,
  rewrite: RewriteTexts,
  architecture?: Architecture,
): RawCall {
  const { slots, outcomes, pieces } = compiledOf(call, architecture);
  const all = [...slots, ...outcomes];
  const pieceAt = (index: number): CapturedPiece | undefined => {
    const piece = call.piece(index);
    const { op } = pieces[index] ?? {};
    if (piece === undefined || op === undefined || piece.bytes.length === 0) return piece;
    const slot = all.find((each) => each.piece === index || each.before === index);
    const bytes = rewritten(piece.bytes, op, (texts) => rewrite(texts, slot?.name ?? ""));
    if (bytes === piece.bytes) return piece;
    // A buffer's own length is the call's, and no secret; a text has none but its own.
    return { ...piece, bytes };
  };
  return {
    nr: call.nr,
    abi: call.abi,
    result: call.result,
    arg: (index) => call.arg(index),
    piece: pieceAt,
  };
}
