/**
 * `monitor.ts rules`: which there are, writing, checking and testing them.
 *
 * @module
 */
import type { InferValue } from "@optique/core/parser";
import type { rulesCommand } from "./rules/commands.ts";

/** The command's options, as parsed. */
export type RulesOptions = InferValue<ReturnType<typeof rulesCommand>>;

/** @returns the exit code. */
export async function rules(options: RulesOptions): Promise<number> {
  switch (options.action) {
    case "list":
      return await (await import("./rules/list.ts")).listRules(options);
    case "explain":
      return await (await import("./rules/explain.ts")).explainRule(options);
    case "new":
      return (await import("./rules/create.ts")).createRule(options);
    case "check":
      return await (await import("./rules/check.ts")).checkRules(options);
    case "test":
      return await (await import("./rules/run_tests.ts")).testRules(options);
  }
}
