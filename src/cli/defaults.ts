/**
 * What holds where nothing is said, for several commands. What an option alone needs stands beside it.
 *
 * @module
 */

/** Events a second of one container: it can't take the ring from all others, and few ever send as many. */
export const DEFAULT_RATE = 300_000;

/** Bytes that may wait for the reader of a sink. */
export const DEFAULT_QUEUE = 64 * 2 ** 20;

/** ms that a quiet container stays in view. */
export const DEFAULT_LINGER = 10_000;
