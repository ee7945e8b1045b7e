/**
 * Rules from files: imported, checked, and told exactly what is wrong with them.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { suggestNames, syscallNames } from "../../syscalls/mod.ts";
import { z } from "zod";
import { type Rule, severities } from "./define.ts";
import { millisecondsOf } from "./duration.ts";
import { type ActiveRule, DEFAULT_LIMIT } from "./rule_set.ts";

/** A rule, and the file that it is from. */
export interface LoadedRule {
  readonly rule: Rule;
  readonly file: string;
}

/** What is wrong with a file or a rule in it. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  constructor(readonly file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
  }
}

/** What a configuration says of one rule. */
export interface RuleSettings {
  readonly enabled?: boolean;
  readonly severity?: Rule["severity"];
  readonly options?: unknown;
  readonly limit?: { readonly burst: number; readonly per: string };
}

const isLength = (text: string) => {
  try {
    return millisecondsOf(text) > 0;
  } catch {
    return false;
  }
};

const known = new Set(syscallNames());

function unknownCall(name: string): string {
  const [closest] = suggestNames(name);
  return `there is no system call ${JSON.stringify(name)}` +
    (closest === undefined ? "" : `: did you mean ${closest}?`);
}

const text = z.string().min(1);
const handler = z.function().optional();

/** The shape of a rule, for what the compiler has not checked. */
const shape = z.looseObject({
  kind: z.literal("rule", { error: "it is not made by defineRule()" }),
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower case, words joined by -"),
  title: text,
  severity: z.enum(severities),
  tags: z.array(text).optional(),
  description: z.string().optional(),
  recommended: z.boolean().optional(),
  syscalls: z.array(
    z.string().refine((name) => known.has(name), {
      error: ({ input }) => unknownCall(String(input)),
    }),
  ).optional(),
  limit: z.looseObject({
    burst: z.int().min(1),
    per: z.string().refine(isLength, "a length of time: 10s, 5m, 1h"),
  }).optional(),
  evaluate: handler,
  onTally: handler,
  onContainer: handler,
}).refine((rule) => rule.evaluate === undefined || (rule.syscalls?.length ?? 0) > 0, {
  error: "evaluate() wants syscalls: name those that it looks at",
  path: ["syscalls"],
}).refine((rule) => rule.evaluate ?? rule.onTally ?? rule.onContainer, {
  error: "it does nothing: give it evaluate(), onTally() or onContainer()",
});

function issueText(error: z.ZodError): string {
  return error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`
  ).join("; ");
}

/** The .ts and .js files of a folder and those below it, tests left out; a file is itself. */
export function ruleFiles(path: string): string[] {
  const absolute = resolve(path);
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(absolute);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new RuleError(path, "no such file or folder", { cause });
  }
  if (!info.isDirectory) return [absolute];
  const files: string[] = [];
  for (const { name, isDirectory, isFile } of Deno.readDirSync(absolute)) {
    if (isDirectory && !name.startsWith(".") && name !== "node_modules") {
      files.push(...ruleFiles(join(absolute, name)));
    }
    const isCode = /\.[mc]?[tj]s$/.test(name) && !/[._]test\.[mc]?[tj]s$|\.d\.ts$/.test(name);
    if (isFile && isCode) files.push(join(absolute, name));
  }
  return files.sort();
}

/** Whether something that a module exports was meant to be a rule. */
function isMeant(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    ("kind" in value ? value.kind === "rule" : "id" in value && "severity" in value);
}

/**
 * The rules that a file exports: by default, as an array, or by names.
 *
 * @param version Distinguishes an edited file from the one that was imported before.
 * @throws {RuleError}
 */
export async function loadFile(file: string, version?: number): Promise<LoadedRule[]> {
  const url = pathToFileURL(file).href + (version === undefined ? "" : `?v=${version}`);
  let module: Record<string, unknown>;
  try {
    module = await import(url);
  } catch (cause) {
    throw new RuleError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const exported = Object.values(module).flat().filter(isMeant);
  return exported.map((rule) => {
    const result = shape.safeParse(rule);
    if (result.success) return { rule: rule as Rule, file };
    const id = "id" in rule && typeof rule.id === "string" ? `rule ${rule.id}: ` : "";
    throw new RuleError(file, id + issueText(result.error));
  });
}

/** The rules of several files and folders; an id that two have is refused. */
export async function loadRules(paths: readonly string[], version?: number): Promise<LoadedRule[]> {
  const loaded = new Map<string, LoadedRule>();
  for (const path of paths) {
    const files = ruleFiles(path);
    let found = 0;
    for (const file of files) {
      for (const each of await loadFile(file, version)) {
        found++;
        const other = loaded.get(each.rule.id);
        if (other !== undefined && other.file !== each.file) {
          throw new RuleError(each.file, `rule ${each.rule.id} is also in ${other.file}`);
        }
        loaded.set(each.rule.id, each);
      }
    }
    if (found === 0) {
      throw new RuleError(path, "no rule: a rule is what defineRule() makes, exported");
    }
  }
  return [...loaded.values()];
}

/**
 * A rule with what a configuration says of it.
 *
 * @throws {RuleError} if its options are not what the rule takes: with path and reason.
 */
export function activate({ rule, file }: LoadedRule, settings: RuleSettings = {}): ActiveRule {
  const schema = rule.options ?? z.strictObject({});
  const options = schema.safeParse(settings.options ?? {});
  if (!options.success) {
    throw new RuleError(file, `options of rule ${rule.id}: ${issueText(options.error)}`);
  }
  const { burst, per } = settings.limit ?? rule.limit ?? DEFAULT_LIMIT;
  return {
    rule,
    options: options.data,
    severity: settings.severity ?? rule.severity,
    limit: { burst, per },
  };
}
