/**
 * Kinds that are text and bytes: paths, strings, vectors of strings, buffers.
 */
import { decodeText } from "../../../text/mod.ts";
import type { CapturedPiece, When } from "../contract.ts";
import { type Fault, type Json, type Kind, type Memory, memory } from "./kind.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** C's escapes, by byte. */
const escapes: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** Each byte as it is written where no digit follows: the shortest octal escape for what is not ASCII text. */
const written: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) =>
    escapes[byte] ??
      (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`),
);

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 55;
}

/** Bytes between quotes as strace writes them: ASCII alone, one line, with `...` behind what is cut. */
export function quote(bytes: Uint8Array, cut = false): string {
  let text = '"';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const short = written[byte]!;
    // An octal escape takes the digits that follow it: then it is written with all of its own.
    text += (byte < 32 || byte > 126) && escapes[byte] === undefined && isOctal(bytes[i + 1])
      ? `\\${byte.toString(8).padStart(3, "0")}`
      : short;
  }
  return cut ? `${text}"...` : `${text}"`;
}

/** The bytes before the first NUL. */
export function beforeNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Text in JSON: a string, or an object that says that it was cut. */
function textJson(bytes: Uint8Array, piece: CapturedPiece): Json {
  const text = decodeText(bytes);
  return piece.truncated ? { text, truncated: true, length: piece.length } : text;
}

function stringKind(name: string): Kind<string | Fault> {
  return memory(name, { op: "string", arg: "", when: "enter" }, {
    decode: (piece) => decodeText(beforeNul(piece.bytes)),
    text: (piece) => quote(beforeNul(piece.bytes), piece.truncated),
    json: (piece) => textJson(beforeNul(piece.bytes), piece),
  });
}

/** A file's name, as the caller gave it: not made absolute, links not followed. */
export const path: Kind<string | Fault> = stringKind("path");
/** Any other string that ends with NUL. */
export const string: Kind<string | Fault> = stringKind("string");

/** What a buffer holds, or its beginning. */
export class Data {
  /** A copy: it stays when the event is gone. */
  readonly bytes: Uint8Array;
  /** How many bytes there were. */
  readonly length: number;

  /** Copies a piece's bytes. */
  constructor(piece: { bytes: Uint8Array; length: number }) {
    this.bytes = piece.bytes.slice();
    this.length = Math.max(piece.length, piece.bytes.length);
  }

  /** Whether there was more than `bytes`. */
  get truncated(): boolean {
    return this.length > this.bytes.length;
  }

  /** The bytes as text, what is no UTF-8 as U+FFFD. */
  get text(): string {
    return decoder.decode(this.bytes);
  }

  /** As strace writes it. */
  toString(): string {
    return quote(this.bytes, this.truncated);
  }

  /** What is in JSON. */
  toJSON(): { text: string; base64?: string; length: number; truncated?: true } {
    const { bytes, text, length, truncated } = this;
    return {
      text,
      // It stands for what is no UTF-8, or for itself.
      ...(text.includes("\ufffd") && { base64: bytes.toBase64() }),
      length,
      ...(truncated && { truncated }),
    };
  }
}

/** How long a buffer is: the call's result, or another argument. */
export interface BufferOptions {
  /** An argument that holds the length. */
  readonly length?: string;
  /** An argument that points to the length (a u32), as it is after the call. */
  readonly lengthAt?: string;
  /** How many bytes are copied at most, if not as many as `--bytes` says. */
  readonly max?: number;
  readonly when?: When;
}

/** What must be copied of a buffer. Its length is the call's result unless something else is named. */
export function bufferMemory({ length, lengthAt, max, when }: BufferOptions): Memory {
  return {
    op: "bytes",
    arg: "",
    when: when ?? (length === undefined ? "exit" : "enter"),
    length: length !== undefined
      ? { arg: length, unit: 1 }
      : lengthAt !== undefined
      ? { at: lengthAt }
      : "result",
    ...(max === undefined ? {} : { max }),
  };
}

function dataKind(name: string, what: Memory): Kind<Data | Fault> {
  return memory(name, what, {
    decode: (piece) => new Data(piece),
    text: (piece) => quote(piece.bytes, piece.truncated || piece.length > piece.bytes.length),
    json: (piece) => new Data(piece).toJSON() as Json,
  });
}

/** A buffer that the caller fills (`length`), or the kernel (the result says how far). */
export function buffer(options: BufferOptions = {}): Kind<Data | Fault> {
  return dataKind("buffer", bufferMemory(options));
}

/** Text in a buffer without a NUL that can be relied on: a link's target, a host's name. */
export function textBuffer(options: BufferOptions = {}): Kind<string | Fault> {
  return memory("text", bufferMemory(options), {
    decode: (piece) => decodeText(beforeNul(piece.bytes)),
    text: (piece) => quote(beforeNul(piece.bytes), piece.truncated),
    json: (piece) => textJson(beforeNul(piece.bytes), piece),
  });
}

/** The first bytes of what a vector of buffers holds, one after the other. */
export function iovec(count: string, when: When): Kind<Data | Fault> {
  return dataKind("iovec", {
    op: "iovec",
    arg: "",
    when,
    count: { arg: count },
    ...(when === "exit" ? { limit: "result" } : {}),
  });
}

/** The pieces between NULs; what is behind the last NUL was cut. */
function split(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = bytes.indexOf(0, start);
    if (end < 0) end = bytes.length;
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

/** A vector of strings: argv, envp. */
export const strings: Kind<readonly string[] | Fault> = memory(
  "strings",
  { op: "strings", arg: "", when: "enter" },
  {
    decode: (piece) => split(piece.bytes).map(decodeText),
    text: (piece) => {
      const parts = split(piece.bytes).map((part) => quote(part));
      return `[${[...parts, ...(piece.truncated ? ["..."] : [])].join(", ")}]`;
    },
    json: (piece) => {
      const all = split(piece.bytes).map(decodeText);
      return piece.truncated ? { strings: all, truncated: true } : all;
    },
  },
);

/** A kernel's answer of several strings that each end with NUL: listxattr(2)'s names. */
export function nameList(options: BufferOptions = {}): Kind<readonly string[] | Fault> {
  return memory("names", bufferMemory(options), {
    decode: (piece) => split(piece.bytes).map(decodeText),
    text: (piece) => quote(piece.bytes, piece.truncated || piece.length > piece.bytes.length),
    json: (piece) => split(piece.bytes).map(decodeText),
  });
}
