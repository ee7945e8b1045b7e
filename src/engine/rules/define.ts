/**
 * What a rule is: the types that its author sees, and `defineRule`, which does nothing but check them.
 *
 * @module
 */
import type { z } from "zod";
import type { EventProcess } from "../../events/decoded/mod.ts";
import type { Described, Program } from "../../processes/mod.ts";
import type { ArgumentsOf, CallName, Flags, ResultOf } from "../../syscalls/arguments/mod.ts";

/** From what is only told to what somebody has to be woken for. */
export const severities = ["info", "notice", "warning", "error", "critical"] as const;

/** How grave an alert is. */
export type Severity = typeof severities[number];

/** A container as rules see it. */
export interface RuleContainer {
  readonly id: string;
  /** By its engine, in its pod, or else its short id. */
  readonly name: string;
  readonly runtime: string;
  /** The image's name; undefined: not known, or not yet. */
  readonly image: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod:
    | { readonly name?: string; readonly namespace?: string; readonly uid?: string }
    | undefined;
  /** Whether its engine has said what it knows of it; "pending": not yet. */
  readonly metadata: "known" | "pending" | "unknown";
}

/** A call as rules see it: valid while the rule looks at it. `copy()` is for keeping. */
export interface RuleEvent<Name extends CallName = CallName> {
  /** `openat`; of 32-bit code `i386:open`. */
  readonly syscall: string;
  /** Nanoseconds since 1970, UTC, of the call's enter. */
  readonly time: bigint;
  /** Nanoseconds from enter to exit; undefined: it does not return. */
  readonly duration: number | undefined;
  /** The arguments by name, each decoded when it is touched. */
  readonly args: ArgumentsOf<Name>;
  /** What it returned; undefined if it failed or does not return. */
  readonly result: ResultOf<Name> | undefined;
  /** It returned, and no error. */
  readonly ok: boolean;
  /** `ENOENT`; undefined if it did not fail. */
  readonly error: string | undefined;
  /** Who called; of an execve that succeeded, as it was before. */
  readonly process: RuleProcess;
  /** What an execve that succeeded has begun. */
  readonly executed: Program | undefined;
  readonly container: RuleContainer;
  /** What a descriptor of the caller refers to, where that is known. */
  describe(fd: number): Described | undefined;
  copy(): RuleEvent<Name>;
  toJSON(): object;
}

/** The process of an event. What nobody knows is undefined. */
export type RuleProcess = Pick<
  EventProcess,
  | "pid"
  | "tid"
  | "comm"
  | "uid"
  | "gid"
  | "containerPid"
  | "exe"
  | "argv"
  | "cwd"
  | "loginUid"
  | "tty"
  | "session"
  | "capabilities"
  | "ancestors"
>;

/** What one argument has to be. */
export type Predicate<Value> =
  | ([Extract<Value, string>] extends [never] ? never : TextPredicate)
  | ([Extract<Value, number>] extends [never] ? never : NumberPredicate)
  | (Extract<Value, Flags<string>> extends Flags<infer Flag> ? FlagsPredicate<Flag> : never);

/** Of a text: all that is named must hold. What could not be read is none of these. */
export interface TextPredicate {
  readonly equals?: string;
  readonly in?: readonly string[];
  /** Begins with one of these. */
  readonly prefix?: string | readonly string[];
  /** Ends with one of these. */
  readonly suffix?: string | readonly string[];
}

/** Of a number. */
export interface NumberPredicate {
  readonly equals?: number;
  readonly in?: readonly number[];
}

/** Of a word of flags. */
export interface FlagsPredicate<Flag extends string> {
  /** All of these are set. */
  readonly has?: Flag | readonly Flag[];
  /** One of these is. */
  readonly any?: readonly Flag[];
}

/** Which events a rule is called for; looked at before any of its code runs. */
export interface RuleFilter<Name extends CallName = CallName> {
  /** Names, images or ids; globs; `!` excludes. */
  readonly containers?: readonly string[];
  readonly outcome?: "ok" | "failed";
  /** Effective users. */
  readonly uid?: number | readonly number[];
  readonly args?: { readonly [Arg in keyof ArgumentsOf<Name>]?: Predicate<ArgumentsOf<Name>[Arg]> };
}

/** How many alerts a rule may raise. */
export interface RuleLimit<Name extends CallName = CallName> {
  readonly burst: number;
  /** `1m`, `10s`, `2h`. */
  readonly per: string;
  /** Each value has a limit of its own, in each container. */
  readonly by?: (event: RuleEvent<Name>) => string | number | undefined;
}

