/**
 * Every way in which strace's lines and ours may differ, by name. All else is a failure.
 *
 * @module
 */
import type { Difference } from "../difference.ts";
import { lineDifferences } from "./lines.ts";
import { memoryDifferences } from "./memory.ts";
import { nameDifferences } from "./names.ts";
import { numberDifferences } from "./numbers.ts";
import { spellingDifferences } from "./spelling.ts";

/** All of them, in the order in which they are looked for. */
export const differences: readonly Difference[] = [
  ...lineDifferences,
  ...spellingDifferences,
  ...memoryDifferences,
  ...nameDifferences,
  ...numberDifferences,
];
