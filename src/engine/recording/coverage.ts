/**
 * Which calls of a name are in a recording: filters of the rules that ran then may have left some in the kernel.
 *
 * @module
 */
import type { CallCondition } from "../../kernel/mod.ts";

type Test = NonNullable<CallCondition["tests"]>[number];

function isSame(a: Test, b: Test): boolean {
  return a.argument === b.argument && a.mask === b.mask && a.value === b.value;
}

/** Whether all calls that are wanted were sent, as far as conditions tell; undefined is for all calls. */
export function covers(
  sent: CallCondition | undefined,
  wanted: CallCondition | undefined,
): boolean {
  const { outcome, tests = [] } = sent ?? {};
  if (outcome !== undefined && outcome !== wanted?.outcome) return false;
  if (tests.length === 0) return true;
  const asked = wanted?.tests ?? [];
  return asked.length > 0 && asked.every((test) => tests.some((each) => isSame(each, test)));
}

/** Conditions by the names of their calls. */
export class Conditions {
  readonly #byName = new Map<string, (CallCondition | undefined)[]>();

  add(name: string, condition: CallCondition | undefined): void {
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [condition]);
    else if (!known.some((each) => covers(each, condition))) known.push(condition);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Names of which there are conditions here that none of the others' covers: sorted. */
  beyond(others: Conditions): string[] {
    return [...this.#byName].filter(([name, conditions]) => {
      const sent = others.#byName.get(name) ?? [];
      return conditions.some((wanted) => !sent.some((each) => covers(each, wanted)));
    }).map(([name]) => name).sort();
  }
}
