import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Container } from "../containers/mod.ts";
import { container } from "./rules/fixtures.ts";
import { makeContainer } from "./rules/testing/facts.ts";
import { Roster, type SlotOwners } from "./roster.ts";

const SECOND = 1_000_000_000n;

/** Containers that come and go as a test says. */
class Machine implements SlotOwners {
  readonly host = container("host");
  readonly #owners = new Map<number, Container>([[0, this.host]]);
  #started: [slot: number, container: Container][] = [];
  #stopped: Container[] = [];
  updates = 0;

  start(slot: number, container: Container): void {
    this.#started.push([slot, container]);
  }

  stop(container: Container): void {
    this.#stopped.push(container);
  }

  owner(slot: number): Container | undefined {
    return this.#owners.get(slot);
  }

  slots(): Iterable<[slot: number, owner: Container]> {
    return this.#owners;
  }

  update() {
    this.updates++;
    const started = this.#started.map(([, container]) => container);
    for (const [slot, container] of this.#started) this.#owners.set(slot, container);
    const stopped = this.#stopped;
    this.#started = [];
    this.#stopped = [];
    return { started, stopped };
  }
}

function rosterOf(machine: Machine, countsHost = false): Roster {
  const nobody = { find: () => {} };
  return new Roster(machine, nobody, { countsHost, bootTime: 0n, now: () => 0n });
}

/** What a tick at that time tells of: containers, and what happened to them. */
function tick(roster: Roster, time: bigint): { told: Container[]; changes: string[] } {
  roster.update();
  const told = Array.from(roster.tell(time), ([container]) => container);
  return { told, changes: roster.takeChanges(time).map(({ action }) => action) };
}

function nameless(): Container {
  return { ...makeContainer({ name: "later" }), metadata: { state: "pending" } };
}

Deno.test("roster: a container is told of from its beginning to its end, the tick of its end too", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const web = container("web");
  machine.start(1, web);
  deepStrictEqual(tick(roster, 0n), { told: [web], changes: [web.origin] });
  deepStrictEqual(tick(roster, SECOND), { told: [web], changes: [] });
  machine.stop(web);
  deepStrictEqual(tick(roster, 2n * SECOND), { told: [web], changes: ["stopped"] });
  deepStrictEqual(tick(roster, 3n * SECOND), { told: [], changes: [] });
});

Deno.test("roster: one that is started again goes on with its totals", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const web = container("web");
  machine.start(1, web);
  tick(roster, 0n);
  roster.tallyOf(web)?.add("read", 3);
  machine.stop(web);
  tick(roster, SECOND);
  machine.start(2, web);
  deepStrictEqual(tick(roster, 2n * SECOND).changes, ["started"]);
  deepStrictEqual(roster.tallyOf(web)?.total, new Map([["read", 3]]));
});

Deno.test("roster: one that ended and began again within a tick has not ended", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const web = container("web");
  machine.start(1, web);
  tick(roster, 0n);
  machine.stop(web);
  roster.update();
  machine.start(1, web);
  deepStrictEqual(tick(roster, SECOND), { told: [web], changes: [] });
});

Deno.test("roster: the end waits for a name, but not forever", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const [named, never] = [nameless(), nameless()];
  for (const [i, each] of [named, never].entries()) machine.start(i + 1, each);
  tick(roster, 0n);
  for (const each of [named, never]) machine.stop(each);
  deepStrictEqual(tick(roster, SECOND).changes, []);
  named.metadata = { state: "known", description: { name: "named" } };
  deepStrictEqual(tick(roster, 2n * SECOND).changes, ["updated", "stopped"]);
  deepStrictEqual(tick(roster, 3n * SECOND).changes, ["stopped"]);
});

Deno.test("roster: one that begins again while its end waits for a name goes on with its totals", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const [before, after] = [nameless(), nameless()];
  machine.start(1, before);
  tick(roster, 0n);
  roster.tallyOf(before)?.add("read", 3);
  machine.stop(before);
  deepStrictEqual(tick(roster, SECOND), { told: [before], changes: [] });
  machine.start(2, after);
  deepStrictEqual(tick(roster, 2n * SECOND), {
    told: [after],
    changes: ["stopped", after.origin],
  });
  deepStrictEqual(roster.tallyOf(after)?.total, new Map([["read", 3]]));
});

Deno.test("roster: the host is told of when it is asked for, and has called", () => {
  const machine = new Machine();
  strictEqual(rosterOf(machine).isWatched(machine.host), false);
  deepStrictEqual([...rosterOf(machine).slots()], []);
  const roster = rosterOf(machine, true);
  deepStrictEqual([...roster.slots()], [[0, machine.host]]);
  deepStrictEqual(tick(roster, 0n).told, []);
  roster.tallyOf(machine.host);
  deepStrictEqual(tick(roster, SECOND).told, [machine.host]);
});

Deno.test("roster: a slot that is new is looked up, twice at most", () => {
  const machine = new Machine();
  const roster = rosterOf(machine);
  const web = container("web");
  machine.start(1, web);
  strictEqual(roster.met(1), web);
  strictEqual(roster.met(1), web);
  strictEqual(machine.updates, 1);
  strictEqual(roster.met(9), undefined);
  strictEqual(machine.updates, 3);
});
