/**
 * Options that several commands have, each described once: help, completions and checks are made from this. Each is
 * made when a command that has it is: making all takes longer than parsing does.
 *
 * @module
 */
import { type Message, message, valueSet } from "@optique/core/message";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import { or } from "@optique/core/constructs";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { alertFormats, recordTypes } from "../sinks/mod.ts";
import { DEFAULT_LINGER, DEFAULT_RATE } from "./defaults.ts";
import { seldom } from "./help_scope.ts";
import {
  duration,
  inputPath,
  outputFile,
  pluginPath,
  ruleId,
  syscallPatterns,
} from "./option_values.ts";

/** An empty one, a shell's variable that is not set, would match no container. */
const containerPattern = string({
  metavar: "PATTERN",
  pattern: /^(?:!.|[^!])/s,
  errors: { patternMismatch: (input) => message`${input} is no container's name, image or id.` },
});

/** `--container`, repeatable. */
export const containerOption = () =>
  multiple(
    option("-c", "--container", containerPattern, {
      description: message`Names, images, ids: ${"web-*"}; not: ${"!web-*"}.`,
    }),
  );

/** `--syscall`, repeatable and by commas. */
export const syscallOption = () =>
  map(
    multiple(
      option("-s", "--syscall", syscallPatterns(), {
        description: message`Only these: ${"open*,read"}; not those: ${"!futex"}.`,
      }),
    ),
    (lists) => lists.flat(),
  );

/** Calls and groups of them; which there are is looked up when the command is run. */
function calls(description: Message) {
  return map(
    multiple(option("-s", "--syscall", string({ metavar: "LIST" }), { description })),
    (lists) => lists.flatMap((list) => list.split(",")).filter((name) => name !== ""),
  );
}

/** `--syscall` of `events`. */
export const callsOption = () =>
  calls(
    message`The calls to show, by commas: ${"openat,execve"}, ${"open*"}, ${"%network"}; all but those: ${"!futex"}. Repeatable.`,
  );

/** `--syscall` of `record`. */
export const recordedCallsOption = () =>
  calls(
    message`Calls to record, whatever rules want: ${"%network"}.`,
  );

/** `--ok` or `--failed`. */
export const outcomeOption = () =>
  withDefault(
    or(
      map(flag("--ok", { description: message`Only calls that succeeded.` }), () => "ok" as const),
      map(
        flag("--failed", { description: message`Only calls that failed.` }),
        () => "failed" as const,
      ),
    ),
    "all" as const,
  );

/** `--rate`. */
export const rateOption = () =>
  withDefault(
    option("--rate", integer({ metavar: "N", min: 1 }), {
      description: message`Events a second that one container may send.`,
    }),
    DEFAULT_RATE,
  );

/** `--bytes`. */
export const bytesOption = () =>
  withDefault(
    option("--bytes", integer({ metavar: "N", min: 0, max: 4096 }), {
      description: message`Bytes to show of what is read and written.`,
    }),
    64,
  );

/** `--in-flight`. */
export const inFlightOption = () =>
  option("--in-flight", {
    description: message`Tell also of calls that have not returned after a second, and since when.`,
  });

/** `--processes`. */
export const processesOption = () =>
  option("--processes", {
    description: message`With ${"--jsonl"}: also records of processes.`,
  });

/** `--host`. */
export const hostOption = () =>
  option("--host", {
    description: message`Count what is in no container, too, as ${"host"}.`,
  });

/** `--interval`. */
export const intervalOption = () =>
  withDefault(
    option("-i", "--interval", duration(10), { description: message`Time between ticks.` }),
    1000,
  );

/** `--duration`. */
export const durationOption = () =>
  optional(
    option("-d", "--duration", duration(0), {
      description: message`End by itself after this time.`,
    }),
  );

/** `--linger`. */
export const lingerOption = () =>
  withDefault(
    option("--linger", duration(0), {
      hidden: seldom(),
      description: message`How long a quiet container stays.`,
    }),
    DEFAULT_LINGER,
  );

/** `--top N` or `--all`: a number of syscalls. */
export const topOption = () =>
  withDefault(
    or(
      map(flag("-a", "--all", { description: message`Show every system call.` }), () => Infinity),
      option("-n", "--top", integer({ metavar: "N", min: 1 }), {
        description: message`Show the busiest N of a container.`,
      }),
    ),
    15,
  );

/** `--jsonl FILE`; see {@linkcode withJsonlFile} for `--jsonl` alone. */
export const jsonlOption = () =>
  optional(
    option("--jsonl", outputFile(), {
      description: message`Records to FILE or ${"-"}. More: docs/shippers.md.`,
    }),
  );

/** `--format`. */
export const formatOption = () =>
  optional(
    option("--format", choice(alertFormats, { metavar: "NAME" }), {
      hidden: seldom(),
      description: message`Alerts alone, as ${"ecs"} or ${"falco"} have them.`,
    }),
  );

/** TYPE of records. */
export const recordTypeArgument = () =>
  optional(argument(choice(recordTypes, { metavar: "TYPE" }), {
    description: message`Of one type: ${valueSet(recordTypes, { fallback: "", type: "unit" })}.`,
  }));

/** SHELL to complete words in. */
export const shellArgument = () =>
  argument(choice(["bash", "zsh", "fish"], { metavar: "SHELL" }), {
    description: message`${"bash"}, ${"zsh"} or ${"fish"}.`,
  });

