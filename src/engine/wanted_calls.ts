/**
 * Which calls the kernel sends, of which containers.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { Call, CallSpec, Events } from "../kernel/mod.ts";
import { syscallNumber } from "../syscalls/mod.ts";
import type { Roster } from "./roster.ts";

interface Wish {
  readonly calls: readonly Call[];
  readonly isWanted: (container: Container) => boolean;
}

/** What the kernel has been told of a slot. */
interface Granted {
  readonly owner: Container;
  readonly isWanted: boolean;
}

/** What is said in the kernel. */
export type WantedTable = Pick<Events["wanted"], "describe" | "set" | "setForAll">;

/** Has the kernel send events of some calls, and of wanted containers alone. */
export class WantedCalls {
  readonly #wanted: WantedTable;
  readonly #roster: Pick<Roster, "slots">;
  #wish: Wish | undefined;
  readonly #granted = new Map<number, Granted>();

  constructor(wanted: WantedTable, roster: Pick<Roster, "slots">) {
    this.#wanted = wanted;
    this.#roster = roster;
  }

  /** Whether any calls have been asked for. */
  get areAsked(): boolean {
    return this.#wish !== undefined;
  }

  /** These and no others are sent from now on. */
  want(specs: ReadonlyMap<Call, CallSpec>, isWanted: (container: Container) => boolean): void {
    const wanted = this.#wanted;
    const calls = [...specs.keys()];
    this.#wish = { calls, isWanted };
    for (const [call, spec] of specs) wanted.describe(call, spec);
    const execs = (["native", "compat"] as const).flatMap((abi): Call[] => {
      const nr = syscallNumber("execve", abi);
      return nr === undefined ? [] : [{ nr, abi }];
    });
    wanted.setForAll(calls, execs);
    for (const [slot] of this.#roster.slots()) wanted.set(slot, calls);
    this.#granted.clear();
    this.grant();
  }

  /** Says in the kernel which slots are of wanted containers. A new slot begins as wanted. */
  grant(): void {
    const wish = this.#wish;
    if (wish === undefined) return;
    for (const [slot, owner] of this.#roster.slots()) {
      const isWanted = owner.metadata.state === "pending" || wish.isWanted(owner);
      const granted = this.#granted.get(slot);
      // Of one that came back to the slot that it had, nobody knows: it may have been away when calls were wanted.
      const before = granted?.owner === owner ? granted.isWanted : undefined;
      if (isWanted === before) continue;
      this.#wanted.set(slot, isWanted ? wish.calls : []);
      this.#granted.set(slot, { owner, isWanted });
    }
  }

  /** The slot will be somebody else's. */
  forget(slot: number): void {
    this.#granted.delete(slot);
  }
}
