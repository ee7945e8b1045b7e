/**
 * How a command's usage is said.
 *
 * @module
 */
import type { Usage } from "@optique/core/usage";

/** The usage in one line: what the options are is said below it. */
export function usage(...terms: readonly string[]): Usage {
  return terms.map((value) => ({ type: "literal", value }));
}
