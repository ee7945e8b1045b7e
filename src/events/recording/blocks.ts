/**
 * Blocks: compressed, each with its length and a checksum, so that all before a torn one can be read.
 *
 * Zstandard, by measure: it compresses our entries some ten times as fast as deflate, and better. Deno's node:zlib
 * works in the calling thread also where it calls back, so that speed is all that counts.
 *
 * @module
 */
import { crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { RecordingError } from "./error.ts";
import {
  BLOCK_HEADER,
  BLOCK_MARK,
  blockKinds,
  MAGIC,
  MOST_BLOCK,
  PREAMBLE,
  VERSION,
} from "./format.ts";

/** What a block holds. */
export type BlockKind = keyof typeof blockKinds;

/** A block that was read. */
export interface Block {
  readonly kind: BlockKind;
  /** Where it begins in the file. */
  readonly offset: number;
  readonly contents: Uint8Array;
  /** Bytes of its records when they are unpacked. */
  readonly recordBytes: number;
}

/** The first bytes of a recording. */
export function preamble(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PREAMBLE);
  new TextEncoder().encodeInto(MAGIC, bytes);
  new DataView(bytes.buffer).setUint32(MAGIC.length, VERSION, true);
  return bytes;
}

/** A block as it is in the file. */
export function packBlock(
  kind: BlockKind,
  contents: Uint8Array,
  recordBytes: number,
): Uint8Array<ArrayBuffer> {
  const packed = zstdCompressSync(contents);
  const bytes = new Uint8Array(BLOCK_HEADER + packed.length);
  const view = new DataView(bytes.buffer);
  const fields = [BLOCK_MARK, blockKinds[kind], packed.length, contents.length, recordBytes];
  for (const [i, field] of fields.entries()) view.setUint32(4 * i, field, true);
  bytes.set(packed, BLOCK_HEADER);
  view.setUint32(BLOCK_HEADER - 4, checksum(bytes), true);
  return bytes;
}

/** Of all but the mark and the checksum itself. */
function checksum(block: Uint8Array): number {
  return crc32(block.subarray(BLOCK_HEADER), crc32(block.subarray(4, BLOCK_HEADER - 4)));
}

/** A file, or what stands for one. */
export interface RecordedBytes {
  /** Bytes that there are. */
  readonly size: number;
  /** Bytes from a place on; fewer if there are no more. */
  read(offset: number, length: number): Uint8Array;
}

/** What of a block is not in the file: its writer was stopped. */
export class Torn extends RecordingError {
  override readonly name = "Torn";
}

/** Reads the blocks of a recording, one after the other. */
export class BlockReader {
  readonly #from: RecordedBytes;
  #offset = PREAMBLE;

  /** @throws {RecordingError} if it is no recording, or one of another version. */
  constructor(from: RecordedBytes) {
    this.#from = from;
    const bytes = from.read(0, PREAMBLE);
    const magic = new TextEncoder().encode(MAGIC);
    if (bytes.length === 0) throw new RecordingError(0, "it is empty, and no recording");
    const isOurs = magic.every((byte, i) => i >= bytes.length || byte === bytes[i]);
    if (!isOurs) throw new RecordingError(0, `it does not begin with ${MAGIC}: no recording`);
    if (bytes.length < PREAMBLE) {
      throw new RecordingError(bytes.length, "it ends before its version: nothing was recorded");
    }
    const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length, true);
    if (version === VERSION) return;
    throw new RecordingError(
      magic.length,
      `it is of version ${version}, and this tallyman reads version ${VERSION}: replay it with ` +
        "the tallyman that recorded it",
    );
  }

  /** Where the next block begins. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * The next block; undefined: there is none.
   *
   * @throws {Torn} if only a part of it is there.
   * @throws {RecordingError} if it is not what was written.
   */
  next(): Block | undefined {
    const offset = this.#offset;
    const refuse = (reason: string): never => {
      throw new RecordingError(offset, reason);
    };
    const left = this.#from.size - offset;
    if (left <= 0) return undefined;
    const header = this.#from.read(offset, BLOCK_HEADER);
    if (header.length < BLOCK_HEADER) {
      throw new Torn(offset, `${header.length} bytes of a block's beginning, and no more`);
    }
    const view = new DataView(header.buffer, header.byteOffset);
    const [mark = 0, number = 0, packed = 0, unpacked = 0, recordBytes = 0, sum = 0] = Array.from(
      { length: BLOCK_HEADER / 4 },
      (_, i) => view.getUint32(4 * i, true),
    );
    if (mark !== BLOCK_MARK) refuse("no block begins here: the file is damaged");
    if (Math.max(packed, unpacked, recordBytes) > MOST_BLOCK) {
      refuse(`a block of more than ${MOST_BLOCK} bytes: the file is damaged`);
    }
    if (BLOCK_HEADER + packed > left) {
      throw new Torn(offset, `${left} bytes of a block of ${BLOCK_HEADER + packed}, and no more`);
    }
    const whole = this.#from.read(offset, BLOCK_HEADER + packed);
    if (whole.length < BLOCK_HEADER + packed) {
      throw new Torn(offset, `${whole.length} bytes of a block of ${BLOCK_HEADER + packed}`);
    }
    if (checksum(whole) !== sum) refuse("a block whose checksum is wrong: the file is damaged");
    const kind = kindOf(number) ?? refuse(`a block of kind ${number}, which there is not`);
    this.#offset += whole.length;
    return { kind, offset, recordBytes, contents: unpack(whole, unpacked, refuse) };
  }
}

function kindOf(number: number): BlockKind | undefined {
  const names = Object.keys(blockKinds) as BlockKind[];
  return names.find((name) => blockKinds[name] === number);
}

function unpack(block: Uint8Array, length: number, refuse: (reason: string) => never): Uint8Array {
  if (length === 0) return new Uint8Array();
  let contents: Uint8Array;
  try {
    contents = zstdDecompressSync(block.subarray(BLOCK_HEADER), { maxOutputLength: length });
  } catch (error) {
    return refuse(
      `a block that can't be unpacked: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (contents.length === length) return contents;
  return refuse(`a block of ${contents.length} bytes that should have ${length}`);
}
