/**
 * As much of protobuf's wire format as talking to a CRI server takes: strings, numbers, messages, maps.
 *
 * https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

/** A part of a message, ready for the wire. */
export type Encoded = Uint8Array<ArrayBuffer>;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

function concatenated(parts: readonly Uint8Array[]): Encoded {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Encoded {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 | 0x80);
  return new Uint8Array([...bytes, value]);
}

function delimited(field: number, bytes: Uint8Array): Encoded {
  return concatenated([varint(field << 3 | LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

/** A string. */
export function text(field: number, value: string): Encoded {
  return delimited(field, new TextEncoder().encode(value));
}

/** An enum, a bool (0 or 1), or a number that is not negative. */
export function integer(field: number, value: number): Encoded {
  return concatenated([varint(field << 3 | VARINT), varint(value)]);
}

/** A message; at the outermost level there is none around, and {@linkcode body} joins its fields. */
export function message(field: number, ...fields: readonly Encoded[]): Encoded {
  return delimited(field, concatenated(fields));
}

/** A map of strings, which on the wire is a list of messages. */
export function map(field: number, entries: Readonly<Record<string, string>>): Encoded {
  const messages = Object.entries(entries)
    .map(([key, value]) => message(field, text(1, key), text(2, value)));
  return concatenated(messages);
}

/** The outermost message. */
export function body(...fields: readonly Encoded[]): Encoded {
  return concatenated(fields);
}

/** The strings and messages of a message, by field; numbers are skipped. */
function delimitedIn(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const found = new Map<number, Uint8Array[]>();
  let at = 0;
  const number = () => {
    let value = 0;
    for (let factor = 1;; factor *= 0x80) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("a protobuf message ends too early");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = number();
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === VARINT) number();
    else if (type === FIXED_64) at += 8;
    else if (type === FIXED_32) at += 4;
    else if (type === LENGTH_DELIMITED) {
      const length = number();
      const list = found.get(field) ?? [];
      found.set(field, [...list, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new RangeError(`protobuf wire type ${type}`);
  }
  return found;
}

/** The string of a field, empty if it is not there. */
export function textIn(bytes: Uint8Array, field: number): string {
  return new TextDecoder().decode(delimitedIn(bytes).get(field)?.at(-1));
}

/** Has a message a field of that number that is a string or a message? */
export function has(bytes: Uint8Array, field: number): boolean {
  return delimitedIn(bytes).has(field);
}

/** A map of strings. */
export function mapIn(bytes: Uint8Array, field: number): Map<string, string> {
  const entries = delimitedIn(bytes).get(field) ?? [];
  return new Map(entries.map((entry) => [textIn(entry, 1), textIn(entry, 2)]));
}
