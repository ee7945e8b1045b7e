/**
 * Runs every test there is, group by group, and ends with the line `N passed, N failed`.
 *
 * A group that needs what this machine has not is skipped by name; in CI that is a failure.
 *
 * @module
 */

import { type Group, groups } from "./groups.ts";

interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** Our own summary, of a group that sums up others'; else Deno's, of which there may be several. */
const ownSummary = /^(?<passed>\d+) passed, (?<failed>\d+) failed$/gm;
const denoSummary =
  /(?<passed>\d+) passed(?: \(\d+ steps?\))? \| (?<failed>\d+) failed(?: \(\d+ steps?\))?(?: \| (?<skipped>\d+) ignored)?/g;
const skippedLine = /^# skipped: /gm;

function count(output: string): Omit<Result, "name" | "seconds"> | undefined {
  const own = [...output.matchAll(ownSummary)].slice(-1);
  const summaries = own.length > 0 ? own : [...output.matchAll(denoSummary)];
  if (summaries.length === 0) return undefined;
  const sum = (of: string) =>
    summaries.reduce((all, { groups = {} }) => all + Number(groups[of] ?? 0), 0);
  const skipped = sum("skipped") + [...output.matchAll(skippedLine)].length;
  return { passed: sum("passed"), failed: sum("failed"), skipped };
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

async function run({ name, command }: Group): Promise<Result> {
  print(`\n=== ${name}\n`);
  const start = performance.now();
  const [program = Deno.execPath(), ...args] = command;
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    print(text);
  }
  const { success } = await child.status;
  const seconds = (performance.now() - start) / 1000;
  // A group without tests of its own is one test.
  const counts = count(output) ?? { passed: success ? 1 : 0, failed: 0, skipped: 0 };
  const failed = !success && counts.failed === 0 ? 1 : counts.failed;
  return { name, ...counts, failed, seconds };
}

const isFast = Deno.args.includes("--fast");
const isCi = Deno.env.get("CI") !== undefined;
const only = Deno.args.filter((arg) => !arg.startsWith("-"));
const unknown = only.filter((name) => !groups.some((group) => group.name === name));
if (unknown.length > 0) {
  const names = groups.map(({ name }) => `  ${name}`).join("\n");
  print(`There is no group ${unknown.join(", ")}. There are:\n${names}\n`);
  Deno.exit(2);
}
const results: Result[] = [];
for (const group of groups) {
  if (isFast && !group.fast) continue;
  if (only.length > 0 && !only.includes(group.name)) continue;
  results.push(await run(group));
}

print("\n");
for (const { name, passed, failed, skipped, seconds } of results) {
  const counts = `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : "");
  print(`${name.padEnd(40)} ${counts.padEnd(36)} ${seconds.toFixed(1)} s\n`);
}
const total = (of: "passed" | "failed" | "skipped") =>
  results.reduce((sum, result) => sum + result[of], 0);
// What CI skips, nobody has tested.
const skippedInCi = isCi ? total("skipped") : 0;
if (skippedInCi > 0) print(`${skippedInCi} skipped tests count as failed here\n`);
const failed = total("failed") + skippedInCi;
print(`${total("passed")} passed, ${failed} failed\n`);
Deno.exit(failed === 0 && total("passed") > 0 ? 0 : 1);
