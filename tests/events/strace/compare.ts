/**
 * What strace and we say of the same calls, side by side.
 *
 * @module
 */
import type { CallEvent } from "../../../src/events/mod.ts";
import { argumentNames, decodeArguments, formatCall } from "../../../src/syscalls/arguments/mod.ts";
import { syscallName } from "../../../src/syscalls/mod.ts";
import type { Context, Difference } from "./difference.ts";
import { type Line, parseLine } from "./parse.ts";
import type { Traced } from "./traced.ts";

/** One call, as both have it. */
export interface Pair {
  readonly theirs: Line;
  readonly ours: Line;
  readonly event: CallEvent;
  /** The lines as they were written. */
  readonly text: { readonly theirs: string; readonly ours: string };
  /** Its thread was ended in it. */
  readonly isLast: boolean;
}

/** Calls that are the same, and why the others are not. */
export interface Aligned {
  readonly pairs: readonly Pair[];
  /** Calls that one of both has not. */
  readonly problems: readonly string[];
  /**
   * Calls that never began: strace stopped their threads before them, and there they were killed. How many depends
   * on the moment, so this is no difference that must be met.
   */
  readonly neverBegun: number;
}

interface Call {
  readonly line: Line;
  readonly text: string;
}

interface TheirCall extends Call {
  /** Its thread was ended in it. */
  readonly isLast: boolean;
  /** By SIGKILL. */
  readonly isKilled: boolean;
}

const mode = /runs in (32|64) bit mode/;

/** Names of calls that strace has no name for are their numbers. */
function nameOf({ name }: Line): string {
  const [, prefix, number] = /^(i386:)?syscall_(0x[0-9a-f]+)$/.exec(name) ?? [];
  if (number === undefined) return name;
  return syscallName(Number(number), prefix === undefined ? "native" : "compat");
}

/** strace's calls of one thread; that they are 32-bit code's is said when that changes. */
function theirCalls(lines: readonly string[]): TheirCall[] {
  let prefix = "";
  const calls: TheirCall[] = [];
  for (const [i, text] of lines.entries()) {
    const bits = mode.exec(text)?.[1];
    if (bits !== undefined) prefix = bits === "32" ? "i386:" : "";
    const line = parseLine(text);
    if (line === undefined) continue;
    const next = lines[i + 1] ?? "+++";
    calls.push({
      line: { ...line, name: prefix + line.name },
      text,
      isLast: next.startsWith("+++"),
      isKilled: next === "+++ killed by SIGKILL +++",
    });
  }
  return calls;
}

function ourCall(event: CallEvent): Call & { readonly event: CallEvent } {
  const text = formatCall(event);
  const line = parseLine(text);
  if (line === undefined) throw new Error(`this is no line of a call: ${text}`);
  return { event, text, line };
}

/** Calls that 32-bit code makes through one number, and that strace names as what they are. */
const gates = ["i386:socketcall", "i386:ipc"];

function isSameCall(theirs: Call, ours: Call): boolean {
  return nameOf(theirs.line) === ours.line.name || gates.includes(ours.line.name);
}

/** From behind the first exec on: before it there is the launcher, which strace attached to. */
function sinceExec<C extends Call>(calls: readonly C[]): readonly C[] {
  return calls.slice(1 + calls.findIndex(({ line }) => line.name === "execve"));
}

/** Lays both's calls beside each other, thread by thread. */
export function align({ events, lines, first }: Traced): Aligned {
  const pairs: Pair[] = [];
  const problems: string[] = [];
  let neverBegun = 0;
  for (const tid of new Set([...lines.keys(), ...events.keys()])) {
    const said = lines.get(tid) ?? [];
    const all = { theirs: theirCalls(said), ours: (events.get(tid) ?? []).map(ourCall) };
    const theirs = tid === first ? sinceExec(all.theirs) : all.theirs;
    const ours = tid === first ? sinceExec(all.ours) : all.ours;
    for (let i = 0; i < Math.max(theirs.length, ours.length); i++) {
      const [a, b] = [theirs[i], ours[i]];
      if (a?.isKilled && b === undefined && (a.line.result ?? "?") === "?") {
        neverBegun++;
        break;
      }
      if (a === undefined || b === undefined || !isSameCall(a, b)) {
        const of = (call?: Call, before?: Call) =>
          `${call?.text ?? "none"} (after ${before?.text})`;
        problems.push(
          `call ${i} of thread ${tid}:\n  strace ${of(a, theirs[i - 1])}\n  ours   ${
            of(b, ours[i - 1])
          }`,
        );
        break;
      }
      const { isLast } = a;
      const text = { theirs: a.text, ours: b.text };
      pairs.push({ theirs: a.line, ours: b.line, event: b.event, text, isLast });
    }
  }
  return { pairs, problems, neverBegun };
}

