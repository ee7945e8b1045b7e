/**
 * `monitor.ts rules explain`: one rule, all that there is to know of it.
 *
 * @module
 */
import { z } from "zod";
import type { ChosenRule, RuleFlags } from "../../engine/config/mod.ts";
import { writeAll } from "../../sinks/mod.ts";
import { closest } from "../../syscalls/mod.ts";
import { ExitCode, Failure } from "../exit.ts";
import { openRules, openSettings, printableLines } from "./settings.ts";
import { listensTo, shownPath } from "./shown.ts";

const WIDTH = 80;
/** The width of what stands before each value. */
const LABEL = 12;

/** Explains a rule. */
export async function explainRule(options: RuleFlags & { readonly id: string }): Promise<number> {
  const rules = await openRules(await openSettings(options), true);
  const found = rules.find(({ rule }) => rule.id === options.id);
  if (found === undefined) {
    const [nearest] = closest(options.id, rules.map(({ rule }) => rule.id), 1);
    throw new Failure(
      ExitCode.usage,
      `There is no rule ${options.id}.` +
        (nearest === undefined
          ? " `monitor.ts rules list` has those that there are."
          : ` Did you mean ${nearest}?`),
    );
  }
  writeAll(Deno.stdout, printableLines(explanation(found)));
  return ExitCode.done;
}

function explanation(chosen: ChosenRule): string {
  const { rule, active } = chosen;
  const from = chosen.isShipped ? `shipped: ${chosen.file}` : shownPath(chosen.file);
  const by = rule.limit?.by === undefined ? "" : `, for each value of ${source(rule.limit.by)}`;
  const was = active.severity === rule.severity ? "" : ` (by itself ${rule.severity})`;
  return [
    `${rule.id}: ${rule.title}\n`,
    ...rule.description === undefined ? [] : ["\n", paragraphs(rule.description), "\n"],
    "\n",
    field("state", chosen.isOn ? "on" : `off; on by --rule ${rule.id}`),
    field("severity", active.severity + was),
    field("tags", rule.tags?.join(", ")),
    field("listens to", listensTo(chosen).join(", ")),
    field("only if", conditions(rule.filter).join("; ")),
    field("limit", `${active.limit.burst} in ${active.limit.per}, in each container${by}`),
    field("from", from),
    ...optionLines(chosen),
  ].join("");
}

/** A function as it is written, if that is short. */
function source(by: (event: never) => unknown): string {
  const body = by.toString().replace(/^\(?\w+\)?\s*=>\s*/, "");
  return body.length <= 60 && !body.includes("\n") ? body : "its own";
}

function field(label: string, value: string | undefined): string {
  return value === undefined || value === "" ? "" : hanging(label.padEnd(LABEL), value, LABEL);
}

/** Text after something, filled; its other lines begin further to the right. */
function hanging(first: string, text: string, indent: number): string {
  const [begin = "", ...rest] = wrap(text, WIDTH - Math.max(indent, first.length));
  return [first + begin, ...rest.map((line) => " ".repeat(indent) + line)]
    .map((line) => `${line}\n`).join("");
}

/** Paragraphs are apart by an empty line, and filled. */
function paragraphs(text: string): string {
  return text.trim().split(/\n\s*\n/)
    .map((paragraph) => wrap(paragraph, WIDTH).join("\n")).join("\n\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** `outcome: "ok"`, `args.path.equals: "/etc/shadow"`. */
function conditions(filter: object = {}, before = ""): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? conditions(value, `${before}${name}.`)
      : [`${before}${name}: ${JSON.stringify(value)}`];
  });
}

/** What is read of a JSON Schema. */
const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown(),
  enum: z.array(z.unknown()).optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
});
const described = z.looseObject({ properties: z.record(z.string(), property).optional() });

function optionLines({ rule, active }: ChosenRule): string[] {
  if (rule.options === undefined) return [];
  const schema = described.parse(
    z.toJSONSchema(rule.options, { io: "input", unrepresentable: "any" }),
  );
  const now = z.record(z.string(), z.unknown()).safeParse(active.options);
  const lines = Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const usual = JSON.stringify(each.default);
    const set = now.success ? JSON.stringify(now.data[name]) : undefined;
    const says = each.default === undefined ? "" : ` = ${spaced(each.default)}`;
    return [
      hanging(`  ${name}: `, typeOf(each) + says, 6),
      ...each.description === undefined ? [] : [hanging("      ", each.description, 6)],
      ...set === undefined || set === usual
        ? []
        : [hanging("      here: ", spaced(now.data?.[name]), 8)],
    ];
  });
  return lines.length === 0 ? [] : ["\noptions\n", ...lines];
}

function spaced(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]`
    : JSON.stringify(value);
}

function typeOf({ type, enum: values, items }: z.infer<typeof property>): string {
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (type === "array") return `list of ${items?.type ?? "anything"}`;
  return type === undefined ? "anything" : [type].flat().join(" or ");
}
