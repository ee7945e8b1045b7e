/**
 * What a plugin is: the types that its author sees, and `definePlugin`, which does nothing but check them.
 *
 * @module
 */
import type { z } from "zod";
import type { JsonlRecord } from "../../sinks/schema/mod.ts";
import type { CallName } from "../../syscalls/arguments/mod.ts";
import type { RuleContainer, RuleEvent, Severity } from "../rules/define.ts";

/** What every hook is called with, besides what it looks at. */
export interface PluginContext<Options, State> {
  readonly options: Options;
  /** What the plugin's `state()` has made. */
  readonly state: State;
}

/**
 * What a filter says. `"not yet"`, as long as `container.metadata` is `"pending"`: that depends on what its engine will
 * say. Its events wait for that, so that the first are not missed, and the filter is asked again.
 */
export type PluginVerdict = boolean | "not yet";

/** What is kept. What is dropped is counted, by plugin, and told. */
export interface PluginFilter<Options, State, Name extends CallName = CallName> {
  /**
   * Whether a container is of interest at all. If not, it is in no view and no record, and rules hear nothing of
   * it; it is counted all the same. Asked again when more is known of it.
   */
  readonly container?: (
    context: PluginContext<Options, State> & { readonly container: RuleContainer },
  ) => PluginVerdict;
  /** The calls that `event` is asked about: all, unless they are named. */
  readonly syscalls?: readonly Name[];
  /** Whether rules, or the `events` command, see an event. */
  readonly event?: (
    context: PluginContext<Options, State> & { readonly event: RuleEvent<Name> },
  ) => PluginVerdict;
}

/** An alert as plugins see it. */
export interface PluginAlert {
  /** Nanoseconds since 1970, UTC: of what it is about. */
  readonly time: bigint;
  /** The rule's id. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly message: string;
  /** What the rule has added. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly container: RuleContainer | undefined;
  /** As the alert's record has them: `process`, and the call as `event`. */
  readonly process: object | undefined;
  readonly event: object | undefined;
  /** Alerts of the same kind that were held back before this one. */
  readonly suppressed: number;
}

/** What of an alert is to be another. */
export type AlertChanges = Partial<
  Pick<PluginAlert, "message" | "fields" | "severity" | "tags">
>;

/** What a plugin's `alert` is called with. */
export interface AlertContext<Options, State> extends PluginContext<Options, State> {
  readonly alert: PluginAlert;
  /**
   * Holds the alert back. It is counted, and told with the next of the same rule and container, or after a minute.
   *
   * @param like Only the next one with this message tells of it.
   */
  readonly hold: (like?: string) => void;
}

/** What a plugin's `enrich` is called with. */
export interface EnrichContext<Options, State> extends PluginContext<Options, State> {
  readonly container: RuleContainer | undefined;
  /** As records have them; undefined: it is about no call. */
  readonly process: object | undefined;
  readonly event: object | undefined;
}

/** Calls by syscall. */
export interface PluginCounts {
  /** Since the monitor began to see the container. */
  readonly total: ReadonlyMap<string, number>;
  /** Since the last tick. */
  readonly new: ReadonlyMap<string, number>;
}

/** What a container has called, from the exact counts. */
export interface PluginTally extends PluginCounts {
  readonly container: RuleContainer;
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  /** ms since the last one. */
  readonly interval: number;
  /** Those that were made on a terminal: for plugins that need `terminal`. They are part of the others. */
  readonly onTerminal: PluginCounts | undefined;
}

/** What a plugin's `tally` is called with: each tick, for each container. */
export interface PluginTallyContext<Options, State> extends PluginContext<Options, State> {
  readonly tally: PluginTally;
  /**
   * Hides calls from the view, which says how many; they are counted, and written, all the same.
   *
   * @param calls How many of them: all, unless it is said.
   */
  readonly hide: (
    syscall: string,
    calls?: { readonly total: number; readonly new: number },
  ) => void;
}

/** What a plugin's `rewrite` is called with. */
export interface RewriteContext<Options, State> extends PluginContext<Options, State> {
  /** One text, or a list of them that belong together: arguments of a program. */
  readonly texts: readonly string[];
  /** The field that they are of: `message`, `command_args`, a label's name. */
  readonly key: string;
}

/** What leaves. `type` tells which record it is; what `--format` makes of an alert has none. */
export type SinkRecord = JsonlRecord | { readonly type?: undefined };

/** A record on its way out. */
export interface SinkItem {
  readonly record: SinkRecord;
  /** Its JSON, without a newline. */
  readonly line: string;
}

/** Many records on their way out, in their order. */
export interface SinkBatch {
  /** Whole lines, each with its newline: to be read only, and only until `writeBatch` is done. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many records they are. */
  readonly count: number;
  /** They, one by one. */
  [Symbol.iterator](): Iterator<SinkItem>;
}

