import { deepStrictEqual } from "node:assert/strict";
import type { Container } from "../containers/mod.ts";
import type { Call, CallSpec } from "../kernel/mod.ts";
import { container } from "./rules/fixtures.ts";
import { makeContainer } from "./rules/testing/facts.ts";
import { WantedCalls } from "./wanted_calls.ts";

const read: Call = { nr: 0, abi: "native" };
const specs: ReadonlyMap<Call, CallSpec> = new Map([[read, { pieces: [] }]]);

/** Slots, and how many calls the kernel was told to send of each, in order. */
class Kernel {
  readonly owners = new Map<number, Container>();
  #told: [slot: number, calls: number][] = [];
  readonly calls = new WantedCalls({
    describe: () => {},
    setForAll: () => {},
    set: (slot, calls) => this.#told.push([slot, [...calls].length]),
  }, { slots: () => this.owners });

  told(): [slot: number, calls: number][] {
    const told = this.#told;
    this.#told = [];
    return told;
  }
}

Deno.test("wanted calls: of containers that nobody wants nothing is sent, and that is said once", () => {
  const kernel = new Kernel();
  const [web, db] = [container("web"), container("db")];
  kernel.owners.set(1, web).set(2, db);
  kernel.calls.want(specs, (each) => each === web);
  deepStrictEqual(new Map(kernel.told()), new Map([[1, 1], [2, 0]]));
  kernel.calls.grant();
  deepStrictEqual(kernel.told(), []);
});

Deno.test("wanted calls: one without a name is wanted until it has one", () => {
  const kernel = new Kernel();
  const later: Container = { ...makeContainer({ name: "later" }), metadata: { state: "pending" } };
  kernel.owners.set(1, later);
  kernel.calls.want(specs, () => false);
  deepStrictEqual(new Map(kernel.told()), new Map([[1, 1]]));
  later.metadata = { state: "known", description: { name: "later" } };
  kernel.calls.grant();
  deepStrictEqual(kernel.told(), [[1, 0]]);
});

Deno.test("wanted calls: a slot's next owner is asked about anew", () => {
  const kernel = new Kernel();
  const [web, db] = [container("web"), container("db")];
  kernel.owners.set(1, web);
  kernel.calls.want(specs, () => false);
  kernel.told();
  kernel.owners.set(1, db);
  kernel.calls.grant();
  deepStrictEqual(kernel.told(), [[1, 0]]);
  kernel.calls.forget(1);
  kernel.owners.set(1, db);
  kernel.calls.grant();
  deepStrictEqual(kernel.told(), [[1, 0]]);
});
