/**
 * Hashes whose keys begin with a slot, and how they are read.
 *
 * @module
 */
import type { BpfMap, BpfObject, BpfProgram } from "../ffi/mod.ts";
import { status } from "./layout.ts";
import { StructArray } from "./struct_array.ts";

/** An entry; good until the next one is asked for. */
interface Entry {
  readonly key: DataView<ArrayBuffer>;
  readonly value: DataView<ArrayBuffer>;
}

/** A hash as user space sees it. What comes meanwhile may be among its entries or not. */
export interface Hash {
  entries(): Iterable<Entry>;
  /** Takes a slot's entries away. */
  forget(slot: number): void;
}

/** By system calls on the map: a few for all of it. */
class BatchHash implements Hash {
  readonly #map: BpfMap;

  constructor(map: BpfMap) {
    this.#map = map;
  }

  entries(): Iterable<Entry> {
    return this.#map.entries();
  }

  forget(slot: number): void {
    for (const { key } of this.#map.entries()) {
      if (key.getUint32(0, true) !== slot) continue;
      this.#map.delete(new Uint8Array(key.buffer, key.byteOffset, key.byteLength));
    }
  }
}

/** By a program that the kernel runs for each entry: bpf/entries.h. */
class IteratedHash implements Hash {
  readonly #map: BpfMap;
  readonly #program: BpfProgram;
  readonly #status: StructArray<keyof typeof status.offset>;

  constructor(
    map: BpfMap,
    program: BpfProgram,
    state: StructArray<keyof typeof status.offset>,
  ) {
    this.#map = map;
    this.#program = program;
    this.#status = state;
  }

  *entries(): Generator<Entry, void, undefined> {
    const { keySize, valueSize } = this.#map;
    const { buffer, byteOffset, byteLength } = this.#program.iterate(this.#map);
    for (let at = 0; at + keySize + valueSize <= byteLength; at += keySize + valueSize) {
      yield {
        key: new DataView(buffer, byteOffset + at, keySize),
        value: new DataView(buffer, byteOffset + at + keySize, valueSize),
      };
    }
  }

  forget(slot: number): void {
    this.#status.setU64(0, "forgotten", BigInt(slot));
    try {
      this.#program.iterate(this.#map);
    } finally {
      this.#status.setU64(0, "forgotten", 0n);
    }
  }
}

/** Ways to read a hash: an iterator keeps no kprobe's program from running, and takes a program a hash. */
export type HashReading = "batch" | "iterator";

/** The program that iterates over a hash. */
export function entriesProgram(name: string): string {
  return `${name}_entries`;
}

/** The hashes of a loaded object. */
export class Hashes implements Disposable {
  readonly #object: BpfObject;
  readonly #reading: HashReading;
  readonly #status: StructArray<keyof typeof status.offset>;

  constructor(object: BpfObject, reading: HashReading) {
    this.#object = object;
    this.#reading = reading;
    this.#status = new StructArray(object.map("status"), status);
  }

  of(name: string): Hash {
    const map = this.#object.map(name);
    if (this.#reading === "batch") return new BatchHash(map);
    return new IteratedHash(map, this.#object.program(entriesProgram(name)), this.#status);
  }

  [Symbol.dispose](): void {
    this.#status[Symbol.dispose]();
  }
}
