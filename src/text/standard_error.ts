/**
 * What is said on standard error. Nobody may be there to hear it, and that is no reason to stop.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Writes a text; what can't be written, to a full disk or a pipe that is closed, is left unsaid. */
export function writeStandardError(text: string): void {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stderr.writeSync(rest));
  } catch {
    // There is no other place to tell it at.
  }
}
