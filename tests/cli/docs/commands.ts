/**
 * What blocks of shell tell a reader to run, and how a test runs it.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { checkout } from "../monitor.ts";

/** A process to be started. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** A kind of lines. */
interface Kind {
  readonly line: RegExp;
  /** Those among them that need no root. */
  readonly anybody: RegExp;
  /** What is run for it, in the folder where the page's files are; without it another test does. */
  readonly command?: (line: string, folder: string) => Command;
}

/** All lines. */
const all = /^/;

/** The smallest container there is, which opens a file for writing. */
export const makesAContainer: readonly [string, ...string[]] = [
  "unshare",
  "--pid",
  "--fork",
  "sh",
  "-c",
  ": >> /etc/hosts",
];

/** With Deno, as `./tallyman` looks for it. */
const PATH = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;

/** Commands that end without being told to. */
const ending = new Set(
  ["containers", "doctor", "rules", "plugins", "schema", "completion", "replay"],
);

/** The words of a line, without its comment; what is in `/tmp` is in a folder of ours. */
function words(line: string, folder: string): string[] {
  return line.replace(/\s+#.*$/, "").replaceAll("/tmp/", `${folder}/`).split(" ")
    .map((word) => word.replace(/^'(.*)'$/, "$1"));
}

/** Made to end by itself, and soon. */
function soon(args: readonly string[]): string[] {
  const [command = ""] = args;
  const endsAlone = args.includes("--") || args.includes("--duration") || ending.has(command);
  return [...args, ...(endsAlone ? [] : ["--duration", "1s"])]
    .map((arg) => /^\d+[smh]$/.test(arg) ? "1s" : arg);
}

const kinds: readonly Kind[] = [
  {
    line: /^deno run -A monitor\.ts /,
    anybody: / monitor\.ts (?:rules|plugins)\b/,
    command: (line, folder) => ({
      argv: [
        Deno.execPath(),
        "run",
        "-A",
        join(checkout, "monitor.ts"),
        ...soon(words(line, folder).slice(4)),
      ],
    }),
  },
  {
    line: /^\.\/tallyman /,
    anybody: /tallyman rules\b/,
    command: (line, folder) => ({
      argv: [join(checkout, "tallyman"), ...soon(words(line, folder).slice(1))],
      env: { PATH },
    }),
  },
  {
    line: /^unshare --pid --fork sh -c ': >> \/etc\/hosts'$/,
    anybody: /^$/,
    // docs_test.ts has a monitor look at it.
    command: () => ({ argv: makesAContainer }),
  },
  // It is what runs this test.
  {
    line: /^\.\/test\b/,
    anybody: all,
    command: () => ({ argv: ["sh", "-n", join(checkout, "test")] }),
  },
  {
    line: /^eval "\$\(tallyman completion bash\)"$/,
    anybody: all,
    command: (line, folder) => ({
      argv: [
        "bash",
        "-ec",
        `ln -sf "${checkout}/tallyman" tallyman; ${line}; complete -p tallyman`,
      ],
      env: { PATH: `${folder}:${PATH}` },
    }),
  },
  {
    line: /^DENO_DIR=\S+ deno install /,
    anybody: all,
    // Into the cache that there is: what it lacks would come from a network.
    command: (line) => ({
      argv: [
        Deno.execPath(),
        ...words(line, "").slice(2).map((word) => word.replace("/opt/tallyman", checkout)),
      ],
    }),
  },
  {
    line: /^systemctl (?:daemon-reload|enable --now tallyman)$/,
    // tests/shippers/unit_test.ts: it is not this machine that is to have a service.
    anybody: all,
  },
];

function kindOf(line: string): Kind | undefined {
  return kinds.find((kind) => kind.line.test(line));
}

/** Whether a test runs lines like it. */
export function isKnown(line: string): boolean {
  return kindOf(line) !== undefined;
}

/** How a line is run here; undefined: it is not. */
export function commandOf(line: string, folder: string): Command | undefined {
  return kindOf(line)?.command?.(line, folder);
}

/** Whether only root can run it. */
export function needsRoot(line: string): boolean {
  return kindOf(line)?.anybody.test(line) !== true;
}
