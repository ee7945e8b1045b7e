import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Linked, Order } from "./order.ts";

class Member implements Linked<Member> {
  before: Member | undefined;
  after: Member | undefined;
}

function members(order: Order<Member>): Member[] {
  const found: Member[] = [];
  for (let each = order.first; each !== undefined; each = each.after) found.push(each);
  return found;
}

Deno.test("order: as an array would have it", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("append", "remove", "renew"), fc.nat(5)));
  fc.assert(fc.property(steps, (steps) => {
    const all = Array.from({ length: 6 }, () => new Member());
    const order = new Order<Member>();
    let model: Member[] = [];
    for (const [step, index] of steps) {
      const member = all[index];
      if (member === undefined || model.includes(member) === (step === "append")) continue;
      if (step === "append") order.append(member);
      else if (step === "remove") order.remove(member);
      else order.renew(member);
      model = model.filter((each) => each !== member);
      if (step !== "remove") model.push(member);
      const backwards: Member[] = [];
      for (let each = model.at(-1); each !== undefined; each = each.before) backwards.push(each);
      deepStrictEqual(
        members(order).map((each) => all.indexOf(each)),
        model.map((each) => all.indexOf(each)),
      );
      deepStrictEqual(
        backwards.map((each) => all.indexOf(each)),
        model.toReversed().map((each) => all.indexOf(each)),
      );
      strictEqual(order.count, model.length);
    }
  }));
});
