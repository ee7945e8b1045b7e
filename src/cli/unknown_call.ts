/**
 * What is said of a system call that there is not.
 *
 * @module
 */
import { type Message, message } from "@optique/core/message";
import { isPattern, suggestNames, suggestPatterns } from "../syscalls/mod.ts";

/** Likewise of a pattern that matches none. */
export function unknownCall(name: string): Message {
  const [closest] = isPattern(name) ? suggestPatterns(name) : suggestNames(name);
  return closest === undefined
    ? message`There is no system call ${name}.`
    : message`There is no system call ${name}. Did you mean ${closest}?`;
}
