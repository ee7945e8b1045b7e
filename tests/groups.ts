/**
 * The groups of tests that `./test` runs.
 *
 * @module
 */

/** Tests that run together. */
export interface Group {
  readonly name: string;
  readonly command: readonly string[];
  /** Part of `--fast`: needs neither root nor engines nor QEMU. */
  readonly fast?: true;
}

const deno = Deno.execPath();
const test = [deno, "test", "-A", "--sanitize-ops", "--sanitize-resources"];

/** All there are: tests/house/groups_test.ts sees that none is left out. */
export const groups: readonly Group[] = [
  { name: "check", command: [deno, "task", "check"], fast: true },
  {
    name: "modules",
    command: [
      ...[...test, "src/", "rules/", "plugins/", "testing_test.ts"],
      ...["bench/", "tests/house/", "tests/sinks/", "tests/kernels/", "tests/events/strace/"],
    ],
    fast: true,
  },
  {
    name: "BPF objects are what the sources give",
    command: [deno, "task", "build:bpf", "--check"],
  },
  { name: "command line", command: [...test, "tests/cli/"] },
  { name: "kernel", command: [...test, "tests/kernel/"] },
  {
    name: "events",
    command: [
      ...test,
      ...["capture", "edges", "monitor", "refused", "short_lived", "strace"].map((name) =>
        `tests/events/${name}_test.ts`
      ),
    ],
  },
  { name: "log shippers", command: [...test, "tests/shippers/"] },
  { name: "rules", command: [...test, "tests/rules/"] },
  { name: "recordings", command: [...test, "tests/recording/"] },
  { name: "plugins", command: [...test, "tests/plugins/"] },
  { name: "engines", command: [...test, "tests/engines/"] },
  { name: "other kernels", command: [deno, "task", "test:kernels"] },
];
