/**
 * Plugins from files: imported, checked, and told exactly what is wrong with them.
 *
 * @module
 */
import { z } from "zod";
import { syscallNames } from "../../syscalls/mod.ts";
import { issueLines } from "../config/issues.ts";
import { handler, importFile, RuleError, schemaOfOptions } from "../rules/load.ts";
import type { Plugin } from "./define.ts";
import type { ActivePlugin } from "./running.ts";

/** A plugin, and the file that it is from. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly file: string;
  readonly isShipped: boolean;
}

const known = new Set([...syscallNames("x86_64"), ...syscallNames("aarch64")]);

const text = z.string().min(1);

/** These may be async: what they look at waits for them. */
const waiting = z.custom<() => unknown>((code) => typeof code === "function", "it is no function")
  .optional();

/** The shape of a plugin, for what the compiler has not checked. */
const shape = z.strictObject({
  kind: z.literal("plugin", { error: "it is not made by definePlugin()" }),
  name: z.string().regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "lower case, words joined by _"),
  title: text,
  options: schemaOfOptions,
  needs: z.array(z.enum(["terminal"])).optional(),
  state: handler,
  filter: z.strictObject({
    container: handler,
    event: handler,
    syscalls: z.array(
      z.string().refine((name) => known.has(name), {
        error: ({ input }) => `there is no system call ${JSON.stringify(input)}`,
      }),
    ).optional(),
  }).optional(),
  enrich: handler,
  alert: handler,
  tally: handler,
  rewrite: handler,
  sink: handler,
  start: waiting,
  stop: waiting,
}).refine(
  ({ filter, enrich, alert, tally, rewrite, sink, start }) =>
    filter ?? enrich ?? alert ?? tally ?? rewrite ?? sink ?? start,
  {
    error:
      "it does nothing: give it filter, enrich(), alert(), tally(), rewrite(), sink() or start()",
  },
);

/**
 * Checks what the compiler has not.
 *
 * @throws {RuleError} if it is no plugin: with the field and the reason.
 */
export function checkPlugin(plugin: object, file: string): asserts plugin is Plugin {
  const result = shape.safeParse(plugin);
  if (result.success) return;
  const name = "name" in plugin && typeof plugin.name === "string" ? `plugin ${plugin.name}: ` : "";
  throw new RuleError(file, name + issueLines(result.error, shape));
}

/** Whether something that a module exports was meant to be a plugin. */
function isMeant(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    ("kind" in value ? value.kind === "plugin" : "name" in value && "title" in value);
}

/**
 * The plugins that a file exports: by default, as an array, or by names.
 *
 * @throws {RuleError}
 */
export async function loadPlugins(
  file: string,
  { isShipped = false }: { isShipped?: boolean } = {},
): Promise<LoadedPlugin[]> {
  const module = await importFile(file);
  const exported = new Set(Object.values(module).flat().filter(isMeant));
  if (exported.size === 0) {
    throw new RuleError(file, "no plugin: a plugin is what definePlugin() makes, exported");
  }
  return [...exported].map((plugin) => {
    checkPlugin(plugin, file);
    return { plugin, file, isShipped };
  });
}

/**
 * A plugin with what a configuration says to it.
 *
 * @throws {RuleError} if its options are not what the plugin takes: with path and reason.
 */
export function activatePlugin(
  { plugin, file, isShipped }: LoadedPlugin,
  options: unknown = {},
): ActivePlugin {
  const schema = plugin.options ?? z.object({});
  const isOpen = !(schema instanceof z.ZodObject) || schema.def.catchall !== undefined;
  const result = (isOpen ? schema : schema.strict()).safeParse(options);
  if (!result.success) {
    throw new RuleError(
      file,
      `options of plugin ${plugin.name}: ${issueLines(result.error, schema)}`,
    );
  }
  return { plugin, options: result.data, file, isShipped };
}
