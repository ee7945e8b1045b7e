/**
 * libbpf.so.1, opened when asked, and BPF objects. 1.1 (Debian 12) is the floor.
 * The library is found by its SONAME, or at `LIBBPF_PATH`.
 *
 * @module
 */
import { BpfMap } from "./bpf_map.ts";
import { BpfProgram } from "./bpf_program.ts";
import { Errno, LibraryError } from "./errors.ts";
import { type Symbols, symbols } from "./libbpf_symbols.ts";
import { Libc } from "./libc.ts";

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
