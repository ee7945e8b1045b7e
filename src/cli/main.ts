/**
 * The command line: which command, with which options. What a command does is loaded when it is run.
 *
 * @module
 */
import { merge, object, or } from "@optique/core/constructs";
import { runParser } from "@optique/core/facade";
import { commandLine, message } from "@optique/core/message";
import { command, constant } from "@optique/core/primitives";
import type { OptionName } from "@optique/core/usage";
import { writeAll } from "../sinks/mod.ts";
import { ExitCode, explain, say } from "./exit.ts";
import * as options from "./options.ts";
import { outputOptions } from "./output_options.ts";
import { pluginsCommand } from "./plugins/commands.ts";
import { rulesCommand } from "./rules/commands.ts";
import { usage } from "./usage.ts";
import { VERSION, versionText } from "./versions.ts";

const ruleOptions = () => ({
  rules: options.rulesOption(),
  noDefaultRules: options.noDefaultRulesOption(),
  ruleOn: options.ruleOnOption(),
  ruleOff: options.ruleOffOption(),
  config: options.configOption(),
  ruleTimeout: options.ruleTimeoutOption(),
});

const viewOptions = () => ({
  containers: options.containerOption(),
  syscalls: options.syscallOption(),
  interval: options.intervalOption(),
  duration: options.durationOption(),
  linger: options.lingerOption(),
  top: options.topOption(),
  format: options.formatOption(),
  ...ruleOptions(),
  watch: options.watchOption(),
  plugins: options.pluginOption(),
  showNoise: options.showNoiseOption(),
  isolate: options.isolateOption(),
  slots: options.slotsOption(),
  verbose: options.verboseOption(),
});

