/**
 * Rules from files: imported, checked, and told exactly what is wrong with them.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { argumentNames } from "../../syscalls/arguments/mod.ts";
import { suggestNames, syscallNames, syscallOf } from "../../syscalls/mod.ts";
import { z } from "zod";
import { type ActiveRule, DEFAULT_LIMIT } from "./active_rule.ts";
import { issueLines } from "../config/issues.ts";
import {
  codeErrorText,
  type CodeImporter,
  importedOnce,
  inTime,
  type Module,
} from "../code/mod.ts";
import { type Rule, severities } from "./define.ts";
import { millisecondsOf } from "./duration.ts";
import { asRuleCode, Fences } from "./fences.ts";

/** A rule, and the file that it is from. */
export interface LoadedRule {
  readonly rule: Rule;
  readonly file: string;
  /** By which the file was imported. */
  readonly url?: string;
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

/** Those of any machine: a rule for open(2) is one on arm64 too, which only has openat(2). */
const known = new Set([...syscallNames("x86_64"), ...syscallNames("aarch64")]);

function unknownCall(name: string): string {
  const [closest] = suggestNames(name);
  return `there is no system call ${JSON.stringify(name)}` +
    (closest === undefined ? "" : `: did you mean ${closest}?`);
}

const text = z.string().min(1);

/** What it looks at is something else by the time it goes on. */
export const handler: z.ZodOptional<z.ZodCustom<() => unknown>> = z.custom<() => unknown>(
  (code) => typeof code === "function",
  "it is no function",
)
  .refine((code) => code.constructor.name !== "AsyncFunction", {
    error: "it can't be async: what it looks at is something else by the time it goes on",
  }).optional();

/** Somebody's own zod makes others than ours does. */
export const schemaOfOptions: z.ZodOptional<z.ZodCustom<z.ZodType>> = z.custom<z.ZodType>(
  (schema) => typeof Object(schema).safeParse === "function",
  "it is no schema of zod's: z.object({ … })",
).optional();

const oneOrMore = <T extends z.ZodType>(of: T) => z.union([of, z.array(of)]);
const scalar = z.union([z.string(), z.number(), z.bigint(), z.boolean()]);

/** What a filter says of one argument: which of it may be said of which is the compiler's to know. */
const predicate = z.strictObject({
  equals: scalar.optional(),
  in: z.array(scalar).optional(),
  prefix: oneOrMore(z.string()).optional(),
  suffix: oneOrMore(z.string()).optional(),
  has: oneOrMore(z.string()).optional(),
  any: z.array(z.string()).optional(),
});

/** The shape of a rule, for what the compiler has not checked. A typo may mean that it looks at everything. */
const shape = z.strictObject({
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
  options: schemaOfOptions,
  limit: z.strictObject({
    burst: z.int().min(1),
    per: z.string().refine(isLength, "a length of time: 10s, 5m, 1h"),
    by: handler,
  }).optional(),
  filter: z.strictObject({
    containers: z.array(z.string()).optional(),
    outcome: z.enum(["ok", "failed"]).optional(),
    uid: oneOrMore(z.int().min(0)).optional(),
    args: z.record(z.string(), predicate.optional()).optional(),
  }).optional(),
  evaluate: handler,
  onTally: handler,
  onContainer: handler,
  onProcess: handler,
}).refine((rule) => rule.evaluate === undefined || (rule.syscalls?.length ?? 0) > 0, {
  error: "evaluate() wants syscalls: name those that it looks at",
  path: ["syscalls"],
}).superRefine((rule, { addIssue }) => {
  for (const name of wrongArguments(rule)) {
    addIssue({
      code: "custom",
      path: ["filter", "args", name],
      message: `none of ${rule.syscalls?.join(", ") ?? "no calls"} has this argument`,
    });
  }
}).refine((rule) => rule.evaluate ?? rule.onTally ?? rule.onContainer ?? rule.onProcess, {
  error: "it does nothing: give it evaluate(), onTally(), onContainer() or onProcess()",
});

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a filter asks of arguments that no call has which the rule looks at. */
function wrongArguments({ syscalls = [], filter }: {
  readonly syscalls?: readonly string[] | undefined;
  readonly filter?: { readonly args?: object | undefined } | undefined;
}): string[] {
  const names = new Set(syscalls.flatMap((name) => {
    const architecture = syscallOf(name, "x86_64") === undefined ? "aarch64" : "x86_64";
    const call = syscallOf(name, architecture);
    return call === undefined ? [] : argumentNames(call, architecture);
  }));
  return Object.keys(filter?.args ?? {}).filter((name) => !names.has(name));
}

/**
 * Checks what the compiler has not.
 *
 * @throws {RuleError} if it is no rule: with the field and the reason.
 */
export function checkRule(rule: object, file: string): asserts rule is Rule {
  const result = shape.safeParse(rule);
  if (result.success) return;
  const id = "id" in rule && typeof rule.id === "string" ? `rule ${rule.id}: ` : "";
  throw new RuleError(file, id + issueLines(result.error, shape));
}

/** Whether a folder in one with rules may have more of them. */
function isSearched(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules";
}

/** A folder and those below it that {@linkcode ruleFiles} looks into. */
export function ruleFolders(folder: string): string[] {
  const below = [...Deno.readDirSync(folder)]
    .filter(({ name, isDirectory }) => isDirectory && isSearched(name))
    .flatMap(({ name }) => ruleFolders(join(folder, name)));
  return [folder, ...below];
}

/** The .ts and .js files of a folder and those below it, tests left out; a file is itself. */
export function ruleFiles(path: string): string[] {
  const absolute = resolve(path);
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(absolute);
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "no such file or folder"
      : `can't be read: ${errorText(cause)}`;
    throw new RuleError(path, reason, { cause });
  }
  if (!info.isDirectory) return [absolute];
  const files: string[] = [];
  for (const { name, isDirectory, isFile } of Deno.readDirSync(absolute)) {
    if (isDirectory && isSearched(name)) files.push(...ruleFiles(join(absolute, name)));
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
 * What a file exports. It is imported within fences.
 *
 * @param patience ms that it may take until it has run; 20 s by default.
 * @throws {RuleError}
 */
export async function importFile(
  file: string,
  code: CodeImporter = importedOnce,
  patience?: number,
): Promise<Module> {
  try {
    using _ = new Fences();
    return await inTime(asRuleCode(() => code.import(file)), patience);
  } catch (cause) {
    throw new RuleError(file, codeErrorText(cause, file), { cause });
  }
}

/**
 * The rules that a file exports: by default, as an array, or by names.
 *
 * @throws {RuleError}
 */
export async function loadFile(
  file: string,
  code: CodeImporter = importedOnce,
): Promise<LoadedRule[]> {
  return rulesOf(await importFile(file, code), file, code.urlOf(file));
}

/**
 * The rules among what a file exports.
 *
 * @param url By which stacks name the file.
 * @throws {RuleError}
 */
export function rulesOf(module: Module, file: string, url: string): LoadedRule[] {
  const exported = Object.values(module).flat().filter(isMeant);
  return exported.map((rule) => {
    checkRule(rule, file);
    return { rule, file, url };
  });
}

/** How the rules of files are had. */
export interface RuleLoader {
  /** Those of one file. */
  load(file: string): Promise<readonly LoadedRule[]>;
  /** A folder that holds none is no error, nor is a file. */
  readonly mayBeNone: boolean;
  /** The files of a path; by default what {@linkcode ruleFiles} finds. */
  files?(path: string): readonly string[];
}

const loadedOnce: RuleLoader = { load: (file) => loadFile(file), mayBeNone: false };

/** The rules of several files and folders; an id that two have is refused. */
export async function loadRules(
  paths: readonly string[],
  loader: RuleLoader = loadedOnce,
): Promise<LoadedRule[]> {
  const loaded = new Map<string, LoadedRule>();
  for (const path of paths) {
    const files = loader.files?.(path) ?? ruleFiles(path);
    let found = 0;
    for (const file of files) {
      for (const each of await loader.load(file)) {
        found++;
        const other = loaded.get(each.rule.id);
        // The same one may be exported by two names, and its file be named twice.
        if (other !== undefined && other.rule !== each.rule) {
          const where = other.file === each.file ? "in it twice" : `also in ${other.file}`;
          throw new RuleError(each.file, `rule ${each.rule.id} is ${where}`);
        }
        loaded.set(each.rule.id, each);
      }
    }
    if (found === 0 && !loader.mayBeNone) {
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
export function activate({ rule, file, url }: LoadedRule, settings: RuleSettings = {}): ActiveRule {
  const schema = rule.options ?? z.strictObject({});
  const options = schema.safeParse(settings.options ?? {});
  if (!options.success) {
    throw new RuleError(file, `options of rule ${rule.id}: ${issueLines(options.error, schema)}`);
  }
  const { burst, per } = settings.limit ?? rule.limit ?? DEFAULT_LIMIT;
  return {
    rule,
    options: options.data,
    severity: settings.severity ?? rule.severity,
    limit: { burst, per },
    file,
    ...(url !== undefined && { url }),
  };
}