/** Raises an alert about what the rule looks at. */
export type RaiseAlert = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What a rule's `evaluate` is called with. */
export interface EventContext<Name extends CallName, Options> {
  readonly event: RuleEvent<Name>;
  readonly options: Options;
  readonly alert: RaiseAlert;
}

/** What a container has called, from the exact counts. */
export interface RuleTally {
  readonly container: RuleContainer;
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  /** ms since the last one. */
  readonly interval: number;
  /** Calls of a syscall since the monitor began to see the container. */
  totalCalls(syscall: string): number;
  /** Calls of a syscall since the last tick. */
  newCalls(syscall: string): number;
}

/** What a rule's `onTally` is called with: each tick, for each container. */
export interface TallyContext<Options> {
  readonly tally: RuleTally;
  readonly options: Options;
  readonly alert: RaiseAlert;
}

/** What a rule's `onContainer` is called with. */
export interface ContainerContext<Options> {
  /** "seen": it ran when the rule began; "updated": more is known of it. */
  readonly action: "seen" | "started" | "updated" | "stopped";
  readonly container: RuleContainer;
  readonly time: bigint;
  readonly options: Options;
  readonly alert: RaiseAlert;
}

/** How a process ended. */
export interface ProcessExit {
  /** What it exited with; undefined: a signal ended it. */
  readonly code: number | undefined;
  /** The number of the signal that ended it. */
  readonly signal: number | undefined;
  /** A core was dumped. */
  readonly hasDumped: boolean;
}

/** What a rule's `onProcess` is called with. */
export interface ProcessContext<Options> {
  /** "started": it was forked, and runs what its parent runs; "executed": it runs another program. */
  readonly action: "started" | "executed" | "exited";
  /** As it is then: of "executed", with the new program. */
  readonly process: RuleProcess;
  /** Of "exited". */
  readonly exit: ProcessExit | undefined;
  readonly container: RuleContainer;
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  readonly options: Options;
  readonly alert: RaiseAlert;
}

/** A rule as its author writes it. */
export interface RuleDefinition<
  Name extends CallName = CallName,
  Schema extends z.ZodType = z.ZodType,
> {
  /** Lower case, words joined by `-`: the name that options and limits are set by. */
  readonly id: string;
  /** What it finds, in one line. */
  readonly title: string;
  readonly severity: Severity;
  /** `mitre:T1003`, `network`, … */
  readonly tags?: readonly string[];
  /** Why that matters, what else can cause it, what it costs: `rules explain` shows it. */
  readonly description?: string;
  /** Runs unless it is switched off. */
  readonly recommended?: boolean;
  /** The calls that it looks at: the kernel sends these, and no others. */
  readonly syscalls?: readonly Name[];
  readonly filter?: RuleFilter<NoInfer<Name>>;
  /** What a configuration may say to it. */
  readonly options?: Schema;
  /** 5 a minute in each container by default. */
  readonly limit?: RuleLimit<NoInfer<Name>>;
  /** Looks at a call. Not async: the event is another one afterwards. */
  readonly evaluate?: (context: EventContext<NoInfer<Name>, z.output<Schema>>) => void;
  /** Looks at a container's exact counts, each tick. */
  readonly onTally?: (context: TallyContext<z.output<Schema>>) => void;
  /** Hears of containers that come and go. */
  readonly onContainer?: (context: ContainerContext<z.output<Schema>>) => void;
  /** Hears of processes that begin, execute programs, and end. */
  readonly onProcess?: (context: ProcessContext<z.output<Schema>>) => void;
}

/** A rule, checked. */
export type Rule = RuleDefinition & { readonly kind: "rule" };

/**
 * Defines a rule. Naming `syscalls` types `event.args`; a schema types `options`.
 *
 * ```ts
 * import { defineRule, isFault } from "tallyman";
 *
 * export default defineRule({
 *   id: "shadow-read",
 *   title: "The password file was opened",
 *   severity: "warning",
 *   syscalls: ["openat"],
 *   filter: { args: { path: { equals: "/etc/shadow" } } },
 *   evaluate({ event, alert }) {
 *     alert(`${event.process.comm} opened ${event.args.path}`);
 *   },
 * });
 * ```
 */
export function defineRule<
  const Name extends CallName = never,
  Schema extends z.ZodType = z.ZodObject<Record<never, never>>,
>(definition: RuleDefinition<Name, Schema>): Rule {
  // Inside, names and options are what was checked at load; only the author needs the types.
  return { kind: "rule", ...definition } as unknown as Rule;
}
