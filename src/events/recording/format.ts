/**
 * The format of a recording: docs/recordings.md tells it to people.
 *
 * @module
 */
import {
  callEvent,
  constants,
  execEvent,
  pieceHeader,
  processEvent,
  record,
} from "../../kernel/mod.ts";

/** What a recording begins with: eight bytes, and behind them the version as a u32. */
export const MAGIC = "TALLYREC";

/** Of the format. Another one is refused. */
export const VERSION = 1;

/** Bytes before the first block. */
export const PREAMBLE = 12;

/** What each block begins with: `TLYB`. */
export const BLOCK_MARK = 0x4259_4c54;

/**
 * Bytes before a block's contents, each a u32: mark, kind, bytes of the contents as they are in the file, as they are
 * unpacked, bytes of the records when they are unpacked, and CRC-32 of all that but the mark and of the contents.
 */
export const BLOCK_HEADER = 24;

/** What a block holds. */
export const blockKinds = { header: 0, entries: 1, end: 2 } as const;

/** A reader takes no larger block than this, packed or not: a writer makes them far smaller. */
export const MOST_BLOCK = 16 * 2 ** 20;

/** Entries of one block. */
export const MOST_ENTRIES = 2 ** 19;

/** A writer ends a block when it has come to one of these. */
export const ENOUGH = { bytes: 2 ** 19, recordBytes: 2 ** 22, entries: 2 ** 17 } as const;

/** What an entry is: the low three bits of its first byte. */
export const entryKinds = {
  /** A call's record, packed: see records.ts. */
  call: 1,
  /** A fork's, exec's or exit's. */
  process: 2,
  /** A draining of the ring began. */
  round: 3,
  /** A slot of the kernel's, and the container whose calls it counts from now on. */
  owner: 4,
  /** Something else, as JSON: see facts.ts. */
  fact: 5,
} as const;

/** Of a call's entry: /proc was asked about its process when it was recorded. */
export const TOUCHED = 1 << 3;

/** The structs whose bytes are in a recording, and the numbers in them. */
function layout(): string {
  const structs = [record, processEvent, execEvent, callEvent, pieceHeader]
    .map(({ name, fields, offset, size }) => [name, fields, offset, size]);
  const used = Object.entries(constants).filter(([name]) =>
    /^(?:ABI|RECORD|EVENT|PIECE)_/.test(name)
  );
  return JSON.stringify([structs, used], (key, value) => key === "comment" ? undefined : value);
}

/** A text's fingerprint: 16 hexadecimal digits (FNV-1a). */
export function fingerprint(text: string): string {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

let known: string | undefined;

/** Tells records that are laid out otherwise from those that we can read. */
export function layoutFingerprint(): string {
  return known ??= fingerprint(layout());
}
