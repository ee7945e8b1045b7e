/**
 * A list whose members hold their own places: to move one costs a few writes and no memory, at every event.
 *
 * @module
 */

/** A member's place. It can be in one list at a time. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/** Members, the one that was appended longest ago first. */
export class Order<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #count = 0;

  get first(): T | undefined {
    return this.#first;
  }

  get count(): number {
    return this.#count;
  }

  /** Puts what is in no list behind all others. */
  append(member: T): void {
    member.before = this.#last;
    member.after = undefined;
    if (this.#last === undefined) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
    this.#count++;
  }

  /** Takes out one of its members. */
  remove(member: T): void {
    const { before, after } = member;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    member.before = undefined;
    member.after = undefined;
    this.#count--;
  }

  /** Puts one of its members behind all others. */
  renew(member: T): void {
    if (this.#last === member) return;
    this.remove(member);
    this.append(member);
  }
}
