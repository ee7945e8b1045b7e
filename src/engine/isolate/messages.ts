/**
 * What the monitor and the process that rules run in say to each other.
 *
 * @module
 */
import { z } from "zod";
import type { Settings } from "../config/mod.ts";
import { severities } from "../rules/mod.ts";
import type { Batch, SentContainer } from "../snapshots/mod.ts";

/** Settings as JSON has them. */
export type SentSettings = Omit<Settings, "switched"> & {
  readonly switched: readonly (readonly [id: string, isOn: boolean])[];
};

/** The first that the child hears. */
export interface Begin {
  readonly type: "begin";
  readonly settings: SentSettings;
  /** The folder of the rules that come with the monitor. */
  readonly shipped: string;
  /** The files of a path, by path. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Rules that are switched off, whatever settings say. */
  readonly off: readonly string[];
  /** ms. */
  readonly timeout: number;
  /** ns from CLOCK_BOOTTIME to UTC. */
  readonly bootTime: string;
  /** MB that rules may take. */
  readonly memory: number;
}

/**
 * How something is to be looked at that the child before this one has died of: rule by rule, each said before it
 * begins, and what comes of it told at once.
 */
export interface Careful {
  /** The event that is first; those before it have been looked at. */
  readonly event: number;
  /** Rules that have looked at that one, ids. */
  readonly done: readonly string[];
}

/** Counts as a tick has them. */
export type SentCounts = readonly (readonly [syscall: string, calls: number])[];

/** A tick. */
export interface SentTick {
  readonly type: "tick";
  readonly time: string;
  readonly interval: number;
  readonly containers: readonly SentContainer[];
  readonly changes: readonly (readonly [
    action: "seen" | "started" | "updated" | "stopped",
    container: number,
    time: string,
  ])[];
  /** By rule, which of the changes it hears of. */
  readonly heard: readonly (readonly [rule: string, changes: readonly number[]])[];
  readonly tallies: readonly (readonly [container: number, total: SentCounts, added: SentCounts])[];
}

/** What rules look at, and which it is. */
export type Work = (Batch | SentTick) & {
  readonly id: number;
  readonly careful?: Careful;
};

/** What the child hears. */
export type ToChild = Begin | Work;

const text = z.string().max(1 << 20);
const id = z.string().max(1 << 10);
const whole = z.int().min(0);
const nanoseconds = z.string().regex(/^\d{1,20}$/);

const alert = z.strictObject({
  rule: id,
  /** The event of a batch that it is about; of a tick, the container. */
  at: whole,
  time: nanoseconds.optional(),
  message: text,
  fields: z.record(z.string(), z.unknown()).optional(),
  key: text,
});

/** Alerts beyond a limit: they are counted alone. */
const held = z.strictObject({
  rule: id,
  /** Of the frame's containers. */
  container: whole,
  key: text,
  count: z.int().min(1),
  time: nanoseconds,
});

const problem = z.strictObject({
  /** undefined: nobody knows whose it is. */
  rule: id.optional(),
  message: text,
  isOff: z.boolean(),
});

const told = z.strictObject({
  alerts: z.array(alert),
  held: z.array(held),
  problems: z.array(problem),
});

const rule = z.strictObject({
  id,
  title: text,
  severity: z.enum(severities),
  tags: z.array(text),
  syscalls: z.array(id),
  /** Looked at again by the child: what is odd in it is the rule's own loss. */
  filter: z.record(z.string(), z.unknown()).optional(),
  limit: z.strictObject({ burst: z.int().min(1), per: id }),
  hearsTallies: z.boolean(),
  hearsContainers: z.boolean(),
  hearsProcesses: z.boolean(),
  /** Where it says that it is from: for what is told of it. */
  file: text,
});

const fromChild = z.discriminatedUnion("type", [
  /** Rules are loaded: those that run. */
  z.strictObject({ type: z.literal("ready"), rules: z.array(rule) }),
  /** They are not: for a reason that their user has given. */
  z.strictObject({ type: z.literal("refused"), message: text }),
  /** It goes on, and there is more to do. */
  z.strictObject({ type: z.literal("alive") }),
  /** A rule is about to look at an event, carefully; what those before it told. */
  z.strictObject({ type: z.literal("at"), id: whole, event: whole, rule: id, told }),
  /** All rules have looked at a batch, or heard of a tick. */
  z.strictObject({ type: z.literal("done"), id: whole, told }),
  /** What comes of rules' code later. */
  z.strictObject({ type: z.literal("later"), problems: z.array(problem) }),
]);

/** What the child says. */
export type FromChild = z.infer<typeof fromChild>;

/** What rules have told of. */
export type Told = z.infer<typeof told>;

/** An alert as the child has it. */
export type SentAlert = z.infer<typeof alert>;

/** Alerts that the child has held back. */
export type SentHeld = z.infer<typeof held>;

/** What is wrong with a rule. */
export type SentProblem = z.infer<typeof problem>;

/** A rule that runs in the child. */
export type SentRule = z.infer<typeof rule>;

/** What the child says, checked: undefined if it is nothing that it may say. */
export function readFromChild(header: unknown): FromChild | undefined {
  return fromChild.safeParse(header).data;
}
