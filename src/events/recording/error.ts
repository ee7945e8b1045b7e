/**
 * What is wrong with a recording, and where.
 *
 * @module
 */

/** A recording that can't be read, or not on from here. */
export class RecordingError extends Error {
  override readonly name: string = "RecordingError";

  /**
   * @param offset Bytes from the file's beginning: where what can't be read begins.
   * @param reason What is wrong there, and what to do about it where something can be done.
   */
  constructor(readonly offset: number, readonly reason: string, options?: ErrorOptions) {
    super(`at byte ${offset}: ${reason}`, options);
  }
}

/** Something within a block is not as it should be: the block's reader knows where that is in the file. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}
