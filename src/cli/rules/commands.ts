/**
 * `monitor.ts rules …`: its commands, with their options.
 *
 * @module
 */
import { object, or } from "@optique/core/constructs";
import { commandLine, message } from "@optique/core/message";
import { command, constant } from "@optique/core/primitives";
import * as options from "../options.ts";
import { usage } from "../usage.ts";

const which = () => ({
  rules: options.rulesOption(),
  noDefaultRules: options.noDefaultRulesOption(),
  ruleOn: options.ruleOnOption(),
  ruleOff: options.ruleOffOption(),
  config: options.configOption(),
});

const of = { command: constant("rules") };

const actions = {
  list: () =>
    command(
      "list",
      object({ ...of, action: constant("list"), ...which(), json: options.jsonOption() }),
      {
        brief: message`Which rules there are, and which of them run`,
        usageLine: usage("[OPTIONS]"),
        footer: message`Example: ${commandLine("monitor.ts rules list --no-default-rules")}`,
      },
    ),
  explain: () =>
    command(
      "explain",
      object({ ...of, action: constant("explain"), ...which(), id: options.idArgument() }),
      {
        brief: message`What a rule finds, what it looks at, what can be set`,
        usageLine: usage("[OPTIONS]", "ID"),
        footer: message`Example: ${commandLine("monitor.ts rules explain sensitive-file-read")}`,
      },
    ),
  new: () =>
    command(
      "new",
      object({
        ...of,
        action: constant("new"),
        name: options.nameArgument(),
        folder: options.folderOption(),
      }),
      {
        brief: message`Writes a rule and its test, to begin with`,
        usageLine: usage("[OPTIONS]", "NAME"),
        footer: message`Example: ${commandLine("monitor.ts rules new hosts_written")}`,
      },
    ),
  check: () =>
    command(
      "check",
      object({
        ...of,
        action: constant("check"),
        paths: options.pathArguments(),
        config: options.configOption(),
      }),
      {
        brief: message`Whether rules compile, and are rules`,
        usageLine: usage("[OPTIONS]", "[PATH...]"),
        footer: message`Example: ${commandLine("monitor.ts rules check hosts_written.ts")}`,
      },
    ),
  test: () =>
    command(
      "test",
      object({
        ...of,
        action: constant("test"),
        paths: options.pathArguments(),
        config: options.configOption(),
      }),
      {
        brief: message`Runs the tests of rules: no root, no container`,
        usageLine: usage("[OPTIONS]", "[PATH...]"),
        footer: message`Example: ${commandLine("monitor.ts rules test hosts_written.ts")}`,
      },
    ),
};

const all = () =>
  or(actions.list(), actions.explain(), actions.new(), actions.check(), actions.test());

/**
 * The command.
 *
 * @param action The one that is named, if it is: of an option that it does not have it says which was meant.
 */
export function rulesCommand(action = ""): ReturnType<typeof build> {
  const named: Readonly<Record<string, () => unknown>> = actions;
  return build((Object.hasOwn(named, action) ? named[action] : all) as typeof all);
}

// deno-lint-ignore explicit-function-return-type -- the parser's own type, which is long
function build(parser: typeof all) {
  return command("rules", parser(), {
    brief: message`Which rules there are; writing and testing them`,
    usageLine: usage("COMMAND", "[OPTIONS]"),
    footer: message`Example: ${commandLine("monitor.ts rules list")}. For a command's options: ${
      commandLine("monitor.ts rules list --help")
    }`,
  });
}
