/**
 * An array of structs in the kernel, as memory.
 *
 * @module
 */
import type { BpfMap, Mapping } from "../ffi/mod.ts";
import type { Struct } from "./layout.ts";

/** Mapped values of an array, each `struct` bytes long. */
export class StructArray<Name extends string> implements Disposable {
  readonly #struct: Struct<Name>;
  readonly #memory: Mapping;
  readonly #view: DataView<ArrayBuffer>;
  readonly #words: BigUint64Array<ArrayBuffer>;
  readonly #halves: Uint32Array<ArrayBuffer>;

  constructor(map: BpfMap, struct: Struct<Name>, count = map.maxEntries) {
    this.#struct = struct;
    this.#memory = map.memory("write", { first: 0, count });
    this.#view = new DataView(this.#memory.buffer);
    this.#words = new BigUint64Array(this.#memory.buffer);
    this.#halves = new Uint32Array(this.#memory.buffer);
  }

  #at(index: number, field: Name): number {
    return index * this.#struct.size + this.#struct.offset[field];
  }

  u64(index: number, field: Name): bigint {
    return Atomics.load(this.#words, this.#at(index, field) / 8);
  }

  u32(index: number, field: Name): number {
    return Atomics.load(this.#halves, this.#at(index, field) / 4);
  }

  setU64(index: number, field: Name, value: bigint): void {
    Atomics.store(this.#words, this.#at(index, field) / 8, value);
  }

  setU32(index: number, field: Name, value: number): void {
    Atomics.store(this.#halves, this.#at(index, field) / 4, value);
  }

  bytes(index: number, field: Name, offset: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, this.#at(index, field) + offset, length);
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
