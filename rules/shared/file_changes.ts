/**
 * Calls that open, make, replace or cut a file, and which file that is.
 *
 * @module
 */
import { type ArgumentsOf, isFault, type RuleEvent } from "tallyman";
import { argumentsOf } from "./calls.ts";
import { pathOf } from "./paths.ts";

/** They change no file, but say where relative paths begin from then on: without them only /proc does. */
export const placeCalls = ["chdir", "fchdir"] as const;

/** Calls that open a file that may be there already. */
export const openCalls = ["open", "openat", "openat2"] as const;

/** Calls that put a name in the place of another. */
const renameCalls = ["rename", "renameat", "renameat2"] as const;

const linkCalls = ["link", "linkat", "symlink", "symlinkat"] as const;

/** Calls that put something under a name, or change what is there. */
export const changeCalls = [
  ...openCalls,
  "creat",
  "truncate",
  ...renameCalls,
  ...linkCalls,
] as const;

type OpenFlags = ArgumentsOf<"openat">["flags"];

const madeCalls = ["truncate", "creat"] as const;
const namedCalls = [...renameCalls, ...linkCalls] as const;

/** A value that is found out once, when it is asked for. */
class Lazy {
  readonly #find: () => string | undefined;
  #isFound = false;
  #value: string | undefined;

  constructor(find: () => string | undefined) {
    this.#find = find;
  }

  get value(): string | undefined {
    if (!this.#isFound) {
      this.#isFound = true;
      this.#value = this.#find();
    }
    return this.#value;
  }
}

/** What a call does to files. */
interface Facts {
  /** How it opens one; undefined: it doesn't. */
  readonly flags: OpenFlags | undefined;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly cuts: boolean;
  /** Of one that opens, makes or cuts a file, or puts a name there: which. */
  readonly target: Lazy | undefined;
  /** Of one that gives a file another name: what it was called. */
  readonly from: Lazy | undefined;
}

const nothing: Facts = {
  flags: undefined,
  reads: false,
  writes: false,
  cuts: false,
  target: undefined,
  from: undefined,
};

function openFacts(event: RuleEvent, args: ArgumentsOf<typeof openCalls[number]>): Facts {
  const flags = "flags" in args ? args.flags : isFault(args.how) ? undefined : args.how.flags;
  if (flags === undefined) return nothing;
  const names = new Set(flags.names);
  const isOpen = !names.has("O_PATH");
  const cuts = isOpen && names.has("O_TRUNC");
  return {
    ...nothing,
    flags,
    cuts,
    reads: isOpen && !names.has("O_WRONLY"),
    writes: cuts ||
      isOpen && (names.has("O_WRONLY") || names.has("O_RDWR") || names.has("O_CREAT")),
    target: new Lazy(() => pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined)),
  };
}

function find(event: RuleEvent): Facts {
  const opened = argumentsOf(event, openCalls);
  if (opened !== undefined) return openFacts(event, opened);
  const made = argumentsOf(event, madeCalls);
  if (made !== undefined) {
    const target = new Lazy(() => pathOf(event, made.path));
    return { ...nothing, writes: true, cuts: true, target };
  }
  const named = argumentsOf(event, namedCalls);
  if (named === undefined) return nothing;
  const renamed = argumentsOf(event, renameCalls);
  const dirfd = "newdirfd" in named ? named.newdirfd : undefined;
  return {
    ...nothing,
    writes: true,
    target: new Lazy(() => pathOf(event, named.newpath, dirfd)),
    from: renamed &&
      new Lazy(() =>
        pathOf(event, renamed.oldpath, "olddirfd" in renamed ? renamed.olddirfd : undefined)
      ),
  };
}

let known: Facts = nothing;
let knownEvent: RuleEvent | undefined;
let knownTime = -1n;
let knownThread = -1;

/** Many rules ask the same of one event: it is found out once. A thread makes one call at a time. */
function factsOf(event: RuleEvent): Facts {
  const { time, process: { tid } } = event;
  if (event !== knownEvent || time !== knownTime || tid !== knownThread) {
    known = find(event);
    [knownEvent, knownTime, knownThread] = [event, time, tid];
  }
  return known;
}

/** The file that a call opens, for whatever it is; undefined if it opens none. */
export function openedPath(event: RuleEvent): string | undefined {
  const { flags, target } = factsOf(event);
  return flags === undefined ? undefined : target?.value;
}

/** The file that a call opens to be read. */
export function readPath(event: RuleEvent): string | undefined {
  const { reads, target } = factsOf(event);
  return reads ? target?.value : undefined;
}

/** The file that a call cuts to nothing, or to some length. */
export function cutPath(event: RuleEvent): string | undefined {
  const { cuts, target } = factsOf(event);
  return cuts ? target?.value : undefined;
}

/** The name under which a call writes or puts something; undefined if it does not. */
export function changedPath(event: RuleEvent): string | undefined {
  const { writes, target } = factsOf(event);
  // Most calls only read: their paths are not even decoded.
  return writes ? target?.value : undefined;
}

/** The name that a call takes away from a file by giving it another. */
export function renamedFrom(event: RuleEvent): string | undefined {
  return factsOf(event).from?.value;
}
