/**
 * Maps of a BPF object: entries by key, and memory that is shared with the kernel.
 *
 * @module
 */
import { Errno } from "./errors.ts";
import type { Access, Libc, Mapping } from "./libc.ts";
import type { Symbols } from "./libbpf_symbols.ts";

/** What to do if the key is there already: include/uapi/linux/bpf.h */
const updateFlags = { any: 0n, noexist: 1n } as const;

/** A map of an object. Keys and values are bytes as the kernel lays them out. */
export class BpfMap {
  readonly #libc: Libc;
  readonly #symbols: Symbols;
  readonly #map: Deno.PointerObject;
  readonly name: string;

  /** @internal Use {@linkcode BpfObject.map}. */
  constructor(libc: Libc, symbols: Symbols, map: Deno.PointerObject, name: string) {
    this.#libc = libc;
    this.#symbols = symbols;
    this.#map = map;
    this.name = name;
  }

  /** -1 before the object is loaded. */
  get fd(): number {
    return this.#symbols.bpf_map__fd(this.#map);
  }

  get keySize(): number {
    return this.#symbols.bpf_map__key_size(this.#map);
  }

  get valueSize(): number {
    return this.#symbols.bpf_map__value_size(this.#map);
  }

  get maxEntries(): number {
    return this.#symbols.bpf_map__max_entries(this.#map);
  }

  /** Before loading only. */
  setMaxEntries(entries: number): void {
    const error = this.#symbols.bpf_map__set_max_entries(this.#map, entries);
    if (error !== 0) throw this.#libc.error(`sizing map ${this.name}`, -error);
  }

  /** Whether loading makes this map: one that no program reaches need not be there. Before loading only. */
  setAutocreate(autocreate: boolean): void {
    const error = this.#symbols.bpf_map__set_autocreate(this.#map, autocreate);
    if (error !== 0) throw this.#libc.error(`choosing map ${this.name}`, -error);
  }

  /** Before loading only; `value` is as long as the map's value. */
  setInitialValue(value: Uint8Array<ArrayBuffer>): void {
    const size = BigInt(value.length);
    const error = this.#symbols.bpf_map__set_initial_value(this.#map, value, size);
    if (error !== 0) throw this.#libc.error(`filling map ${this.name}`, -error);
  }

  /**
   * @param key `null` for a map without keys: a queue.
   * @returns false if the key is there and `mode` is "noexist".
   */
  update(
    key: Uint8Array<ArrayBuffer> | null,
    value: Uint8Array<ArrayBuffer>,
    mode: keyof typeof updateFlags = "any",
  ): boolean {
    const error = this.#symbols.bpf_map_update_elem(this.fd, key, value, updateFlags[mode]);
    if (error === 0) return true;
    if (mode === "noexist" && error === -Errno.EEXIST) return false;
    throw this.#libc.error(`writing map ${this.name}`, -error);
  }

  /** @returns false if there was no such key. */
  delete(key: Uint8Array<ArrayBuffer>): boolean {
    const error = this.#symbols.bpf_map_delete_elem(this.fd, key);
    if (error === 0) return true;
    if (error === -Errno.ENOENT) return false;
    throw this.#libc.error(`deleting from map ${this.name}`, -error);
  }

  /**
   * All entries of a hash map, by few system calls (BPF_MAP_LOOKUP_BATCH, Linux 5.6). What comes or goes
   * meanwhile may be there or not.
   */
  *entries(): Generator<{ key: DataView<ArrayBuffer>; value: DataView<ArrayBuffer> }> {
    const { keySize, valueSize } = this;
    // The kernel's buckets come whole, or not at all (ENOSPC): most hold one or two.
    let room = Math.min(this.maxEntries, 512);
    let keys = new Uint8Array(room * keySize);
    let values = new Uint8Array(room * valueSize);
    const position = new Uint8Array(Math.max(keySize, 8));
    const count = new Uint32Array(1);
    for (let first = true, last = false; !last;) {
      count[0] = room;
      const error = this.#symbols.bpf_map_lookup_batch(
        this.fd,
        first ? null : position,
        position,
        keys,
        values,
        count,
        null,
      );
      if (error === -Errno.ENOSPC && room < this.maxEntries) {
        room = Math.min(this.maxEntries, 2 * room);
        keys = new Uint8Array(room * keySize);
        values = new Uint8Array(room * valueSize);
        continue;
      }
      first = false;
      last = error === -Errno.ENOENT;
      if (error !== 0 && !last) throw this.#libc.error(`reading map ${this.name}`, -error);
      for (let i = 0; i < (count[0] ?? 0); i++) {
        yield {
          key: new DataView(keys.buffer, i * keySize, keySize),
          value: new DataView(values.buffer, i * valueSize, valueSize),
        };
      }
    }
  }

  /**
   * The memory of a BPF_F_MMAPABLE array: its values one after the other, each at a multiple of 8 bytes.
   *
   * @param values Which of them, by default all; they begin and end where a page does.
   */
  memory(
    access: Access,
    values: { readonly first: number; readonly count: number } = {
      first: 0,
      count: this.maxEntries,
    },
  ): Mapping {
    const stride = Math.ceil(this.valueSize / 8) * 8;
    const page = this.#libc.pageSize;
    const offset = stride * values.first;
    const size = Math.ceil(stride * values.count / page) * page;
    return this.#libc.map(`mapping ${this.name}`, this.fd, access, { offset, size });
  }

  /**
   * The memory of a BPF ring buffer: a page that the consumer writes its position to; a page with the
   * producer's, and behind it the data, twice, so that no record is cut (kernel/bpf/ringbuf.c).
   *
   * @param longest Bytes of the longest record: of the data that comes twice no more than that is mapped.
   */
  ring(longest: number): RingMemory {
    const page = this.#libc.pageSize;
    const call = `mapping ${this.name}`;
    const { fd, maxEntries: data } = this;
    const again = Math.min(data, Math.ceil(longest / page) * page);
    using resources = new DisposableStack();
    const consumer = resources.use(
      this.#libc.map(call, fd, "write", { offset: 0, size: page }),
    );
    const room = resources.use(this.#libc.room(call, page + data + again));
    room.map(0, fd, { offset: page, size: page });
    room.map(page + data, fd, { offset: 2 * page, size: again });
    const moved = resources.move();
    return {
      consumer: consumer.buffer,
      producer: room.buffer,
      dataAt: page,
      map: (offset, size) => room.map(page + offset, fd, { offset: 2 * page + offset, size }),
      clear: (offset, size) => room.clear(page + offset, size),
      [Symbol.dispose]: () => moved.dispose(),
    };
  }
}

/** The memory of a BPF ring buffer; of its data only what is asked for. */
export interface RingMemory extends Disposable {
  readonly consumer: ArrayBuffer;
  /** The producer's page, and the data. */
  readonly producer: ArrayBuffer;
  /** Where in `producer` the data begins. */
  readonly dataAt: number;
  /** Shows data; until then there are zeros. In bytes of the data, whole pages. */
  map(offset: number, size: number): void;
  clear(offset: number, size: number): void;
}
