/**
 * Runs every test there is, group by group, and ends with the line `N passed, N failed`.
 *
 * A group that needs what this machine has not is skipped by name; in CI that is a failure.
 *
 * @module
 */

interface Group {
  readonly name: string;
  readonly command: readonly string[];
  /** Part of `--fast`: needs neither root nor engines nor QEMU. */
  readonly fast?: true;
}

const deno = Deno.execPath();
const test = [deno, "test", "-A", "--sanitize-ops", "--sanitize-resources"];

const groups: readonly Group[] = [
  { name: "check", command: [deno, "task", "check"], fast: true },
  { name: "modules", command: [...test, "src/", "bench/", "tests/house/"], fast: true },
  {
    name: "BPF objects are what the sources give",
    command: [deno, "task", "build:bpf", "--check"],
  },
  { name: "command line", command: [...test, "tests/cli/"] },
  { name: "kernel", command: [...test, "tests/kernel/"] },
  { name: "engines", command: [...test, "tests/engines/"] },
  { name: "other kernels", command: [deno, "task", "test:kernels"] },
];

interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** Deno's own summary, and ours from a group that sums up itself. */
const summaries = [
  /(?<passed>\d+) passed(?: \(\d+ steps?\))? \| (?<failed>\d+) failed(?: \(\d+ steps?\))?(?: \| (?<skipped>\d+) ignored)?/g,
  /^(?<passed>\d+) passed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$/gm,
];

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

async function run({ name, command }: Group): Promise<Result> {
  print(`\n=== ${name}\n`);
  const start = performance.now();
  const [program = deno, ...args] = command;
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
  let [passed, failed, skipped] = [0, 0, 0];
  for (const summary of summaries) {
    for (const { groups = {} } of output.matchAll(summary)) {
      passed += Number(groups["passed"] ?? 0);
      failed += Number(groups["failed"] ?? 0);
      skipped += Number(groups["skipped"] ?? 0);
    }
  }
  // A group without tests of its own is one test.
  if (passed + failed === 0 && success) passed = 1;
  if (failed === 0 && !success) failed = 1;
  return { name, passed, failed, skipped, seconds: (performance.now() - start) / 1000 };
}

const isFast = Deno.args.includes("--fast");
const isCi = Deno.env.get("CI") !== undefined;
const only = Deno.args.filter((arg) => !arg.startsWith("-"));
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
