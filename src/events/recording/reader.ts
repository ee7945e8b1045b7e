/**
 * Reads a recording, block by block.
 *
 * @module
 */
import { type Block, BlockReader, type RecordedBytes } from "./blocks.ts";
import { ByteReader } from "./bytes.ts";
import { Malformed, RecordingError } from "./error.ts";
import { type Fact, readFact, readHeader, type RecordingHeader } from "./facts.ts";
import { entryKinds, layoutFingerprint, MOST_ENTRIES, TOUCHED } from "./format.ts";
import { RecordUnpacker } from "./records.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The entries of a block, unpacked. They are valid until the next block is read. */
export interface Entries {
  /** Where the block begins in the file. */
  readonly offset: number;
  /** What records' offsets count in. */
  readonly bytes: ArrayBuffer;
  readonly count: number;
  /** By number: what kind, and two numbers that say more: see {@linkcode Packed}. */
  readonly kinds: Uint8Array;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly facts: readonly { readonly fact: Fact; readonly size: number }[];
}

/**
 * Kinds of entries as `Entries` has them: of a call (touched or not) or a process, offset and length; of an owner, slot
 * and container; of a fact, its place in `facts`.
 */
export const Packed = { call: 0, touched: 1, process: 2, round: 3, owner: 4, fact: 5 } as const;

/** Reads what a `RecordingWriter` wrote. */
export class RecordingReader {
  readonly #blocks: BlockReader;
  readonly header: RecordingHeader;
  readonly #unpacker = new RecordUnpacker();
  #bytes = new ArrayBuffer(0);
  #kinds = new Uint8Array(1 << 12);
  #first = new Uint32Array(1 << 12);
  #second = new Uint32Array(1 << 12);
  #isEnded = false;

  /**
   * Reads the recording's beginning.
   *
   * @throws {RecordingError} if it is none, or none that this tallyman can read on this machine.
   */
  constructor(from: RecordedBytes) {
    this.#blocks = new BlockReader(from);
    const { offset } = this.#blocks;
    const block = this.#blocks.next();
    if (block === undefined) throw new RecordingError(offset, "nothing was recorded");
    if (block.kind !== "header") throw new RecordingError(offset, "it has no header");
    this.header = within(block, () => readHeader(decoder.decode(block.contents)));
    const { layout, architecture } = this.header;
    if (architecture !== Deno.build.arch) {
      throw new RecordingError(
        offset,
        `it was recorded on ${architecture}: its calls have other numbers here, on ${Deno.build.arch}`,
      );
    }
    if (layout !== layoutFingerprint()) {
      throw new RecordingError(
        offset,
        `its records are laid out otherwise (${layout}, here ${layoutFingerprint()}): replay it with ` +
          "the tallyman that recorded it",
      );
    }
  }

  /** Whether the recorder has said that nothing more comes. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Where in the file the next block begins. */
  get offset(): number {
    return this.#blocks.offset;
  }

  /**
   * The entries of the next block; undefined: there is none.
   *
   * @throws {RecordingError}; {@linkcode Torn} if the recorder was stopped while it wrote the block.
   */
  next(): Entries | undefined {
    const { offset } = this.#blocks;
    const block = this.#blocks.next();
    if (block === undefined) return undefined;
    if (this.#isEnded) throw new RecordingError(offset, "a block behind the recording's end");
    if (block.kind === "header") throw new RecordingError(offset, "a second header");
    if (block.kind === "end") {
      this.#isEnded = true;
      return undefined;
    }
    return this.#unpack(block);
  }

  #unpack(block: Block): Entries {
    const from = new ByteReader(block.contents);
    const room = Math.ceil(block.recordBytes / 8) * 8;
    if (this.#bytes.byteLength < room) this.#bytes = new ArrayBuffer(room);
    const bytes = new Uint8Array(this.#bytes, 0, room);
    const words = new Uint32Array(this.#bytes, 0, room / 4);
    const facts: { fact: Fact; size: number }[] = [];
    let at = 0;
    let count = 0;
    this.#unpacker.clear();
    const entry = () => {
      const tag = from.u8();
      switch (tag & 7) {
        case entryKinds.call: {
          const length = this.#unpacker.call(from, tag, words, bytes, at);
          this.#add(count, (tag & TOUCHED) === 0 ? Packed.call : Packed.touched, at, length);
          at += Math.ceil(length / 8) * 8;
          return;
        }
        case entryKinds.process: {
          const length = this.#unpacker.process(from, words, bytes, at);
          this.#add(count, Packed.process, at, length);
          at += Math.ceil(length / 8) * 8;
          return;
        }
        case entryKinds.round:
          return this.#add(count, Packed.round, 0, 0);
        case entryKinds.owner:
          return this.#add(count, Packed.owner, from.number(), from.number());
        case entryKinds.fact: {
          const json = from.text();
          this.#add(count, Packed.fact, facts.length, 0);
          facts.push({ fact: readFact(json), size: json.length });
          return;
        }
      }
      throw new Malformed(`an entry of kind ${tag & 7}, which there is not`);
    };
    while (!from.isAtEnd) {
      if (count >= MOST_ENTRIES) throw new RecordingError(block.offset, "too many entries");
      const { position } = from;
      within(block, entry, position);
      count++;
    }
    const [kinds, first, second] = [this.#kinds, this.#first, this.#second];
    return { offset: block.offset, bytes: this.#bytes, count, kinds, first, second, facts };
  }

  #add(index: number, kind: number, first: number, second: number): void {
    if (index >= this.#kinds.length) {
      this.#kinds = grown(this.#kinds, new Uint8Array(2 * index));
      this.#first = grown(this.#first, new Uint32Array(2 * index));
      this.#second = grown(this.#second, new Uint32Array(2 * index));
    }
    this.#kinds[index] = kind;
    this.#first[index] = first;
    this.#second[index] = second;
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Whatever is wrong with what is read within a block is told with its place. */
function within<T>({ offset }: Block, read: () => T, position?: number): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const where = position === undefined ? "" : `the entry at byte ${position} of this block: `;
    throw new RecordingError(offset, `${where}${cause.message}`, { cause });
  }
}
