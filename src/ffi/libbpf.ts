/**
 * libbpf.so.1, opened when asked: BPF objects, their maps and programs. 1.1 (Debian 12) is the floor.
 * The library is found by its SONAME, or at `LIBBPF_PATH`.
 *
 * @module
 */
import { type CallError, Errno, LibraryError } from "./errors.ts";
import { type Access, Libc, type Mapping } from "./libc.ts";

const symbols = {
  // const char *libbpf_version_string(void)
  libbpf_version_string: { parameters: [], result: "pointer" },
  // libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
  libbpf_set_print: { parameters: ["function"], result: "pointer" },
  // struct bpf_object *bpf_object__open_file(const char *path, const struct bpf_object_open_opts *opts)
  bpf_object__open_file: { parameters: ["buffer", "pointer"], result: "pointer" },
  // int bpf_object__load(struct bpf_object *obj)
  bpf_object__load: { parameters: ["pointer"], result: "i32" },
  // void bpf_object__close(struct bpf_object *obj)
  bpf_object__close: { parameters: ["pointer"], result: "void" },
  // struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name)
  bpf_object__find_map_by_name: { parameters: ["pointer", "buffer"], result: "pointer" },
  // struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char *name)
  bpf_object__find_program_by_name: { parameters: ["pointer", "buffer"], result: "pointer" },
  // int bpf_map__fd(const struct bpf_map *map)
  bpf_map__fd: { parameters: ["pointer"], result: "i32" },
  // __u32 bpf_map__max_entries(const struct bpf_map *map)
  bpf_map__max_entries: { parameters: ["pointer"], result: "u32" },
  // int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
  bpf_map__set_max_entries: { parameters: ["pointer", "u32"], result: "i32" },
  // int bpf_map__set_autocreate(struct bpf_map *map, bool autocreate)
  bpf_map__set_autocreate: { parameters: ["pointer", "bool"], result: "i32" },
  // __u32 bpf_map__key_size(const struct bpf_map *map)
  bpf_map__key_size: { parameters: ["pointer"], result: "u32" },
  // __u32 bpf_map__value_size(const struct bpf_map *map)
  bpf_map__value_size: { parameters: ["pointer"], result: "u32" },
  // int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size)
  bpf_map__set_initial_value: { parameters: ["pointer", "buffer", "usize"], result: "i32" },
  // int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
  bpf_map_update_elem: { parameters: ["i32", "buffer", "buffer", "u64"], result: "i32" },
  // int bpf_map_lookup_elem(int fd, const void *key, void *value)
  bpf_map_lookup_elem: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int bpf_map_delete_elem(int fd, const void *key)
  bpf_map_delete_elem: { parameters: ["i32", "buffer"], result: "i32" },
  // int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values,
  //                          __u32 *count, const struct bpf_map_batch_opts *opts)
  bpf_map_lookup_batch: {
    parameters: ["i32", "buffer", "buffer", "buffer", "buffer", "buffer", "pointer"],
    result: "i32",
  },
  // int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
  bpf_program__set_autoload: { parameters: ["pointer", "bool"], result: "i32" },
  // struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
  bpf_program__attach: { parameters: ["pointer"], result: "pointer" },
  // struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog, const struct bpf_iter_attach_opts *opts)
  bpf_program__attach_iter: { parameters: ["pointer", "buffer"], result: "pointer" },
  // int bpf_link__fd(const struct bpf_link *link)
  bpf_link__fd: { parameters: ["pointer"], result: "i32" },
  // int bpf_iter_create(int link_fd)
  bpf_iter_create: { parameters: ["i32"], result: "i32" },
  // int bpf_program__fd(const struct bpf_program *prog)
  bpf_program__fd: { parameters: ["pointer"], result: "i32" },
  // int bpf_link__destroy(struct bpf_link *link)
  bpf_link__destroy: { parameters: ["pointer"], result: "i32" },
  // int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
  bpf_obj_get_info_by_fd: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

// typedef int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *, va_list ap)
const printFunction = {
  parameters: ["i32", "pointer", "pointer"],
  result: "i32",
} as const satisfies Deno.UnsafeCallbackDefinition;

/** enum libbpf_print_level, in its order. */
const levels = ["warn", "info", "debug"] as const;

/** How grave libbpf thinks a message is. */
export type MessageLevel = typeof levels[number];

/** Hears what libbpf has to say; `text` ends without a newline. */
export type MessageHandler = (level: MessageLevel, text: string) => void;

type Symbols = Deno.DynamicLibrary<typeof symbols>["symbols"];

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** An open libbpf. */
export class Libbpf implements Disposable {
  readonly libc: Libc;
  readonly #library: Deno.DynamicLibrary<typeof symbols>;
  readonly #print: Deno.UnsafeCallback<typeof printFunction>;

  private constructor(
    libc: Libc,
    library: Deno.DynamicLibrary<typeof symbols>,
    onMessage: MessageHandler,
    upTo: MessageLevel,
  ) {
    const last = levels.indexOf(upTo);
    this.libc = libc;
    this.#library = library;
    this.#print = new Deno.UnsafeCallback(printFunction, (level, format, args) => {
      const name = levels[level];
      if (name !== undefined && level <= last) {
        onMessage(name, libc.format(format, args).trimEnd());
      }
      return 0;
    });
    library.symbols.libbpf_set_print(this.#print.pointer);
  }

  /**
   * @param onMessage Hears libbpf's own messages, the verifier's log among them.
   * @param upTo The least grave messages to pass on.
   * @throws {LibraryError} if it is not installed, or too old to have what is used.
   */
  static open(onMessage: MessageHandler, upTo: MessageLevel = "warn"): Libbpf {
    const name = Deno.env.get("LIBBPF_PATH") ?? "libbpf.so.1";
    const libc = Libc.open();
    try {
      return new Libbpf(libc, Deno.dlopen(name, symbols), onMessage, upTo);
    } catch (cause) {
      libc[Symbol.dispose]();
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new LibraryError(name, { cause });
    }
  }

  /** As the library says it: `v1.1`. */
  get version(): string {
    const text = this.#library.symbols.libbpf_version_string();
    return text === null ? "unknown" : Deno.UnsafePointerView.getCString(text);
  }

  /** @throws {CallError} if the file is not there or not a BPF object. */
  openObject(path: string): BpfObject {
    const object = this.#library.symbols.bpf_object__open_file(cString(path), null);
    if (object === null) throw this.libc.error(`opening ${path}`);
    return new BpfObject(this.libc, this.#library.symbols, object, path);
  }

  /** The libbpf messages stop, and what was opened through it must be closed by now. */
  [Symbol.dispose](): void {
    this.#library.symbols.libbpf_set_print(null);
    this.#print.close();
    this.#library.close();
    this.libc[Symbol.dispose]();
  }
}

/** A BPF object file: first opened, then loaded into the kernel. */
export class BpfObject implements Disposable {
  readonly #libc: Libc;
  readonly #symbols: Symbols;
  readonly #object: Deno.PointerObject;
  readonly path: string;

  /** @internal Use {@linkcode Libbpf.openObject}. */
  constructor(libc: Libc, symbols: Symbols, object: Deno.PointerObject, path: string) {
    this.#libc = libc;
    this.#symbols = symbols;
    this.#object = object;
    this.path = path;
  }

  /** @throws {CallError} if the object has no such map. */
  map(name: string): BpfMap {
    const map = this.#symbols.bpf_object__find_map_by_name(this.#object, cString(name));
    if (map === null) throw this.#libc.error(`finding map ${name} in ${this.path}`, Errno.ENOENT);
    return new BpfMap(this.#libc, this.#symbols, map, name);
  }

  /** @throws {CallError} if the object has no such program. */
  program(name: string): BpfProgram {
    const program = this.#symbols.bpf_object__find_program_by_name(this.#object, cString(name));
    if (program === null) {
      throw this.#libc.error(`finding program ${name} in ${this.path}`, Errno.ENOENT);
    }
    return new BpfProgram(this.#libc, this.#symbols, program, name);
  }

  /** @throws {CallError} if the kernel or its verifier refuses; what they said went to the message handler. */
  load(): void {
    const error = this.#symbols.bpf_object__load(this.#object);
    if (error !== 0) throw this.#libc.error(`loading ${this.path}`, -error);
  }

  /** Takes programs and maps out of the kernel, unless something else holds them. */
  [Symbol.dispose](): void {
    this.#symbols.bpf_object__close(this.#object);
  }
}

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

  /** @returns false if there is no such key; else `value` holds what stands there. */
  lookup(key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>): boolean {
    const error = this.#symbols.bpf_map_lookup_elem(this.fd, key, value);
    if (error === 0) return true;
    if (error === -Errno.ENOENT) return false;
    throw this.#libc.error(`reading map ${this.name}`, -error);
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

/** What the kernel has counted of a program's runs. */
export interface ProgramStatistics {
  /** ns in the program, while statistics were on (`kernel.bpf_stats_enabled`). */
  readonly runTime: bigint;
  readonly runs: bigint;
  /** Runs that the kernel left out because the program was running on that CPU already (Linux 5.12). */
  readonly misses: bigint;
}

// Offsets in struct bpf_prog_info (include/uapi/linux/bpf.h), which only ever grows.
const programInfo = { size: 232, runTime: 192, runs: 200, misses: 208 } as const;

/** A program of an object. */
export class BpfProgram {
  readonly #libc: Libc;
  readonly #symbols: Symbols;
  readonly #program: Deno.PointerObject;
  readonly name: string;

  /** @internal Use {@linkcode BpfObject.program}. */
  constructor(libc: Libc, symbols: Symbols, program: Deno.PointerObject, name: string) {
    this.#libc = libc;
    this.#symbols = symbols;
    this.#program = program;
    this.name = name;
  }

  /** Whether loading the object loads this program; before loading only. */
  setAutoload(autoload: boolean): void {
    const error = this.#symbols.bpf_program__set_autoload(this.#program, autoload);
    if (error !== 0) throw this.#libc.error(`choosing program ${this.name}`, -error);
  }

  /**
   * Attaches where the program's section says, until the link is disposed of or this process ends.
   *
   * @throws {CallError} if the kernel refuses.
   */
  attach(): Disposable {
    const link = this.#symbols.bpf_program__attach(this.#program);
    if (link === null) throw this.#libc.error(`attaching ${this.name}`);
    return { [Symbol.dispose]: () => void this.#symbols.bpf_link__destroy(link) };
  }

  /**
   * Runs a program of `iter/…` over everything that it iterates.
   *
   * @param map Whose elements they are, of `iter/bpf_map_elem`.
   * @returns what it wrote.
   * @throws {CallError} if the kernel refuses.
   */
  iterate(map?: BpfMap): Uint8Array<ArrayBuffer> {
    // struct bpf_iter_attach_opts, and behind it union bpf_iter_link_info, to which it points
    const options = new BigUint64Array([24n, 0n, 16n, BigInt(map?.fd ?? 0), 0n]);
    options[1] = Deno.UnsafePointer.value(Deno.UnsafePointer.of(options)) + 24n;
    const link = this.#symbols.bpf_program__attach_iter(
      this.#program,
      map === undefined ? null : options,
    );
    if (link === null) throw this.#libc.error(`attaching ${this.name}`);
    try {
      const fd = this.#symbols.bpf_iter_create(this.#symbols.bpf_link__fd(link));
      if (fd < 0) throw this.#libc.error(`creating ${this.name}`, -fd);
      return this.#libc.readAll(`reading ${this.name}`, fd);
    } finally {
      this.#symbols.bpf_link__destroy(link);
    }
  }

  /** @throws {CallError} if the program is not loaded. */
  statistics(): ProgramStatistics {
    const info = new Uint8Array(programInfo.size);
    const length = new Uint32Array([programInfo.size]);
    const error = this.#symbols.bpf_obj_get_info_by_fd(
      this.#symbols.bpf_program__fd(this.#program),
      info,
      length,
    );
    if (error !== 0) throw this.#libc.error(`reading statistics of ${this.name}`, -error);
    const view = new DataView(info.buffer);
    return {
      runTime: view.getBigUint64(programInfo.runTime, true),
      runs: view.getBigUint64(programInfo.runs, true),
      misses: view.getBigUint64(programInfo.misses, true),
    };
  }
}

export type { CallError };
