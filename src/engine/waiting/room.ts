/**
 * Memory that several share who don't know of each other: nobody gets so much that there is none left for who comes
 * next.
 *
 * @module
 */

/** How much there is, in bytes. */
export interface RoomSize {
  /** For all together. */
  readonly all: number;
  /** For each, at most. */
  readonly each: number;
}

/** Room that is given away. */
export class Room {
  readonly #size: RoomSize;
  #used = 0;

  constructor(size: RoomSize) {
    this.#size = size;
  }

  /**
   * Whether who has so much may have more: not above its own most, nor above half of what is left. So a newcomer finds
   * as much as all who came before it have left, however many these are.
   */
  has(own: number): boolean {
    return own < Math.min(this.#size.each, (this.#size.all - this.#used) / 2);
  }

  /** Somebody has so much more now, or less. */
  change(bytes: number): void {
    this.#used += bytes;
  }

  /** Bytes that are given away. */
  get used(): number {
    return this.#used;
  }
}
