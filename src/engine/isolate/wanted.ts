/**
 * Which events some rule in the child looks at: filters are data, and looked at here, so that no event is sent that
 * all would pass over.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { RuleEvent, RuleFilter } from "../rules/mod.ts";
import { type CompiledFilter, compileFilter } from "../rules/filter.ts";
import type { Hearer } from "../rules/container_news.ts";
import type { PendingLosses } from "../rules/pending_losses.ts";
import type { SentRule } from "./messages.ts";

/** A filter comes from the child: what is odd in it wants everything, and fails there as its rule's own. */
const all: CompiledFilter = {
  isOf: () => true,
  mayBeOf: () => false,
  isOfUser: () => true,
  passes: () => true,
  passesAll: true,
};

/** Characters of a pattern, and stars in it, that are matched here: more could take for ever. */
const PATTERN = 256;
const STARS = 3;

function isSimple(pattern: unknown): boolean {
  return typeof pattern === "string" && pattern.length <= PATTERN &&
    pattern.split("*").length - 1 <= STARS;
}

function compiled({ filter }: SentRule): CompiledFilter {
  const { containers = [] } = (filter ?? {}) as { readonly containers?: unknown };
  if (!Array.isArray(containers) || !containers.every(isSimple)) return all;
  try {
    return compileFilter(filter as RuleFilter);
  } catch {
    return all;
  }
}

/** Who looks at an event. */
export interface Lookers {
  /** Some rule does: `only` these, or all of that call. */
  readonly now: { readonly only: readonly string[] | undefined } | undefined;
  /** Rules that may when their container has a name. */
  readonly later: readonly string[];
}

const nobody: Lookers = { now: undefined, later: [] };
const everybody: Lookers = { now: { only: undefined }, later: [] };

interface Looking {
  readonly rule: SentRule;
  readonly filter: CompiledFilter;
}

/** What rules want to see. */
export class Wanted {
  readonly #looking: readonly Looking[];
  readonly #hearingProcesses: readonly Looking[];
  readonly #bySyscall = new Map<string, readonly Looking[]>();
  /** Rules that hear of containers. */
  readonly hearers: readonly Hearer[];
  /** Whether some rule hears of counts. */
  readonly hearsTallies: boolean;

  readonly #pending: PendingLosses | undefined;

  /** @param pending Counts what is passed over as long as a container's name is not known. */
  constructor(rules: readonly SentRule[], pending?: PendingLosses) {
    this.#pending = pending;
    const all = rules.map((rule) => ({ rule, filter: compiled(rule) }));
    this.#looking = all.filter(({ rule }) => rule.syscalls.length > 0);
    this.#hearingProcesses = all.filter(({ rule }) => rule.hearsProcesses);
    this.hearsTallies = rules.some(({ hearsTallies }) => hearsTallies);
    this.hearers = all.filter(({ rule }) => rule.hearsContainers)
      .map(({ rule: { id }, filter }) => ({ id, isOf: (container) => filter.isOf(container) }));
    for (const each of this.#looking) {
      for (const syscall of new Set(each.rule.syscalls)) {
        this.#bySyscall.set(syscall, [...this.#bySyscall.get(syscall) ?? [], each]);
      }
    }
  }

  /** The calls that some rule looks at. */
  get syscalls(): string[] {
    return [...this.#bySyscall.keys()];
  }

  /** Whether some rule that hears of calls looks at this container. */
  isOf(container: Container): boolean {
    return this.#looking.some(({ filter }) => filter.isOf(container));
  }

  /** Which rules hear of what this user's processes do there. */
  hearsProcesses(container: Container, uid: number, mayWait: boolean): Lookers {
    const asks = ({ isOfUser }: CompiledFilter) => isOfUser(uid);
    return this.#lookers(this.#hearingProcesses, asks, container, undefined, mayWait);
  }

  /**
   * Which rules look at this event.
   *
   * @param mayWait Whether those that ask for containers by name may do so later.
   */
  has(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Lookers {
    const rules = this.#bySyscall.get(syscall);
    if (rules === undefined) return nobody;
    return this.#lookers(rules, (filter) => passes(filter, event), container, syscall, mayWait);
  }

  /** Whether some rule looks at such an event, of whatever container. */
  asks(syscall: string, event: RuleEvent): boolean {
    return this.#bySyscall.get(syscall)?.some(({ filter }) => passes(filter, event)) === true;
  }

  /** Likewise, of processes. */
  asksProcesses(uid: number): boolean {
    return this.#hearingProcesses.some(({ filter }) => filter.isOfUser(uid));
  }

  #lookers(
    rules: readonly Looking[],
    asks: (filter: CompiledFilter) => boolean,
    container: Container,
    syscall: string | undefined,
    mayWait: boolean,
  ): Lookers {
    const later: string[] = [];
    let isLooked = false;
    for (const { filter, rule } of rules) {
      const isOf = filter.isOf(container);
      if (!isOf && !mayWait) this.#pending?.note(filter, container, syscall);
      if (!isOf && !(mayWait && filter.mayBeOf(container)) || !asks(filter)) continue;
      if (isOf && !mayWait) return everybody;
      if (isOf) isLooked = true;
      else later.push(rule.id);
    }
    if (!isLooked) return later.length === 0 ? nobody : { now: undefined, later };
    if (later.length === 0) return everybody;
    const others = rules.map(({ rule: { id } }) => id).filter((id) => !later.includes(id));
    return { now: { only: others }, later };
  }
}

/** What is odd in a filter is for the child to tell. */
function passes(filter: CompiledFilter, event: RuleEvent): boolean {
  try {
    return filter.passes(event);
  } catch {
    return true;
  }
}
