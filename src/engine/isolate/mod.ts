/**
 * Rules in a child process that has no permissions. Loaded where `--isolate` asks for it.
 *
 * @module
 */
export { IsolatedRules, type IsolationOptions } from "./isolated_rules.ts";
