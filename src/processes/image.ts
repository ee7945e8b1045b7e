/**
 * A program in execution, from an exec to the next: shared by the process that called execve(2) and by those
 * that were forked from it and called none.
 *
 * @module
 */
import type { ExecFacts } from "./facts.ts";
import { absolutePath } from "./paths.ts";
import type { SeenArguments, SeenProgram } from "./proc.ts";
import { parseCmdline } from "./proc_texts.ts";
import type { Origin, Program } from "./process.ts";

/** What the kernel puts behind the path of a file that has no name any more: fs/d_path.c */
const DELETED = " (deleted)";

/** What a program executes to run itself once more, as busybox and runc do: of a file that is no name. */
const OWN_PROGRAM = /^\/proc\/(?:thread-)?self\/exe$/;

/** Bytes of arguments that any image may keep. Of those with more, a few keep them all. */
const SHORT_ARGV = 4096;

/** Images whose arguments are long, and kept all the same. */
const LONG_ARGVS = 256;

/** Which images keep long arguments: the last ones that were read, so that all together stay within bounds. */
export class LongArguments {
  readonly #images = new Set<Image>();

  /** Lets one keep its own, and makes the one that has kept them longest give them up. */
  keep(image: Image): void {
    this.#images.add(image);
    if (this.#images.size <= LONG_ARGVS) return;
    for (const oldest of this.#images) {
      this.#images.delete(oldest);
      oldest.forgetArguments();
      return;
    }
  }
}

/** What is known when an image begins. */
interface Beginning {
  readonly comm: string;
  readonly filename?: string | undefined;
  /** The file that runs, as execve(2) was asked for it. */
  readonly asked?: string | undefined;
  /** The caller's file, which it executed once more. */
  readonly again?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly truncated?: boolean;
  readonly argvAddress?: bigint | undefined;
}

/** What a process runs. It asks nobody: who runs it does. */
export class Image implements Program {
  readonly comm: string;
  readonly filename: string | undefined;
  readonly #asked: string | undefined;
  readonly #again: string | undefined;
  readonly #told: readonly string[] | undefined;
  readonly #isToldCut: boolean;
  readonly #argvAddress: bigint | undefined;
  #link: string | undefined;
  #isSettled = false;
  #isDeleted = false;
  #argv: readonly string[] | undefined;
  /** What stays of `#argv` if it is long and given up. */
  #short: readonly string[] | undefined;
  #isCut: boolean;

  private constructor(beginning: Beginning) {
    this.comm = beginning.comm;
    this.filename = beginning.filename;
    this.#asked = beginning.asked;
    this.#again = beginning.again;
    this.#told = beginning.argv;
    this.#isToldCut = beginning.truncated ?? false;
    this.#isCut = this.#isToldCut;
    // Who may not see it reads 0.
    this.#argvAddress = beginning.argvAddress || undefined;
  }

  /**
   * @param cwd Where the process was when it called execve(2), if that is known.
   * @param caller What it ran when it did.
   */
  static executed(facts: ExecFacts, cwd: string | undefined, caller?: Image): Image {
    const { comm, filename, interpreter, argv, truncated, argvAddress } = facts;
    const again = OWN_PROGRAM.test(interpreter) ? caller?.file : undefined;
    const asked = again ?? absolutePath(interpreter, cwd);
    return new Image({ comm, filename, asked, again, argv, truncated, argvAddress });
  }

  /** As /proc shows it. */
  static seen({ comm, exe, argvAddress }: SeenProgram & {
    readonly exe: string | undefined;
  }): Image {
    const image = new Image({ comm, argvAddress });
    image.settle(exe);
    return image;
  }

  /** Of a process whose parent nobody knows. */
  static unknown(comm: string): Image {
    return new Image({ comm });
  }

  /** The file, if /proc has said it of this or of who executed itself once more, and it still had its name. */
  get file(): string | undefined {
    return this.#isDeleted ? undefined : this.#link ?? this.#again;
  }

  /** /proc has said what file it is; nobody has to ask again. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get exe(): string | undefined {
    return this.#link ?? this.#asked;
  }

  get exeFrom(): Origin | undefined {
    if (this.#link !== undefined) return "proc";
    return this.#asked === undefined ? undefined : "record";
  }

  get exeDeleted(): boolean {
    return this.#isDeleted;
  }

  get argv(): readonly string[] | undefined {
    return this.#argv ?? this.#told;
  }

  get argvFrom(): Origin | undefined {
    if (this.#argv !== undefined) return "proc";
    return this.#told === undefined ? undefined : "record";
  }

  get argvTruncated(): boolean {
    return this.#isCut;
  }

  /** /proc may know more arguments. */
  get lacksArguments(): boolean {
    return this.argv === undefined || this.#isCut;
  }

  /**
   * Whether a process runs this image, and not one that it went on to meanwhile.
   *
   * @param comm Its name when it was last heard of: all there is to go by if no address was recorded.
   */
  isRunBy(stat: SeenProgram, comm: string): boolean {
    return this.#argvAddress === undefined || stat.argvAddress === 0n
      ? stat.comm === comm
      : stat.argvAddress === this.#argvAddress;
  }

  /** Takes what /proc/PID/exe says of a process that runs this. */
  settle(link: string | undefined): void {
    this.#isSettled = true;
    if (link === undefined) return;
    const path = link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : undefined;
    // A file may be called so. It is gone if that is what ran by its name; memfd_create(2)'s never had one.
    this.#isDeleted = path !== undefined && (path === this.#asked || path.startsWith("/memfd:"));
    this.#link = this.#isDeleted ? path : link;
  }

  /** Takes the arguments of a process that runs this, unless it has written over them. */
  complete({ bytes, truncated }: SeenArguments, long: LongArguments): void {
    const argv = parseCmdline(bytes);
    if (this.#told !== undefined && !begins(argv, this.#told)) return;
    this.#argv = argv;
    this.#isCut = truncated;
    if (bytes.length <= SHORT_ARGV) return;
    // Decoded again: a part of a string keeps all of it in memory.
    if (this.#told === undefined) this.#short = parseCmdline(bytes.subarray(0, SHORT_ARGV));
    long.keep(this);
  }

  /** Goes back to the arguments of the record, or to the first of those that were read. */
  forgetArguments(): void {
    this.#argv = this.#short;
    this.#isCut = this.#told === undefined || this.#isToldCut;
  }
}

/** Whether all arguments begin with what was recorded of them, which may end within a character. */
function begins(argv: readonly string[], told: readonly string[]): boolean {
  return argv.join("\0").startsWith(told.join("\0").replace(/[\uDC80-\uDCFF]{1,3}$/, ""));
}
