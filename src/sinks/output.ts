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

/**
 * Writes all of a text.
 *
 * @throws {Deno.errors.BrokenPipe} if nobody reads any more, and what else write(2) says.
 */
export function writeAll(output: Output, text: string): void {
  let rest = encoder.encode(text);
  while (rest.length > 0) rest = rest.subarray(output.writeSync(rest));
}
