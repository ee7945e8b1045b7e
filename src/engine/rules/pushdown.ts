/**
 * What rules' filters leave to be decided in the kernel, so that an event that none of them wants is never sent.
 *
 * @module
 */
import { type Call, type CallCondition, mostTests } from "../../kernel/mod.ts";
import {
  type ArgumentPredicate,
  type ArgumentTest,
  argumentTests,
} from "../../syscalls/arguments/mod.ts";
import type { Rule } from "./define.ts";

/** The tests for one of a filter's arguments: an event must pass them all, so those of any will do. */
function testsOf({ filter }: Rule, call: Call): readonly ArgumentTest[] | undefined {
  const all = Object.entries<ArgumentPredicate | undefined>(filter?.args ?? {})
    .map(([name, predicate]) => predicate && argumentTests(call, name, predicate));
  return all.find((tests) => tests !== undefined && tests.length <= mostTests);
}

/**
 * Which calls some rule of these may want to see.
 *
 * @param rules All that look at the call.
 */
export function conditionOf(rules: readonly Rule[], call: Call): CallCondition {
  const outcomes = new Set(rules.map(({ filter }) => filter?.outcome));
  const [outcome] = outcomes;
  const all = rules.map((rule) => testsOf(rule, call));
  const tests = all.every((each) => each !== undefined) ? all.flat() : [];
  return {
    outcome: outcomes.size === 1 ? outcome : undefined,
    // More than there is room for: then every call is sent.
    tests: tests.length <= mostTests ? tests : [],
  };
}
