/**
 * Rules of commands that can run them in their own process only.
 *
 * @module
 */
import type { Settings } from "../../engine/config/mod.ts";
import { printable } from "../../sinks/mod.ts";
import { ExitCode, Failure } from "../exit.ts";

/** @throws {Failure} if a configuration wants its rules elsewhere: it does not trust them. */
export function refuseIsolated({ isolate, hasRules, file }: Settings): void {
  if (!isolate || !hasRules) return;
  throw new Failure(
    ExitCode.usage,
    `${printable(file ?? "")}: isolate is set, and this command runs rules in its own process: ` +
      "name another configuration with --config.",
  );
}