/** What all sinks may say of themselves. */
interface SinkFacts {
  /** As `loss` records and messages call it, if not by the plugin's name: an address, without what is secret. */
  readonly name?: string;
  /** Called at the end, when all has been written, or given up. */
  close?(): void | Promise<void>;
}

/** Where records go to, one by one. */
export interface PluginRecordSink extends SinkFacts {
  /** Takes a record. While a promise is not kept the next ones wait, up to a limit. */
  write(item: SinkItem): void | Promise<void>;
  /**
   * Whether a record at which `write` throws is offered again, later and later, every two seconds at last. If not, it
   * is counted as not written, and a sink that throws too often is switched off.
   */
  readonly retry?: boolean;
}

/** Where records go to, many at once. */
export interface PluginBatchSink extends SinkFacts {
  /**
   * Takes records. While a promise is not kept the next ones wait, up to a limit. What it throws is told, once a
   * minute, and the same records are offered again, later and later, every two seconds at last.
   *
   * @returns how many it took, from the first on: the rest is offered again. Nothing: all of them.
   */
  writeBatch(batch: SinkBatch): number | void | Promise<number | void>;
  /** Bytes of a batch, unless a single record has more: 64 KiB by default. */
  readonly batchBytes?: number;
}

/** Where records go to. */
export type PluginSink = PluginRecordSink | PluginBatchSink;

/** What a plugin's `sink` is called with, besides its options. */
export interface SinkContext {
  /** Says something on standard error, with the sink's name before it. */
  readonly tell: (text: string) => void;
}

/** What the kernel must do for a plugin, which costs something. `terminal`: count calls made on a terminal. */
export type PluginNeed = "terminal";

/** A plugin as its author writes it. */
export interface PluginDefinition<
  Schema extends z.ZodType = z.ZodType,
  State = unknown,
  Name extends CallName = CallName,
> {
  /** Lower case, words joined by `_`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly title: string;
  /** What a configuration may say to it. */
  readonly options?: Schema;
  readonly needs?: readonly PluginNeed[];
  /** Makes what the plugin keeps from call to call. */
  readonly state?: (options: z.output<Schema>) => State;
  readonly filter?: PluginFilter<z.output<Schema>, NoInfer<State>, Name>;
  /** Fields to add to alerts and events, under the plugin's name. */
  readonly enrich?: (
    context: EnrichContext<z.output<Schema>, NoInfer<State>>,
  ) => Readonly<Record<string, unknown>> | undefined;
  /** Sees an alert; may change it, by what it returns, or hold it back. */
  readonly alert?: (
    context: AlertContext<z.output<Schema>, NoInfer<State>>,
  ) => AlertChanges | void;
  /** Sees a container's exact counts, each tick. */
  readonly tally?: (context: PluginTallyContext<z.output<Schema>, NoInfer<State>>) => void;
  /**
   * Rewrites texts of all that leaves the monitor, after every other hook: views, records, sinks. It gets as many
   * as it has to return. If it throws, what it was to rewrite is left out.
   */
  readonly rewrite?: (
    context: RewriteContext<z.output<Schema>, NoInfer<State>>,
  ) => readonly string[];
  /** Opens a sink: it gets every record that is written as JSONL, or would be. */
  readonly sink?: (options: z.output<Schema>, context: SinkContext) => PluginSink;
  /** Before the first tick. What it waits for may take 5 s. */
  readonly start?: (
    context: PluginContext<z.output<Schema>, NoInfer<State>>,
  ) => void | Promise<void>;
  /** At the end, always. What it waits for may take 2 s. */
  readonly stop?: (
    context: PluginContext<z.output<Schema>, NoInfer<State>>,
  ) => void | Promise<void>;
}

/** A plugin, checked. */
export type Plugin = PluginDefinition & { readonly kind: "plugin" };

/**
 * Defines a plugin. A schema types `options`; what `state` returns types that.
 *
 * ```ts
 * import { definePlugin } from "tallyman";
 *
 * export default definePlugin({
 *   name: "night_shift",
 *   title: "At night, nobody is woken for a warning",
 *   alert({ alert }) {
 *     const { hour } = Temporal.Now.zonedDateTimeISO();
 *     if (hour < 6 && alert.severity === "warning") return { severity: "notice" };
 *   },
 * });
 * ```
 */
export function definePlugin<
  Schema extends z.ZodType = z.ZodObject<Record<never, never>>,
  State = undefined,
  const Name extends CallName = CallName,
>(definition: PluginDefinition<Schema, State, Name>): Plugin {
  // Inside, options and state are what was checked and made at load; only the author needs the types.
  return { kind: "plugin", ...definition } as unknown as Plugin;
}