/** Each is made when it is asked for. */
const commands = {
  watch: () =>
    command(
      "watch",
      merge(
        object({
          command: constant("watch"),
          host: options.hostOption(),
          processes: options.processesOption(),
          ...viewOptions(),
        }),
        outputOptions(),
      ),
      {
        brief: message`What containers call, tick by tick (the default)`,
        usageLine: usage("[OPTIONS]"),
        footer: message`Example: ${
          commandLine("monitor.ts watch -c 'web-*' -n 5")
        }; more: docs/cli.md`,
      },
    ),
  count: () =>
    command(
      "count",
      object({
        command: constant("count"),
        containers: options.containerOption(),
        syscalls: options.syscallOption(),
        duration: options.durationOption(),
        host: options.hostOption(),
        slots: options.slotsOption(),
        errors: options.errorsOption(),
        latency: options.latencyOption(),
        json: options.jsonOption(),
        output: options.outputOption(),
        verbose: options.verboseOption(),
        run: options.commandArguments(),
      }),
      {
        brief: message`Totals at the end, like strace -c`,
        usageLine: usage("[OPTIONS]", "[-- CMD...]"),
        description:
          message`Counts until Ctrl-C or for a duration; or runs a command in a cgroup of its own, counts it and its children, and ends with its exit code. A command's counts go to standard error.`,
        footer: message`Example: ${commandLine("monitor.ts count -- ls -l /etc")}`,
      },
    ),
  events: () =>
    command(
      "events",
      merge(
        object({
          command: constant("events"),
          calls: options.callsOption(),
          containers: options.containerOption(),
          outcome: options.outcomeOption(),
          duration: options.durationOption(),
          rate: options.rateOption(),
          bytes: options.bytesOption(),
          inFlight: options.inFlightOption(),
          processes: options.processesOption(),
          plugins: options.pluginOption(),
          config: options.configOption(),
          host: options.hostOption(),
          slots: options.slotsOption(),
          verbose: options.verboseOption(),
        }),
        outputOptions(),
      ),
      {
        brief: message`A line for each of some calls, with arguments`,
        usageLine: usage("[OPTIONS]"),
        footer: message`Example: ${commandLine("monitor.ts events -s openat,execve")}`,
      },
    ),
  record: () =>
    command(
      "record",
      object({
        command: constant("record"),
        file: options.recordingArgument(),
        calls: options.recordedCallsOption(),
        containers: options.containerOption(),
        outcome: options.outcomeOption(),
        rate: options.rateOption(),
        bytes: options.bytesOption(),
        host: options.hostOption(),
        duration: options.durationOption(),
        ...ruleOptions(),
        jsonl: options.jsonlOption(),
        slots: options.slotsOption(),
        verbose: options.verboseOption(),
      }),
      {
        brief: message`Counts, and events that rules want, in a file`,
        usageLine: usage("FILE", "[OPTIONS]"),
        footer: message`Example: ${commandLine("monitor.ts record web.rec -c web-1 -s %network")}`,
      },
    ),
  replay: () =>
    command(
      "replay",
      object({
        command: constant("replay"),
        file: options.recordingArgument(),
        speed: options.speedOption(),
        asFixture: options.fixtureOption(),
        first: options.firstOption(),
        from: options.fromOption(),
        to: options.toOption(),
        containers: options.containerOption(),
        syscalls: options.syscallOption(),
        top: options.topOption(),
        jsonl: options.jsonlOption(),
        ...ruleOptions(),
        plugins: options.pluginOption(),
        showNoise: options.showNoiseOption(),
      }),
      {
        brief: message`A recording as if it were now, without root`,
        usageLine: usage("FILE", "[OPTIONS]"),
        footer: message`Example: ${commandLine("monitor.ts replay web.rec --jsonl")}`,
      },
    ),
  containers: () =>
    command(
      "containers",
      object({ command: constant("containers"), json: options.jsonOption() }),
      {
        brief: message`The containers that run now`,
        footer: message`Example: ${commandLine("monitor.ts containers --json")}`,
      },
    ),
  doctor: () =>
    command("doctor", object({ command: constant("doctor"), json: options.jsonOption() }), {
      brief: message`What this machine lacks, and what to do about it`,
      description: message`Ends with exit code 3 if the monitor can't run here.`,
      footer: message`Example: ${commandLine("monitor.ts doctor")}`,
    }),
  demo: () =>
    command(
      "demo",
      merge(object({ command: constant("demo"), ...viewOptions() }), outputOptions()),
      {
        brief: message`Starts small containers, and watches them`,
        usageLine: usage("[OPTIONS]"),
        description: message`They need no engine and end with the monitor; nothing is left behind.`,
        footer: message`Example: ${commandLine("monitor.ts demo --top 5")}`,
      },
    ),
  rules: rulesCommand,
  plugins: pluginsCommand,
  schema: () =>
    command(
      "schema",
      object({ command: constant("schema"), type: options.recordTypeArgument() }),
      {
        brief: message`What records are made of, as JSON Schema`,
        usageLine: usage("[TYPE]"),
        footer: message`Example: ${commandLine("monitor.ts schema alert")}`,
      },
    ),
  completion: () =>
    command(
      "completion",
      object({ command: constant("completion"), shell: options.shellArgument() }),
      {
        brief: message`A script that completes words, for your shell`,
        usageLine: usage("SHELL"),
        description:
          message`The shell has to find the command by its name: put a link to tallyman on the PATH.`,
        footer: message`Example: ${commandLine('eval "$(tallyman completion bash)"')}`,
      },
    ),
};

/** What words are completed of: `completion` itself is the library's. */
const completed = () =>
  or(
    commands.watch(),
    commands.count(),
    commands.events(),
    commands.record(),
    commands.replay(),
    commands.containers(),
    commands.doctor(),
    commands.demo(),
    commands.rules(),
    commands.plugins(),
    commands.schema(),
  );

/** Of the whole command line. */
export const everyCommand = () => or(completed(), commands.completion());

type Parser = ReturnType<typeof everyCommand>;

