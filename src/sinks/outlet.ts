/**
 * The way out for lines: what makes records knows no more of files, pipes and sockets than this.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { LineBuffer } from "./line_buffer.ts";
import { type Output, writeAll } from "./output.ts";
import type { RecordType } from "./record_types.ts";

/** What a record is: its `type`. `text` is what is written for people. */
export type LineType = RecordType | "text";

/** Whose records there are how many of. */
export type Owners = ReadonlyMap<Container | undefined, number>;

/** Lines of one type. */
export interface Lines {
  readonly type: LineType;
  /** Whole lines, each with its newline. */
  readonly text: string;
  /** How many records they are, by container: told, should they be dropped. */
  readonly owners: Owners;
}

/** Lines of one type, encoded already. */
export interface LineBlock {
  readonly type: LineType;
  /** Whole lines. They are the maker's: valid until {@linkcode Outlet.putBlock} returns. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly owners: Owners;
}

/** Takes lines. It never waits: what there is no room for is dropped, counted, and told of later. */
export interface Outlet {
  put(lines: Lines): void;
  /** The same for who has bytes. Where it is not there, text is made of them. */
  putBlock?(block: LineBlock): void;
  /** Whether lines of this type would be kept now. Who asks need not make them: {@linkcode Outlet.skip}. */
  accepts(type: LineType): boolean;
  /** Counts a record as dropped that was not even made. */
  skip(type: LineType, owner: Container | undefined): void;
  /**
   * When it is worth while to make more: much is waiting, and is being written; a moment at most.
   * undefined: now. Where nothing is written any more, nobody waits for it.
   */
  ready?(): Promise<void> | undefined;
}

/** Lines that are one record. */
export function single(type: LineType, text: string, owner?: Container): Lines {
  return { type, text, owners: new Map([[owner, 1]]) };
}

/** Hands all to several. */
export function toAll(outlets: readonly Outlet[]): Outlet {
  const [only] = outlets;
  if (only !== undefined && outlets.length === 1) return only;
  return {
    put: (lines) => outlets.forEach((outlet) => outlet.put(lines)),
    putBlock: (block) => outlets.forEach((outlet) => putBlock(outlet, block)),
    accepts: (type) => outlets.some((outlet) => outlet.accepts(type)),
    skip: (type, owner) => outlets.forEach((outlet) => outlet.skip(type, owner)),
    // As fast as the slowest that makes progress.
    ready: () => outlets.map((outlet) => outlet.ready?.()).find((wait) => wait !== undefined),
  };
}

/** Writes at once, and waits where it has to: nothing is dropped. */
export function writtenAtOnce(output: Output): Outlet {
  return {
    put: ({ text }) => writeAll(output, text),
    accepts: () => true,
    skip: () => {},
  };
}

const decoder = new TextDecoder();

function putBlock(outlet: Outlet, block: LineBlock): void {
  if (outlet.putBlock !== undefined) return outlet.putBlock(block);
  const { type, bytes, owners } = block;
  outlet.put({ type, text: decoder.decode(bytes), owners });
}

/** Bytes that are handed on together, at least: a pipe takes them for less, and a queue's block has room for them. */
const TOGETHER = 240 << 10;

/** Gathers lines of one type, and hands them on together: one by one they would cost more than they do. */
export class Batch {
  readonly #outlet: Outlet;
  readonly #type: LineType;
  readonly #buffer = new LineBuffer();
  #owners = new Map<Container | undefined, number>();
  /** Whose the last lines are, and how many: most come in runs. */
  #owner: Container | undefined;
  #run = 0;

  constructor(outlet: Outlet, type: LineType) {
    this.#outlet = outlet;
    this.#type = type;
  }

  /**
   * Adds a line.
   *
   * @param write Puts it into a buffer; where it throws, nothing is added.
   */
  add(write: (into: LineBuffer) => void, owner: Container): void {
    const buffer = this.#buffer;
    const { length } = buffer;
    try {
      write(buffer);
    } catch (error) {
      buffer.cut(length);
      throw error;
    }
    if (owner !== this.#owner) this.#endRun();
    this.#owner = owner;
    this.#run++;
    if (buffer.length >= TOGETHER) this.flush();
  }

  flush(): void {
    const buffer = this.#buffer;
    if (buffer.length === 0) return;
    this.#endRun();
    const { bytes } = buffer;
    putBlock(this.#outlet, { type: this.#type, bytes, owners: this.#owners });
    buffer.cut(0);
    this.#owners = new Map();
  }

  #endRun(): void {
    if (this.#run > 0) {
      this.#owners.set(this.#owner, (this.#owners.get(this.#owner) ?? 0) + this.#run);
    }
    this.#run = 0;
  }
}
