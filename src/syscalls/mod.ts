/**
 * System calls by name and number, for each architecture and its 32-bit code. Pure data; the tables are
 * made from the kernel's headers by generate.ts.
 *
 * @module
 */
import { aarch64 } from "./aarch64.ts";
import { arm } from "./arm.ts";
import { closest } from "./closest.ts";
import { globToRegExp } from "./glob.ts";
import { i386 } from "./i386.ts";
import { x32 } from "./x32.ts";
import { x86_64 } from "./x86_64.ts";

export { closest } from "./closest.ts";
export { globToRegExp } from "./glob.ts";

/** Whose numbers a call has: the machine's own, or those of 32-bit code. */
export type Abi = "native" | "compat";

/** An architecture as Deno names it. */
export type Architecture = typeof Deno.build.arch;

/** A call, as the kernel hands it to a tracer. */
export interface Call {
  readonly abi: Abi;
  readonly nr: number;
}

/** arch/x86/include/uapi/asm/unistd.h: __X32_SYSCALL_BIT */
const X32_BIT = 0x40000000;

/** One numbering, and how its calls are told from the native ones. */
interface Numbering {
  readonly abi: Abi;
  /** Before a call's name: `i386:`. */
  readonly prefix: string;
  /** What the kernel adds to every number. */
  readonly base: number;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Of each architecture: first the native numbering, which takes the names without a prefix. */
const numberings: Readonly<Record<Architecture, readonly [Numbering, ...Numbering[]]>> = {
  x86_64: [
    { abi: "native", prefix: "", base: 0, numbers: x86_64 },
    { abi: "compat", prefix: "i386:", base: 0, numbers: i386 },
    { abi: "native", prefix: "x32:", base: X32_BIT, numbers: x32 },
  ],
  aarch64: [
    { abi: "native", prefix: "", base: 0, numbers: aarch64 },
    { abi: "compat", prefix: "arm:", base: 0, numbers: arm },
  ],
};

/** A numbering with its names made out in full, by number. */
interface Index extends Numbering {
  readonly byName: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<number, string>;
}

/** One architecture's numberings, and the labels of the calls that are met most. */
interface Table {
  readonly indexes: readonly Index[];
  readonly low: Readonly<Record<Abi, readonly string[]>>;
  /** The same without their prefixes. */
  readonly bare: Readonly<Record<Abi, readonly string[]>>;
}

const LOW = 512;

function makeTable(architecture: Architecture): Table {
  const indexes = numberings[architecture].map((numbering): Index => {
    const entries = Object.entries(numbering.numbers);
    return {
      ...numbering,
      byName: new Map(entries),
      labels: new Map(entries.map(([name, nr]) => [nr, `${numbering.prefix}${name}`])),
    };
  });
  const low = (abi: Abi) => Array.from({ length: LOW }, (_, nr) => label(indexes, nr, abi));
  const labels = { native: low("native"), compat: low("compat") };
  return {
    indexes,
    low: labels,
    bare: { native: labels.native.map(withoutPrefix), compat: labels.compat.map(withoutPrefix) },
  };
}

function withoutPrefix(label: string): string {
  return label.slice(label.indexOf(":") + 1);
}

const tables: { [A in Architecture]?: Table } = {};

/** Made when first asked for, since hardly anybody asks for two architectures. */
function tableOf(architecture: Architecture): Table {
  return tables[architecture] ??= makeTable(architecture);
}

function label(indexes: readonly Index[], nr: number, abi: Abi): string {
  // The last whose base the number reaches: every number is at or above the first's, which is 0.
  const index = indexes.findLast((each) =>
    each.abi === abi && (each.base === 0 || (nr >= each.base && nr < 2 * each.base))
  );
  if (index === undefined) return `sys_${nr}`;
  const own = nr - index.base;
  return index.labels.get(own) ?? `${index.prefix}sys_${own}`;
}

/**
 * A call's name: `openat`, `i386:open`, `arm:open`, `x32:open`; `sys_700` or `i386:sys_-1` for a number
 * without one.
 *
 * @param nr As the kernel's hook saw it; `null` for calls whose numbers were not kept: `sys_other`.
 */
export function syscallName(
  nr: number | null,
  abi: Abi = "native",
  architecture: Architecture = Deno.build.arch,
): string {
  if (nr === null) return "sys_other";
  const { indexes, low } = tableOf(architecture);
  return low[abi][nr] ?? label(indexes, nr, abi);
}

/** A call's name without its numbering's prefix, as rules name it: `open` of `i386:open`. */
export function bareName(
  nr: number,
  abi: Abi,
  architecture: Architecture = Deno.build.arch,
): string {
  return tableOf(architecture).bare[abi][nr] ?? withoutPrefix(syscallName(nr, abi, architecture));
}

/**
 * The call of a name as {@linkcode syscallName} writes it.
 *
 * @returns undefined if there is no such call, and for `sys_other`, which has no number.
 */
export function syscallOf(
  label: string,
  architecture: Architecture = Deno.build.arch,
): Call | undefined {
  const index = indexOf(label, architecture);
  const nr = numberIn(index, label.slice(index.prefix.length));
  return nr === undefined ? undefined : { abi: index.abi, nr };
}

/**
 * The number of a call, with or without its numbering's prefix: `open` is the same as `i386:open` if
 * `abi` is "compat".
 *
 * @param abi By default what the prefix says, and without one "native".
 */
export function syscallNumber(
  name: string,
  abi?: Abi,
  architecture: Architecture = Deno.build.arch,
): number | undefined {
  if (abi === "compat" && !name.includes(":")) {
    const index = tableOf(architecture).indexes.find((each) => each.abi === abi);
    return index === undefined ? undefined : numberIn(index, name);
  }
  const call = syscallOf(name, architecture);
  return abi === undefined || call?.abi === abi ? call?.nr : undefined;
}

/** The native calls' names, in the order of their numbers. */
export function syscallNames(architecture: Architecture = Deno.build.arch): string[] {
  return Object.keys(numberings[architecture][0].numbers);
}

/** Names that somebody who wrote `typo` may have meant, the likeliest first; with its prefix if it has one. */
export function suggestNames(
  typo: string,
  architecture: Architecture = Deno.build.arch,
): string[] {
  const { prefix, byName } = indexOf(typo, architecture);
  return closest(typo.slice(prefix.length), byName.keys()).map((name) => `${prefix}${name}`);
}

/** What makes a pattern of a name. */
const wild = /[*?[]/;

/** Whether a text is a pattern, not a name. */
export function isPattern(text: string): boolean {
  return wild.test(text);
}

/** Whether a pattern matches any call, or calls without a name, which are written `sys_700`. */
export function matchesCalls(
  pattern: string,
  architecture: Architecture = Deno.build.arch,
): boolean {
  const expression = globToRegExp(pattern);
  return tableOf(architecture).indexes.some(({ prefix, byName }) =>
    pattern.startsWith(`${prefix}sys_`) ||
    byName.keys().some((name) => expression.test(prefix + name))
  );
}

/** Patterns, or names, that somebody who wrote a pattern that matches nothing may have meant. */
export function suggestPatterns(
  pattern: string,
  architecture: Architecture = Deno.build.arch,
): string[] {
  const [prefix] = /^\w+:/.exec(pattern) ?? [""];
  const [text] = pattern.slice(prefix.length).split(wild)
    .toSorted((a, b) => b.length - a.length);
  if (text === undefined || text === "") return [];
  return suggestNames(prefix + text, architecture).map((name) => {
    const meant = pattern.replace(prefix + text, name);
    return matchesCalls(meant, architecture) ? meant : name;
  });
}

/** The numbering that a label's prefix names. */
function indexOf(label: string, architecture: Architecture): Index {
  const { indexes } = tableOf(architecture);
  const index = indexes.findLast(({ prefix }) => label.startsWith(prefix));
  if (index === undefined) throw new Error(`${architecture} has no native numbering`);
  return index;
}

function numberIn(
  { base, byName }: Pick<Index, "base" | "byName">,
  name: string,
): number | undefined {
  const own = byName.get(name) ?? Number(/^sys_(-?(?:0|[1-9]\d*))$/.exec(name)?.[1]);
  return Number.isNaN(own) ? undefined : base + own;
}
