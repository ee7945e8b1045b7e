/**
 * What `deno test` says at its end, as numbers.
 *
 * @module
 */

/** Tests, not their steps: a failed step fails its test. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  /** Steps that passed, failed or were ignored. */
  readonly steps: number;
}

/** `FAILED | 2 passed (3 steps) | 1 failed | 4 ignored (1 step) (5s)` */
const line =
  /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?(?: \| (\d+) ignored(?: \((\d+) steps?\))?)?/gm;

/** The last summary in what a `deno test` with NO_COLOR wrote; undefined if it never came to one. */
export function summaryIn(output: string): Summary | undefined {
  const match = [...output.matchAll(line)].at(-1);
  if (match === undefined) return undefined;
  const number = (group: number) => Number(match[group] ?? 0);
  return {
    passed: number(1),
    failed: number(3),
    ignored: number(5),
    steps: number(2) + number(4) + number(6),
  };
}

/** `a test ... ok (2s)`; steps are indented. */
const testLine = /^\S.* \.\.\. (ok|FAILED|ignored)\b/gm;

/** The tests that were done when a `deno test` was ended before it came to its summary. */
export function doneIn(output: string): Summary {
  const results = [...output.matchAll(testLine)].map((match) => match[1]);
  const count = (result: string) => results.filter((each) => each === result).length;
  return { passed: count("ok"), failed: count("FAILED"), ignored: count("ignored"), steps: 0 };
}
