/**
 * How often the ring is looked into: seldom enough to cost little, often enough to be soon.
 *
 * @module
 */

/** ms that the kernel gets to fill the ring again; none where there were many. */
export const PAUSE = 3;

/** Records that are many. */
export const MANY = 512;
