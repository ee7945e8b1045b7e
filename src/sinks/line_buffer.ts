/**
 * Lines that are made one after the other, as the bytes that are written: what many lines have in common is copied, and
 * no text is made of it again.
 *
 * @module
 */
const encoder = new TextEncoder();

/** Bytes that there is room for at first. */
const FIRST_ROOM = 1 << 17;

/** Characters up to which a loop is faster than the runtime's encoder. */
const SHORT = 48;

/** Digits of a number below 2^31. */
const MOST_DIGITS = 10;

/** Bytes up to which a loop is faster than a copy. */
const FEW = 16;

const ZERO = 0x30;
const ASCII = 0x80;

/** Writes a number from 0 to 2^31 - 1 that ends before `end`, in so many digits. */
function putPadded(bytes: Uint8Array, end: number, value: number, digits: number): void {
  let rest = value | 0;
  for (let at = end - 1; at >= end - digits; at--) {
    const next = (rest / 10) | 0;
    bytes[at] = ZERO + rest - 10 * next;
    rest = next;
  }
}

/**
 * Writes a number from 0 to 2^31 - 1.
 *
 * @returns where it ends.
 */
export function putDigits(bytes: Uint8Array, at: number, value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count++;
  putPadded(bytes, at + count, value, count);
  return at + count;
}

/** Bytes, and how many of them are in use. Room is made as it is needed. */
export class LineBuffer {
  #bytes = new Uint8Array(FIRST_ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is in use, as long as nothing more is put in. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets all that was put in behind this. */
  cut(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** Puts in what is encoded already. */
  copy(part: Uint8Array): void {
    const at = this.#length;
    const { length } = part;
    this.#reserve(length);
    const bytes = this.#bytes;
    if (length > FEW) bytes.set(part, at);
    else for (let i = 0; i < length; i++) bytes[at + i] = part[i]!;
    this.#length = at + length;
  }

  /** Puts in the first `length` bytes of what is encoded already. */
  copyTo(part: Uint8Array, length: number): void {
    const at = this.#length;
    this.#reserve(part.length);
    // A part of it would have to be made first, which takes longer: what follows is written over.
    this.#bytes.set(part, at);
    this.#length = at + length;
  }

  /** Puts in text as UTF-8: U+FFFD for halves of surrogate pairs. */
  text(text: string): void {
    this.#reserve(3 * text.length);
    if (text.length > SHORT || !this.#ascii(text)) {
      this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    }
  }

  /** @returns whether it was ASCII, and is put in. */
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    const at = this.#length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ASCII) return false;
      bytes[at + i] = code;
    }
    this.#length = at + text.length;
    return true;
  }

  /** Writes over what is in, from there: so many digits of a number below 2^31, with zeros before it. */
  padAt(at: number, value: number, digits: number): void {
    putPadded(this.#bytes, at + digits, value, digits);
  }

  /** Puts in a number, as JSON has it. */
  number(value: number): void {
    if ((value | 0) === value && value >= 0) {
      this.#reserve(MOST_DIGITS);
      this.#length = putDigits(this.#bytes, this.#length, value);
      return;
    }
    // Without a fraction or an exponent, and not -0.
    if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) this.#digits(value);
    else this.text(JSON.stringify(value));
  }

  #digits(value: number): void {
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count++;
    this.padded(value, count);
  }

  /** Puts in so many digits of a number that has no more: with zeros before it. */
  padded(value: number, digits: number): void {
    this.#reserve(digits);
    const bytes = this.#bytes;
    let at = this.#length += digits;
    let rest = value;
    // Those above 32 bits, which few numbers have, are divided more slowly.
    for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 10)) bytes[--at] = ZERO + rest % 10;
    let low = rest | 0;
    for (const first = this.#length - digits; at > first;) {
      const next = (low / 10) | 0;
      bytes[--at] = ZERO + low - 10 * next;
      low = next;
    }
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
