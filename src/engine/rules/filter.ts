/**
 * A rule's filter, made into functions once.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { Flags } from "../../syscalls/arguments/mod.ts";
import { SelectedContainers } from "../selection.ts";
import type {
  FlagsPredicate,
  NumberPredicate,
  RuleEvent,
  RuleFilter,
  TextPredicate,
} from "./define.ts";

/** Whether a rule is to be called for an event. */
export interface CompiledFilter {
  /** The containers that it looks at. */
  isOf(container: Container): boolean;
  /** Whether it may look at one when its name is known, and does not yet. */
  mayBeOf(container: Container): boolean;
  /** Whether it looks at what this effective user does. */
  isOfUser(uid: number): boolean;
  passes(event: RuleEvent): boolean;
  /** It asks nothing of an event: all of them pass. */
  readonly passesAll: boolean;
}

type Check = (event: RuleEvent) => boolean;

/** Anything that a predicate can say: which of it may be said is the types' business. */
type AnyPredicate = TextPredicate & NumberPredicate & FlagsPredicate<string>;

function listOf<T extends string | number>(
  one: T | readonly T[] | undefined,
): readonly T[] | undefined {
  if (one === undefined) return undefined;
  return typeof one === "object" ? one : [one];
}

function predicate(wanted: AnyPredicate): (value: unknown) => boolean {
  const { equals } = wanted;
  const among = wanted.in === undefined ? undefined : new Set<unknown>(wanted.in);
  const prefixes = listOf(wanted.prefix);
  const suffixes = listOf(wanted.suffix);
  const all = listOf(wanted.has);
  const any = wanted.any;
  const isText = prefixes !== undefined || suffixes !== undefined;
  const isFlags = all !== undefined || any !== undefined;
  return (value) => {
    if (equals !== undefined && value !== equals) return false;
    if (among !== undefined && !among.has(value)) return false;
    if (isText) {
      if (typeof value !== "string") return false;
      if (prefixes?.some((each) => value.startsWith(each)) === false) return false;
      if (suffixes?.some((each) => value.endsWith(each)) === false) return false;
    }
    if (isFlags) {
      if (!(value instanceof Flags)) return false;
      if (all?.every((each) => value.has(each)) === false) return false;
      if (any?.some((each) => value.has(each)) === false) return false;
    }
    return true;
  };
}

/** Makes functions of a filter. */
export function compileFilter(filter: RuleFilter = {}): CompiledFilter {
  const checks: Check[] = [];
  if (filter.outcome === "ok") checks.push((event) => event.ok);
  if (filter.outcome === "failed") checks.push((event) => event.error !== undefined);
  const uids = listOf(filter.uid);
  if (uids !== undefined) checks.push((event) => uids.includes(event.process.uid));
  for (const [name, wanted] of Object.entries(filter.args ?? {})) {
    if (wanted === undefined) continue;
    const holds = predicate(wanted as AnyPredicate);
    checks.push((event) => holds(event.args[name as keyof typeof event.args]));
  }
  const containers = new SelectedContainers(filter.containers ?? []);
  return {
    isOf: (container) => containers.has(container),
    mayBeOf: (container) => containers.mayBecome(container),
    isOfUser: (uid) => uids?.includes(uid) !== false,
    passes: allOf(checks),
    passesAll: checks.length === 0,
  };
}

/** Most filters have one check, or none: they are asked for each event. */
function allOf(checks: readonly Check[]): Check {
  const [first, ...others] = checks;
  if (first === undefined) return () => true;
  return others.length === 0 ? first : (event) => checks.every((check) => check(event));
}
