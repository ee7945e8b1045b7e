/**
 * Who had a slot before it was free again. Slots go from one container to another while records of the first may
 * still be in the ring.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";

interface Former {
  readonly owner: Container;
  /** Records of the slot that stand before this are the owner's, if nobody's of before. */
  readonly until: number;
}

/** Owners of slots, by where their records stand in the ring. */
export class FormerOwners {
  /** The first that had the slot is first. */
  readonly #bySlot = new Map<number, Former[]>();

  /** A slot is free. @param until Where the ring ends now. */
  add(slot: number, owner: Container, until: number): void {
    const former = this.#bySlot.get(slot);
    if (former === undefined) this.#bySlot.set(slot, [{ owner, until }]);
    else former.push({ owner, until });
  }

  /** No records of former owners are left. */
  get isEmpty(): boolean {
    return this.#bySlot.size === 0;
  }

  /** Whose a record is; undefined: of who has the slot now. */
  owner(slot: number, position: number): Container | undefined {
    if (this.isEmpty) return undefined;
    return this.#bySlot.get(slot)?.find(({ until }) => position < until)?.owner;
  }

  /** All records before that place have been handed over. */
  forget(position: number): void {
    for (const [slot, former] of this.#bySlot) {
      const left = former.filter(({ until }) => until > position);
      if (left.length === 0) this.#bySlot.delete(slot);
      else if (left.length < former.length) this.#bySlot.set(slot, left);
    }
  }
}