/** A script, or what may come next, is asked for; their help is the command's, as of all others. */
function isCompleting([name, shell]: readonly string[]): boolean {
  return name === "completion" && shell !== undefined && shell !== "-h" && shell !== "--help";
}

/**
 * The parser of the command that is named: of an option that it does not have it says which was meant. What it makes
 * is among what all make together; the library's types can't say so, since a parser's state is its own.
 */
function parserOf([name = "", action]: readonly string[]): Parser {
  const named: Readonly<Record<string, (action?: string) => unknown>> = commands;
  return (Object.hasOwn(named, name) ? named[name]?.(action) : everyCommand()) as Parser;
}

/** The command line has been answered without a command: by help, completions, or what was wrong with it. */
class Answered extends Error {
  override readonly name = "Answered";
  constructor(readonly code: number) {
    super();
  }
}

function answered(code: number): never {
  throw new Answered(code);
}

const versionOptions: [OptionName, ...OptionName[]] = ["-V", "--version"];

/** They need no command. */
const answeredOptions: readonly string[] = ["-h", "--help", ...versionOptions];

/** The terminal's width, for help; 80 where there is none. */
function width(): number {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 40 ? columns : 80;
  } catch {
    return 80;
  }
}

function parse(args: readonly string[]) {
  const [first = "--none"] = args;
  const isNamed = !first.startsWith("-") || answeredOptions.includes(first);
  const named = isNamed ? args : ["watch", ...args];
  return runParser(
    isCompleting(named) ? completed() as Parser : parserOf(named),
    "monitor.ts",
    options.withJsonlFile(named),
    {
      help: { command: true, option: { names: ["-h", "--help"] }, onShow: answered },
      usageLine: usage("[COMMAND]", "[OPTIONS]"),
      footer: message`Example: ${commandLine("monitor.ts demo")}. For a command's options: ${
        commandLine("monitor.ts COMMAND --help")
      }`,
      version: {
        // Looked up only if it is asked for: it takes opening libbpf.
        value: versionOptions.some((name) => named.includes(name)) ? versionText() : VERSION,
        option: { names: versionOptions },
        onShow: () => answered(ExitCode.done),
      },
      ...(isCompleting(named) && {
        completion: { command: true, onShow: () => answered(ExitCode.done) },
      }),
      onError: () => answered(ExitCode.usage),
      stdout: (text) => writeAll(Deno.stdout, `${text}\n`),
      stderr: say,
      colors: false,
      aboveError: "none",
      showDefault: true,
      maxWidth: width(),
    },
  );
}

/**
 * Runs a command.
 *
 * @returns the process's exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const parsed = parse(args);
    switch (parsed.command) {
      case "watch":
        await (await import("./watch.ts")).watch(parsed);
        return ExitCode.done;
      case "count":
        return await (await import("./count.ts")).count({ ...parsed, command: parsed.run });
      case "events":
        await (await import("./events.ts")).events(parsed);
        return ExitCode.done;
      case "record":
        await (await import("./record.ts")).record(parsed);
        return ExitCode.done;
      case "replay":
        await (await import("./replay.ts")).replay(parsed);
        return ExitCode.done;
      case "containers":
        await (await import("./containers.ts")).containers(parsed);
        return ExitCode.done;
      case "doctor":
        return await (await import("./doctor.ts")).doctor(parsed);
      case "demo":
        await (await import("./demo.ts")).demo({ ...parsed, host: false, processes: false });
        return ExitCode.done;
      case "completion":
        // Answered by the parser.
        return ExitCode.done;
      case "schema":
        (await import("./schema.ts")).schema(parsed);
        return ExitCode.done;
      case "rules":
        return await (await import("./rules.ts")).rules(parsed);
      case "plugins":
        return await (await import("./plugins.ts")).plugins(parsed);
    }
  } catch (error) {
    if (error instanceof Answered) return error.code;
    // Nobody reads any more: `| head` has had enough, which is no failure.
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.done;
    const { code, text } = explain(error);
    say(text);
    return code;
  }
}
