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
const all: CompiledFilter = { isOf: () => true, isOfUser: () => true, passes: () => true };

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

  /** Whether some rule hears of what this user's processes do there. */
  hearsProcesses(container: Container, uid: number): boolean {
    return this.#hearingProcesses.some(({ filter }) =>
      filter.isOfUser(uid) && this.#isOf(filter, container, undefined)
    );
  }

  #isOf(filter: CompiledFilter, container: Container, syscall: string | undefined): boolean {
    if (filter.isOf(container)) return true;
    this.#pending?.note(filter, container, syscall);
    return false;
  }

  /** Whether some rule looks at this event. */
  has(syscall: string, event: RuleEvent, container: Container): boolean {
    const rules = this.#bySyscall.get(syscall);
    if (rules === undefined) return false;
    for (const { filter } of rules) {
      try {
        if (this.#isOf(filter, container, syscall) && filter.passes(event)) return true;
      } catch {
        return true;
      }
    }
    return false;
  }
}
