/**
 * Rules under test. The tables of constants come from outside: see testing.ts of the project.
 *
 * @module
 */
export type { ContainerFacts, ProcessFacts, ProgramFacts, TimeFacts } from "./facts.ts";
export {
  type EventFacts,
  MadeUpChange,
  MadeUpEvent,
  MadeUpProcessChange,
  MadeUpTally,
  type ProcessChangeFacts,
  type ProcessExitFacts,
  type TallyFacts,
} from "./inputs.ts";
export { type Input, type RaisedAlert, type RunOptions, runRule } from "./run.ts";
export type { AddressParts } from "./socket_bytes.ts";
