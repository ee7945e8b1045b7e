/**
 * `monitor.ts plugins …`: its commands, with their options.
 *
 * @module
 */
import { object, or } from "@optique/core/constructs";
import { commandLine, message } from "@optique/core/message";
import { command, constant } from "@optique/core/primitives";
import * as options from "../options.ts";
import { usage } from "../usage.ts";

const of = { command: constant("plugins") };

const actions = {
  list: () =>
    command(
      "list",
      object({
        ...of,
        action: constant("list"),
        plugins: options.pluginOption(),
        showNoise: options.showNoiseOption(),
        config: options.configOption(),
        json: options.jsonOption(),
      }),
      {
        brief: message`Which plugins run, in their order, and which there are`,
        usageLine: usage("[OPTIONS]"),
        footer: message`Example: ${commandLine("monitor.ts plugins list --plugin redact")}`,
      },
    ),
  check: () =>
    command(
      "check",
      object({ ...of, action: constant("check"), files: options.pluginArguments() }),
      {
        brief: message`Whether plugins compile, and are plugins`,
        usageLine: usage("FILE..."),
        footer: message`Example: ${commandLine("monitor.ts plugins check night_shift.ts")}`,
      },
    ),
};

const all = () => or(actions.list(), actions.check());

/**
 * The command.
 *
 * @param action The one that is named, if it is: of an option that it does not have it says which was meant.
 */
export function pluginsCommand(action = ""): ReturnType<typeof build> {
  const named: Readonly<Record<string, () => unknown>> = actions;
  return build((Object.hasOwn(named, action) ? named[action] : all) as typeof all);
}

// deno-lint-ignore explicit-function-return-type -- the parser's own type, which is long
function build(parser: typeof all) {
  return command("plugins", parser(), {
    brief: message`Plugins: which there are, and checking them`,
    usageLine: usage("COMMAND", "[OPTIONS]"),
    footer: message`Example: ${commandLine("monitor.ts plugins list")}. For a command's options: ${
      commandLine("monitor.ts plugins list --help")
    }`,
  });
}
