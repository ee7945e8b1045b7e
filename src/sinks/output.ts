/**
 * Writing whole pieces of text to a file or a pipe.
 *
 * @module
 */

/** What can be written to without waiting for a promise: a file, standard output. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
}

const encoder = new TextEncoder();

/** Most texts fit; a new buffer each time costs more than what is done with it. A character is 3 bytes at most. */
const buffer = new Uint8Array(1 << 19);

function encoded(text: string): Uint8Array {
  if (3 * text.length > buffer.length) return encoder.encode(text);
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

/**
 * Writes all of a text.
 *
 * @throws {Deno.errors.BrokenPipe} if nobody reads any more, and what else write(2) says.
 */
export function writeAll(output: Output, text: string): void {
  let rest = encoded(text);
  while (rest.length > 0) rest = rest.subarray(output.writeSync(rest));
}
