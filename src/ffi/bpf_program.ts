/**
 * Programs of a BPF object.
 *
 * @module
 */
import type { BpfMap } from "./bpf_map.ts";
import type { Libc } from "./libc.ts";
import type { Symbols } from "./libbpf_symbols.ts";

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
