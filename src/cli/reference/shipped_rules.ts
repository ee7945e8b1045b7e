/**
 * docs/shipped_rules.md: the rules that come with the monitor, made from the rules themselves.
 *
 * @module
 */
import { z } from "zod";
import { DEFAULT_LIMIT, loadRules, type Rule } from "../../engine/rules/mod.ts";
import { listensTo } from "../rules/shown.ts";
import { shippedRules } from "../rules/shipped.ts";

const head = `<!-- Made by \`deno task docs\` from rules/: change it there. -->

# Rules that ship

What is recommended runs unless \`--no-default-rules\` is given, or \`--no-rule ID\`; the others run with
\`--rule ID\`. \`monitor.ts rules explain ID\` shows the same, with what your configuration says of it. The
calls that a rule looks at are what it makes the kernel send: that is its cost, beside its own code.

An option is set by [the configuration](rules.md).`;

/** MITRE ATT&CK's page of a technique that a tag names. */
function tagText(tag: string): string {
  const technique = /^mitre:(T\d+)(?:\.(\d+))?$/.exec(tag);
  if (technique === null) return `\`${tag}\``;
  const path = technique.slice(1).filter(Boolean).join("/");
  return `[${tag.slice("mitre:".length)}](https://attack.mitre.org/techniques/${path}/)`;
}

const code = (texts: readonly string[]) => texts.map((each) => `\`${each}\``).join(", ");

function limitOf({ limit }: Rule): string {
  const { burst, per } = limit ?? DEFAULT_LIMIT;
  const by = limit?.by === undefined ? "" : ", and for each value of what it is counted by";
  return `${burst} alerts in ${per}, in each container${by}`;
}

const schema = z.looseObject({
  properties: z.record(
    z.string(),
    z.looseObject({ description: z.string().optional(), default: z.unknown() }),
  ).optional(),
});

function optionsOf({ options }: Rule): string[] {
  if (options === undefined) return [];
  const { properties = {} } = schema.parse(
    z.toJSONSchema(options, { io: "input", unrepresentable: "any" }),
  );
  const items = Object.entries(properties).map(([name, { description = "", default: usual }]) => {
    const value = Array.isArray(usual)
      ? usual.map((each) => JSON.stringify(each)).join(", ")
      : JSON.stringify(usual);
    return `- \`${name}\`: ${description}${
      value === undefined ? "" : `. Unless said: \`${value}\``
    }`;
  });
  return items.length === 0 ? [] : ["Options:", items.join("\n")];
}

function section(rule: Rule): string {
  const facts = [
    ["severity", `${rule.severity}${rule.recommended ? "" : "; not recommended to everybody"}`],
    ["tags", (rule.tags ?? []).map(tagText).join(", ")],
    ["looks at", code(listensTo({ rule }))],
    ["limit", limitOf(rule)],
  ];
  return [
    `## ${rule.id}`,
    `${rule.title}.`,
    rule.description ?? "",
    `| | |\n| --- | --- |\n${facts.map(([name, text]) => `| ${name} | ${text} |`).join("\n")}`,
    ...optionsOf(rule),
  ].join("\n\n");
}

/** The page, before it is formatted. */
export async function shippedRulesPage(): Promise<string> {
  const rules = (await loadRules([shippedRules])).map(({ rule }) => rule)
    .toSorted((a, b) => a.id < b.id ? -1 : 1);
  return `${[head, ...rules.map(section)].join("\n\n")}\n`;
}
