/**
 * Writes a recording: entries into blocks, blocks to a file.
 *
 * @module
 */
import { packBlock, preamble } from "./blocks.ts";
import { ByteWriter } from "./bytes.ts";
import { factText, type RecordingHeader } from "./facts.ts";
import { ENOUGH, entryKinds, TOUCHED } from "./format.ts";
import { RecordPacker } from "./records.ts";

/** Takes the blocks of a recording, in their order. */
export interface BlockOutput {
  write(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What of the ring a record is. */
export interface RecordPlace {
  /** The ring's bytes, and the same as words. */
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** Takes what a monitor learns, in the order in which it does. */
export class RecordingWriter {
  readonly #output: BlockOutput;
  readonly #contents = new ByteWriter(ENOUGH.bytes + (1 << 16));
  readonly #packer = new RecordPacker(this.#contents);
  #recordBytes = 0;
  #entries = 0;
  #calls = 0;
  #written = 0;

  constructor(output: BlockOutput, header: RecordingHeader) {
    this.#output = output;
    this.#write(preamble());
    this.#write(packBlock("header", new TextEncoder().encode(factText(header)), 0));
  }

  /** Calls so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Bytes of the blocks so far. */
  get written(): number {
    return this.#written;
  }

  /** Whether there is anything that no block has yet. */
  get isPending(): boolean {
    return this.#entries > 0;
  }

  #write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#written += bytes.length;
    this.#output.write(bytes);
  }

  /** @param isTouched /proc is asked about its process before anything else happens. */
  call(ring: RecordPlace, offset: number, length: number, isTouched: boolean): void {
    this.#begin(length);
    const tag = entryKinds.call | (isTouched ? TOUCHED : 0);
    this.#packer.call(ring.words, ring.bytes, offset, length, tag);
    this.#calls++;
  }

  process(ring: RecordPlace, offset: number, length: number): void {
    this.#begin(length);
    this.#packer.process(ring.words, ring.bytes, offset, length, entryKinds.process);
  }

  /** The ring is drained once more. */
  round(): void {
    this.#begin(0);
    this.#contents.u8(entryKinds.round);
  }

  /** A slot counts for a container from now on. */
  owner(slot: number, container: number): void {
    this.#begin(0);
    this.#contents.u8(entryKinds.owner);
    this.#contents.number(slot);
    this.#contents.number(container);
  }

  /** @param json A `Fact`'s. */
  fact(json: string): void {
    this.#begin(0);
    this.#contents.u8(entryKinds.fact);
    this.#contents.text(json);
  }

  #begin(recordBytes: number): void {
    const isEnough = this.#contents.length >= ENOUGH.bytes ||
      this.#recordBytes >= ENOUGH.recordBytes || this.#entries >= ENOUGH.entries;
    if (isEnough) this.flush();
    this.#entries++;
    // Each begins at a multiple of 8 when it is unpacked.
    this.#recordBytes += Math.ceil(recordBytes / 8) * 8;
  }

  /** Ends the block: what is in it can be read whatever happens. */
  flush(): void {
    if (this.#entries === 0) return;
    this.#write(packBlock("entries", this.#contents.bytes, this.#recordBytes));
    this.#contents.clear();
    this.#packer.clear();
    this.#recordBytes = 0;
    this.#entries = 0;
  }

  /** Says that nothing more comes. */
  end(): void {
    this.flush();
    this.#write(packBlock("end", new Uint8Array(), 0));
  }
}
