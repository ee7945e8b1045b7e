/**
 * A rule that is to run, and what can be said of it then.
 *
 * @module
 */
import type { Rule, Severity } from "./define.ts";

/** A rule that is to run, with what a configuration has made of it. */
export interface ActiveRule {
  readonly rule: Rule;
  /** Its options, checked. */
  readonly options: unknown;
  readonly severity: Severity;
  readonly limit: { readonly burst: number; readonly per: string };
  /** Where it is from. */
  readonly file?: string;
  /** By which its file was imported: what comes of its code later is known by that. */
  readonly url?: string;
}

/** A rule by its name, and where it is from. */
export interface NamedRule {
  readonly id: string;
  readonly file?: string | undefined;
}

/** What has become of rules when others took their place. Those that are not named run on as they did. */
export interface Replaced {
  /** They begin anew: there was a rule of that name before. */
  readonly changed: readonly NamedRule[];
  readonly added: readonly NamedRule[];
  readonly gone: readonly NamedRule[];
}

/** Something about a rule that its user has to know. */
export interface RuleProblem {
  readonly rule: string;
  readonly message: string;
  /** It does not run any more. */
  readonly isOff: boolean;
  /** What it has thrown. */
  readonly error?: unknown;
}

/** Of a rule that does not say. */
export const DEFAULT_LIMIT = { burst: 5, per: "1m" } as const;
