/**
 * What goes between the monitor and the process that rules run in: frames of a key, two lengths, JSON, and bytes.
 *
 * The pipes are standard input and output, which code of rules can reach. The key, drawn anew for each process, is
 * what it doesn't know: what it writes there is not taken for a frame.
 *
 * @module
 */

/** Bytes of a key. */
export const KEY = 16;

/** Key, length of the JSON, length of the bytes behind it. */
const HEAD = KEY + 8;

/** Bytes of the largest frame: what is longer is none. */
const MOST = 64 * 1024 * 1024;

/** What came is no frame. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** A frame that has come. */
export interface Frame {
  readonly header: unknown;
  readonly body: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A frame's bytes. */
export function frame(
  key: Uint8Array,
  header: object,
  body: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const json = encoder.encode(JSON.stringify(header));
  const bytes = new Uint8Array(HEAD + json.length + body.length);
  bytes.set(key);
  const view = new DataView(bytes.buffer);
  view.setUint32(KEY, json.length, true);
  view.setUint32(KEY + 4, body.length, true);
  bytes.set(json, HEAD);
  bytes.set(body, HEAD + json.length);
  return bytes;
}

/** Puts frames together from pieces of any size. */
export class FrameReader {
  #key: Uint8Array | undefined;
  readonly #most: number;
  readonly #head = new Uint8Array(HEAD);
  #body: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes of the head, or of what is behind it, that are there. */
  #filled = 0;

  /** @param key undefined: the first frame says it. */
  constructor(key?: Uint8Array, most = MOST) {
    this.#key = key;
    this.#most = most;
  }

  /** The key of the frames. */
  get key(): Uint8Array | undefined {
    return this.#key;
  }

  /**
   * Takes in a piece.
   *
   * @returns the frames that it completes.
   * @throws {FrameError} if it is none: whatever follows can't be read either.
   */
  *push(piece: Uint8Array): Generator<Frame, void, undefined> {
    let rest = piece;
    // Also where nothing is left: a frame may have neither JSON nor bytes.
    while (rest.length > 0) {
      const into = this.#body ?? this.#head;
      const taken = rest.subarray(0, into.length - this.#filled);
      into.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#body === undefined) this.#checkKey();
      if (this.#filled < into.length) return;
      this.#filled = 0;
      if (this.#body === undefined) {
        this.#body = new Uint8Array(this.#length());
        continue;
      }
      this.#body = undefined;
      yield this.#open(into as Uint8Array<ArrayBuffer>);
    }
  }

  /** Before there is all of it: what is not ours may be short, and nothing may come after it. */
  #checkKey(): void {
    if (this.#key === undefined) {
      if (this.#filled >= KEY) this.#key = this.#head.slice(0, KEY);
      return;
    }
    const filled = Math.min(KEY, this.#filled);
    for (let i = 0; i < filled; i++) {
      if (this.#head[i] !== this.#key[i]) throw new FrameError("something else was written");
    }
  }

  #length(): number {
    const view = new DataView(this.#head.buffer);
    const json = view.getUint32(KEY, true);
    const length = json + view.getUint32(KEY + 4, true);
    if (length > this.#most) throw new FrameError(`a frame of ${length} bytes`);
    if (json === 0) throw new FrameError("a frame of nothing");
    return length;
  }

  #open(bytes: Uint8Array<ArrayBuffer>): Frame {
    const json = new DataView(this.#head.buffer).getUint32(KEY, true);
    try {
      const header: unknown = JSON.parse(decoder.decode(bytes.subarray(0, json)));
      return { header, body: bytes.subarray(json) };
    } catch (cause) {
      throw new FrameError("a frame that is not JSON", { cause });
    }
  }
}
