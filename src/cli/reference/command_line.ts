/**
 * docs/cli.md, made from the definitions of the command line.
 *
 * @module
 */
import type { DocEntry } from "@optique/core/doc";
import type { Message, MessageTerm } from "@optique/core/message";
import { getDocPage } from "@optique/core/parser";
import { everyCommand } from "../main.ts";
import { formatUsageTerm } from "@optique/core/usage";
import { showAllOptions } from "../help_scope.ts";

type Parser = ReturnType<typeof everyCommand>;

function termText(term: MessageTerm): string {
  switch (term.type) {
    case "text":
      return term.text;
    case "value":
      return `\`${term.value}\``;
    case "values":
      return term.values.map((value) => `\`${value}\``).join(", ");
    case "optionName":
      return `\`${term.optionName}\``;
    case "optionNames":
      return term.optionNames.map((name) => `\`${name}\``).join(", ");
    case "metavar":
      return term.metavar;
    case "envVar":
      return `\`${term.envVar}\``;
    case "commandLine":
      return `\`${term.commandLine}\``;
    case "lineBreak":
      return "\n";
    case "url":
      return `<${term.url.href}>`;
  }
  throw new TypeError(`a message with ${JSON.stringify(term)}`);
}

function text(message: Message | undefined): string {
  return (message ?? []).map(termText).join("");
}

/** Commands that are told as examples, to be run as they are. */
function examples(message: Message | undefined): string[] {
  const [example] = (message ?? []).flatMap((term) =>
    term.type === "commandLine" ? [term.commandLine] : []
  );
  if (example === undefined) return [];
  return [`\`\`\`sh\n${example.replace(/^(?=monitor\.ts )/, "deno run -A ")}\n\`\`\``];
}

function row({ term, description, default: preset }: DocEntry): string {
  const cells = [
    `\`${formatUsageTerm(term, { optionsSeparator: ", " }).replace(/^\[(.*)\]$/, "$1")}\``,
    text(description),
    text(preset),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function table(options: readonly DocEntry[]): string {
  return `| option | meaning | unless said |\n| --- | --- | --- |\n${options.map(row).join("\n")}`;
}

const head = `<!-- Made by \`deno task docs\` from src/cli: change it there. -->

# Command line

\`deno run -A monitor.ts [COMMAND] [OPTIONS]\`. Without a command it is \`watch\`. \`--help\` after a
command shows what is here, on one screen; \`--version\` tells the versions of tallyman, Deno, libbpf
and the kernel. What is misspelt is answered by what may have been meant.

Lengths of time are written \`500ms\`, \`10s\`, \`1.5m\` or \`2h\`; a number alone is of seconds. An option
that has a list takes commas, and can be given again. Patterns have \`*\`, \`?\` and \`[a-z]\`; \`!\` before
one excludes.

Standard output carries data alone; all else goes to standard error.

| exit code | meaning                                                                        |
| --------- | ------------------------------------------------------------------------------ |
| 0         | done; also when it was stopped by Ctrl-C or SIGTERM, or its reader went away   |
| 1         | failed                                                                         |
| 2         | wrong usage: an option, a rule, a configuration that can't be meant            |
| 3         | the machine can't: no root, no BTF, no libbpf. \`monitor.ts doctor\` tells more |
| other     | of \`count -- CMD\`: the command's own; 126 and 127 if it can't be run           |
`;

function* sections(parser: Parser, path: readonly string[]): Generator<string> {
  const page = getDocPage(parser, path);
  if (page === undefined) throw new Error(`no page of ${path.join(" ")}`);
  const entries = page.sections.flatMap((section) => section.entries);
  const options = entries.filter(({ term }) => term.type !== "command");
  if (path.length > 0) {
    yield `${"#".repeat(path.length + 1)} ${path.join(" ")}`;
    yield `${text(page.brief)}.`;
    if (page.description !== undefined) yield text(page.description);
    if (options.length > 0) {
      yield table(options);
    }
    if (options.length === entries.length) yield* examples(page.footer);
  }
  for (const { term } of entries) {
    if (term.type === "command") yield* sections(parser, [...path, term.name]);
  }
}

/** The page, before it is formatted. */
export function commandLinePage(): string {
  showAllOptions();
  return `${[head, ...sections(everyCommand(), [])].join("\n\n")}\n`;
}
