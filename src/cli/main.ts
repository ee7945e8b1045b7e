/**
 * The command line: which command, with which options. What a command does is loaded when it is run.
 *
 * @module
 */
import { object, or } from "@optique/core/constructs";
import { commandLine, message } from "@optique/core/message";
import { command, constant } from "@optique/core/primitives";
import { run } from "@optique/run";
import { ExitCode, explain, say } from "./exit.ts";
import * as options from "./options.ts";

const commandNames = ["watch", "containers", "count", "doctor", "demo", "help", "completion"];

const watchOptions = {
  containers: options.containerOption,
  syscalls: options.syscallOption,
  interval: options.intervalOption,
  duration: options.durationOption,
  linger: options.lingerOption,
  top: options.topOption,
  jsonl: options.jsonlOption,
  slots: options.slotsOption,
  verbose: options.verboseOption,
};

const parser = or(
  command(
    "watch",
    object({ command: constant("watch"), host: options.hostOption, ...watchOptions }),
    {
      brief: message`What every container calls, tick by tick (the default)`,
      description:
        message`Shows a block per container: its system calls in all and since the last tick, with an arrow at those that were called since. Redraws in place on a terminal. For example: ${
          commandLine("deno run -A monitor.ts watch --container 'web-*' --duration 1m")
        }`,
    },
  ),
);

/**
 * Runs a command.
 *
 * @returns the process's exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [first] = args;
  const named = first !== undefined &&
    (commandNames.includes(first) || ["-h", "--help", "--version"].includes(first) ||
      !first.startsWith("-"));
  const parsed = run(parser, {
    args: options.withJsonlFile(named ? args : ["watch", ...args]),
    programName: "monitor.ts",
    help: "both",
    completion: "command",
    errorExitCode: ExitCode.usage,
    aboveError: "none",
    showDefault: true,
  });
  try {
    switch (parsed.command) {
      case "watch":
        await (await import("./watch.ts")).watch(parsed);
        return ExitCode.done;
    }
  } catch (error) {
    const { code, text } = explain(error);
    say(text);
    return code;
  }
}
