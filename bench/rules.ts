/**
 * The rules that events are handed to where nothing is written: the least, and ten that look at each of them.
 *
 * @module
 */
import { activate, type ActiveRule, defineRule, type Rule } from "../src/engine/rules/mod.ts";
import type { CallName } from "../src/syscalls/arguments/mod.ts";

/** Hears of each event, as a rule that matches every one: its time, in ns of UTC. */
export type Heard = (time: () => bigint) => void;

function active(rule: Rule): ActiveRule {
  return activate({ rule, file: `${rule.id}.ts` });
}

/** A rule that matches every call of one container, and does nothing but tell of it. */
function noOperation(syscall: CallName, container: string, heard: Heard): ActiveRule {
  return active(defineRule({
    id: "no-op",
    title: "Matches every call",
    severity: "info",
    syscalls: [syscall],
    filter: { containers: [container] },
    evaluate: ({ event }) => heard(() => event.time),
  }));
}

/** A rule that looks at an event's container, user and result, and never finds what it looks for. */
export function never(syscall: CallName, n: number): ActiveRule {
  const user = 1_000_000 + n;
  return active(defineRule({
    id: `never-${n}`,
    title: "Never matches",
    severity: "info",
    syscalls: [syscall],
    filter: { containers: [`!never-${n}`] },
    evaluate: ({ event, alert }) => {
      if (event.ok && event.process.uid === user) alert(event.process.comm);
    },
  }));
}

/** By the name that bench/consumer.ts is given. */
export const ruleSets = {
  "no-op": (container: string, heard: Heard) => [noOperation("getppid", container, heard)],
  "ten-rules": (container: string, heard: Heard) => [
    noOperation("getppid", container, heard),
    ...Array.from({ length: 9 }, (_, i) => never("getppid", i)),
  ],
} as const;