/** How often each difference was met, and where. */
export class Usage {
  readonly #counts = new Map<Difference, Map<string, number>>();

  /** Notes one difference of one call. */
  note(difference: Difference, place: string): void {
    let places = this.#counts.get(difference);
    if (places === undefined) this.#counts.set(difference, places = new Map());
    places.set(place, (places.get(place) ?? 0) + 1);
  }

  /** How many times it was met at one place, or one of its details was. */
  count(difference: Difference, place: string): number {
    return this.#counts.get(difference)?.get(place) ?? 0;
  }

  /** How many times it was met. */
  total(difference: Difference): number {
    const { details = [] } = difference;
    return [...this.#counts.get(difference) ?? []]
      .reduce((sum, [place, count]) => details.includes(place) ? sum : sum + count, 0);
  }
}

/** Which register each argument of our line is in: those that a call has not this time are left out. */
function registersOf(event: CallEvent): number[] {
  const names = argumentNames(event);
  return Object.keys(decodeArguments(event).toJSON()).map((name) => names.indexOf(name));
}

/** The low 32 bits, or all 64, are the same: an int's upper half means nothing. */
function isSameNumber(said: bigint, register: bigint): boolean {
  return BigInt.asUintN(64, said) === register ||
    BigInt.asUintN(32, said) === BigInt.asUintN(32, register);
}

/**
 * Compares one call.
 *
 * @returns what differs and has no name; empty if nothing does.
 */
export function compare(pair: Pair, differences: readonly Difference[], usage: Usage): string[] {
  const { event, ours: { name } } = pair;
  const used: [Difference, place: string][] = [];
  let [theirs, ours] = [pair.theirs, pair.ours];
  const context = (place: string, number?: bigint): Context => ({ ...pair, name, place, number });
  for (const difference of differences) {
    if (!isPlace(difference, name)) continue;
    const changed = difference.line?.(theirs, ours, context(name));
    if (changed === undefined) continue;
    [theirs, ours] = changed;
    used.push([difference, name]);
  }
  const found: string[] = [];
  /** Takes away from two texts what has a name. */
  const settle = (place: string, their: string, our: string, number?: bigint) => {
    const own: [Difference, string][] = [];
    for (const difference of differences) {
      if (their === our) break;
      if (!isPlace(difference, place)) continue;
      const [a, b, ...details] = difference.text?.(their, our, context(place, number)) ??
        [their, our];
      if (a === their && b === our) continue;
      [their, our] = [a, b];
      own.push(...[place, ...details].map((each): [Difference, string] => [difference, each]));
    }
    if (their === our) used.push(...own);
    else found.push(`${place}: strace ${their}, ours ${our}`);
  };
  const registers = registersOf(event);
  for (let i = 0; i < Math.max(theirs.args.length, ours.args.length); i++) {
    const [their, our, number] = [theirs.args[i], ours.args[i], theirs.numbers[i]];
    const place = `${name}.${i}`;
    if (their === undefined || our === undefined) {
      found.push(`${place}: strace ${their ?? "has none"}, ours ${our ?? "has none"}`);
      continue;
    }
    if (their !== our) settle(place, their, our, number);
    const register = event.arg(registers[i] ?? -1);
    if (number !== undefined && !isSameNumber(number, register)) {
      found.push(`${place}: strace ${number}, the register ${register}`);
    }
  }
  if (theirs.result !== ours.result) {
    settle(`${name}.result`, theirs.result ?? "none", ours.result ?? "none");
  }
  if (found.length === 0) { for (const [difference, place] of used) usage.note(difference, place); }
  return found;
}

function isPlace({ where }: Difference, place: string): boolean {
  return where === "anywhere" || where.includes(place);
}
