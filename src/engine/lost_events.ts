/**
 * Events that nobody got to see: each is told of, with its container and why.
 *
 * @module
 */
import type { Container, Containers } from "../containers/mod.ts";
import type { Events } from "../kernel/mod.ts";
import type { ContainerLoss } from "../sinks/mod.ts";
import { syscallName } from "../syscalls/mod.ts";
import type { Roster } from "./roster.ts";

/** What was lost since the last tick: in the kernel, and after it. */
export class LostEvents {
  readonly #losses: Events["losses"];
  readonly #containers: Containers;
  readonly #roster: Roster;
  /** By container and call. */
  readonly #undecoded = new Map<Container, Map<string, number>>();
  #ownerless = 0;

  constructor(losses: Events["losses"], containers: Containers, roster: Roster) {
    this.#losses = losses;
    this.#containers = containers;
    this.#roster = roster;
  }

  /** An event that was delivered could not be shown. */
  undecoded(container: Container, syscall: string): void {
    let calls = this.#undecoded.get(container);
    if (calls === undefined) this.#undecoded.set(container, calls = new Map());
    calls.set(syscall, (calls.get(syscall) ?? 0) + 1);
  }

  /** Nobody knows whose a record is. */
  ownerless(): void {
    this.#ownerless++;
  }

  /** Hands over what was lost since this was last called. */
  take(): readonly ContainerLoss[] {
    const lost: ContainerLoss[] = [];
    const owners = new Map(this.#containers.slots());
    for (const { slot, reason, call, count } of this.#losses.take(owners.keys())) {
      const container = owners.get(slot);
      if (container === undefined) continue;
      const syscall = call === undefined ? {} : { syscall: syscallName(call.nr, call.abi) };
      lost.push({ container, reason, count, ...syscall });
    }
    for (const [container, calls] of this.#undecoded) {
      for (const [syscall, count] of calls) {
        lost.push({ container, reason: "decode_error", syscall, count });
      }
    }
    this.#undecoded.clear();
    if (this.#ownerless > 0) {
      const container = this.#containers.overflow;
      // It is told of, so that its losses are.
      this.#roster.tallyOf(container);
      lost.push({ container, reason: "no_owner", count: this.#ownerless });
      this.#ownerless = 0;
    }
    return lost;
  }

  /** The slot will be somebody else's. */
  forget(slot: number): void {
    this.#losses.forget(slot);
  }
}