/** `--jsonl` without a file means standard output: the parser knows no option whose value may be missing. */
export function withJsonlFile(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, i) => {
    const next = args[i + 1];
    const alone = next === undefined || (next.startsWith("-") && next !== "-");
    return arg === "--jsonl" && alone && (end < 0 || i < end) ? "--jsonl=-" : arg;
  });
}

/** `--rules`, repeatable. */
export const rulesOption = () =>
  multiple(
    option("-r", "--rules", inputPath("PATH"), {
      description: message`Rules to run: a file, or a folder of them.`,
    }),
  );

/** `--no-default-rules`. */
export const noDefaultRulesOption = () =>
  option("--no-default-rules", {
    description: message`Run none of the rules that are shipped.`,
  });

/** `--rule`, repeatable. */
export const ruleOnOption = () =>
  multiple(
    option("--rule", ruleId(), { description: message`Switch on a rule that is shipped.` }),
  );

/** `--no-rule`, repeatable. */
export const ruleOffOption = () =>
  multiple(
    option("--no-rule", ruleId(), { description: message`Switch off a rule.` }),
  );

/** `--config`. */
export const configOption = () =>
  optional(
    option("--config", inputPath("FILE"), {
      description: message`Instead of ${"tallyman.config.ts"} or ${".json"} here.`,
    }),
  );

/** `--rule-timeout`. */
export const ruleTimeoutOption = () =>
  optional(
    option("--rule-timeout", duration(10), {
      hidden: seldom(),
      description: message`Switch off a rule that runs longer: ${"1s"}.`,
    }),
  );

/** `--watch`. */
export const watchOption = () =>
  option("--watch", {
    description: message`Rules that are edited meanwhile take effect.`,
  });

/** `--plugin`, repeatable. */
export const pluginOption = () =>
  multiple(
    option("-p", "--plugin", pluginPath(), {
      description: message`A plugin: a file, or a shipped one's name.`,
    }),
  );

/** `--show-noise`. */
export const showNoiseOption = () =>
  option("--show-noise", {
    description: message`Show what only serves a terminal, too.`,
  });

/** `--isolate`. */
export const isolateOption = () =>
  option("--isolate", {
    description: message`Run rules in a child process without permissions.`,
  });

/** `--dir`. */
export const folderOption = () =>
  withDefault(
    option("--dir", inputPath("DIR"), { description: message`Where to write them.` }),
    ".",
  );

/** PATH…: rules, or folders of them. */
export const pathArguments = () =>
  multiple(argument(inputPath("PATH"), {
    description: message`Files, or folders of them; those of the configuration by default.`,
  }));

/** FILE…: plugins. */
export const pluginArguments = () =>
  multiple(
    argument(inputPath("FILE"), { description: message`Files of plugins.` }),
    { min: 1 },
  );

/** NAME of a rule that is to be. */
export const nameArgument = () =>
  argument(string({ metavar: "NAME" }), {
    description: message`Of the files; the rule's id is made from it.`,
  });

/** ID of a rule. */
export const idArgument = () => argument(ruleId(), { description: message`Which rule.` });

/** FILE of a recording. */
export const recordingArgument = () =>
  argument(inputPath("FILE"), {
    description: message`The recording.`,
  });

/** `--speed`. */
export const speedOption = () =>
  withDefault(
    option("--speed", choice(["1", "max"], { metavar: "SPEED" }), {
      description: message`As fast as it was, ${"1"}, or as it can.`,
    }),
    "max" as const,
  );

/** `--as-fixture`. */
export const fixtureOption = () =>
  option("--as-fixture", {
    description: message`Write it as the inputs of a rule's test.`,
  });

/** `--first`. */
export const firstOption = () =>
  optional(
    option("--first", integer({ metavar: "N", min: 1 }), {
      description: message`Of a fixture: so many calls.`,
    }),
  );

/** `--from`. */
export const fromOption = () =>
  optional(
    option("--from", duration(0), { description: message`Of a fixture: from this time on.` }),
  );

/** `--to`. */
export const toOption = () =>
  optional(
    option("--to", duration(0), { description: message`Of a fixture: until then.` }),
  );

/** `--slots`. */
export const slotsOption = () =>
  optional(
    option("--slots", integer({ metavar: "N", min: 3, max: 2048 }), {
      hidden: seldom(),
      description: message`Containers counted at once: mostly 1,024.`,
    }),
  );

/** `--latency`. */
export const latencyOption = () =>
  option("-L", "--latency", {
    description: message`Time every call: total, mean, p50, p99 and longest.`,
  });

/** `--errors`. */
export const errorsOption = () =>
  option("-e", "--errors", {
    description: message`Count the calls that failed, by error.`,
  });

/** `--verbose`. */
export const verboseOption = () =>
  option("-v", "--verbose", {
    description: message`Tell what libbpf and the kernel's verifier say.`,
  });

/** `--output`. */
export const outputOption = () =>
  optional(
    option("-o", "--output", outputFile(), {
      description: message`Write the result to FILE.`,
    }),
  );

/** `-- CMD ARGS…` */
export const commandArguments = () =>
  multiple(argument(string({ metavar: "CMD" }), {
    description: message`After ${"--"}: the command to run, and its arguments.`,
  }));

/** `--json`. */
export const jsonOption = () => option("--json", { description: message`Write JSON.` });
