/**
 * What is done with each event where nothing is written: the least, and what ten rules would do. They stand
 * for rules until there are rules.
 *
 * @module
 */
import type { Container } from "../src/containers/mod.ts";
import type { CallEvent } from "../src/events/mod.ts";
import { syscallNumber } from "../src/syscalls/mod.ts";

/** Hears of each event. */
export type Handler = (event: CallEvent, container: Container) => void;

/** Handlers by name, and how often they have matched. */
export interface Handlers {
  readonly matches: () => number;
  readonly handle: Handler;
}

/** The one rule that matches every call, and does nothing about it. */
function noOperation(): Handlers {
  let matches = 0;
  return { matches: () => matches, handle: () => void matches++ };
}

/** A rule that looks at an event's syscall, container and one argument. It never matches: the last is false. */
function rule(nr: number, argument: number, match: () => void): Handler {
  const excluded = `never-${argument}`;
  const value = 0xdead_0000_0000n + BigInt(argument);
  return (event, { identity }) => {
    if (event.nr !== nr || identity.id === excluded) return;
    if (event.arg(argument) === value) match();
  };
}

/** Ten rules that all want the call, each called in turn. */
function tenRules(): Handlers {
  let matches = 0;
  const nr = syscallNumber("getppid") ?? -1;
  const match = () => void matches++;
  const rules = Array.from({ length: 10 }, (_, i) => rule(nr, i % 6, match));
  return {
    matches: () => matches,
    handle: (event, container) => {
      for (const each of rules) each(event, container);
    },
  };
}

/** By the name that bench/consumer.ts is given. */
export const handlers = { "no-op": noOperation, "ten-rules": tenRules } as const;
