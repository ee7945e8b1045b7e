/**
 * The terminal's text: a block a container, a line a syscall. Pure: a tick in, lines out.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { clockText } from "./clock.ts";
import { cut } from "./columns.ts";
import { printable } from "./printable.ts";
import {
  type Counts,
  displayName,
  type HiddenCounts,
  keyOf,
  shortId,
  sum,
  type Tick,
} from "./sink.ts";

/** What of a tick is shown. */
export interface BlockOptions {
  /** Syscalls of a container, the busiest; Infinity for all. */
  readonly top: number;
  /** ms that a container stays after its last call. */
  readonly linger: number;
}

/** Where lines are to have room: characters of a line, and lines. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** A container's place on the screen. */
interface Block {
  readonly container: Container;
  readonly total: Counts;
  readonly new: Counts;
  readonly hidden: HiddenCounts | undefined;
  /** When it last called, in ms since 1970. */
  readonly active: number;
}

const decimal = new Intl.NumberFormat("en-US");
const none: Counts = new Map();

/** Columns of a container's facts that stay, however narrow the terminal is. */
const SHORTEST_TITLE = 16;

/** Keeps the containers in their places from tick to tick. */
export class Blocks {
  readonly #options: BlockOptions;
  readonly #blocks = new Map<string, Block>();
  /** Quiet for so long that they have no block, until they call again. */
  readonly #left = new WeakSet<Container>();
  /** Since the first tick, by reason. */
  readonly #lost = new Map<string, number>();

  constructor(options: BlockOptions) {
    this.#options = options;
  }

  /** The lines that show a tick, without newlines; see {@linkcode shown} for `room`. */
  lines(tick: Tick, room?: Room): string[] {
    this.#take(tick);
    return this.shown(tick, room);
  }

  #take(tick: Tick): void {
    for (const { reason, count, plugin } of tick.losses) {
      if (plugin === undefined) this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + count);
    }
    const now = Number(tick.time / 1_000_000n);
    for (const [key, block] of this.#blocks) {
      const hidden = block.hidden && { ...block.hidden, new: none };
      this.#blocks.set(key, { ...block, new: none, hidden });
    }
    for (const { container, total, new: added, hidden } of tick.tallies) {
      const key = keyOf(container);
      const known = this.#blocks.get(key);
      if (added.size === 0 && known === undefined && this.#left.has(container)) continue;
      const active = added.size > 0 ? now : known?.active ?? now;
      this.#blocks.set(key, { container, total, new: added, hidden, active });
    }
    for (const [key, { container, active }] of this.#blocks) {
      if (now - active <= this.#options.linger) continue;
      this.#blocks.delete(key);
      this.#left.add(container);
    }
  }

  /**
   * The lines of the tick that was taken last.
   *
   * @param room Where it is not enough, blocks have fewer syscalls, all as many, so that more containers are seen;
   * but where all were asked for.
   */
  shown(tick: Tick, room?: Room): string[] {
    const quiet = tick.tallies.filter(({ container }) => !this.#blocks.has(keyOf(container)));
    const lines = [heading(tick, this.#blocks.size, quiet.length, this.#lost), labels];
    if (this.#blocks.size === 0) lines.push("", nothing(tick));
    const top = room === undefined ? this.#options.top : this.#topWithin(room.rows - lines.length);
    for (const block of this.#blocks.values()) {
      lines.push("", ...this.#block(block, top, room?.columns));
    }
    return lines;
  }

  /** How many syscalls a block may have for all blocks to fit; 1 if they don't. */
  #topWithin(rows: number): number {
    const { top } = this.#options;
    if (top === Infinity) return top;
    const sizes = [...this.#blocks.values()].map(({ total, hidden }) => ({
      calls: hidden === undefined ? total.size : without(total, hidden.total).size,
      // The line between blocks, the title, what is hidden.
      others: hidden === undefined ? 2 : 3,
    }));
    const fits = (top: number) =>
      sizes.reduce((all, { calls, others }) => all + others + Math.min(calls, top + 1), 0) <= rows;
    let most = top;
    while (most > 1 && !fits(most)) most--;
    return most;
  }

  #block(
    { container, total, new: added, hidden }: Block,
    top: number,
    columns = Infinity,
  ): string[] {
    const visible = hidden === undefined ? total : without(total, hidden.total);
    const visibleNew = hidden === undefined ? added : without(added, hidden.new);
    const busiest = [...visible].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const shown = busiest.slice(0, top);
    const rest = busiest.slice(top);
    const width = Math.max(22, ...shown.map(([name]) => name.length));
    const lines = [title(container, sum(total), sum(added), columns)];
    for (const [name, calls] of shown) {
      lines.push(row(name, width, calls, visibleNew.get(name) ?? 0));
    }
    if (rest.length > 0) {
      const calls = sum(new Map(rest));
      const addedCalls = rest.reduce((all, [name]) => all + (visibleNew.get(name) ?? 0), 0);
      lines.push(row(`… ${rest.length} more`, width, calls, addedCalls));
    }
    if (hidden !== undefined) {
      const [by = "", ...others] = hidden.by;
      const who = others.length === 0 ? by : `${hidden.by.length} plugins`;
      lines.push(row(`… ${who} hid`, width, sum(hidden.total), sum(hidden.new)));
    }
    return lines;
  }
}

/** Counts without those that are hidden; what is all hidden is not there. */
function without(counts: Counts, hidden: Counts): Counts {
  const left = new Map<string, number>();
  for (const [name, calls] of counts) {
    const shown = calls - (hidden.get(name) ?? 0);
    if (shown > 0) left.set(name, shown);
  }
  return left;
}

/** Over the columns of {@linkcode row}. */
const labels = `  ${"SYSCALL".padEnd(22)} ${"TOTAL".padStart(15)} ${"NEW".padStart(13)}`;

function heading(
  { time, losses, missed, overflowed }: Tick,
  containers: number,
  quiet: number,
  lost: Counts,
): string {
  const parts = [`${clockText(time)}  ${containers} container${containers === 1 ? "" : "s"}`];
  // Where there are no blocks the line below says it.
  if (containers > 0 && quiet > 0) parts.push(`${quiet} quiet`);
  if (overflowed > 0n) {
    parts.push(`no slot for ${overflowed}: counted together as overflow (see --slots)`);
  }
  if (lost.size > 0) {
    const reasons = [...lost].map(([reason, count]) => `${decimal.format(count)} ${reason}`);
    parts.push(`events lost: ${reasons.join(", ")}`);
  }
  const filtered = losses.filter(({ plugin }) => plugin !== undefined);
  if (filtered.length > 0) {
    const events = filtered.reduce((all, { count }) => all + count, 0);
    const by = [...new Set(filtered.map(({ plugin }) => plugin))].join(", ");
    parts.push(`${decimal.format(events)} events kept from rules by ${by}`);
  }
  if (missed > 0n) parts.push(`${decimal.format(missed)} calls missed by the kernel`);
  return parts.join("  ·  ");
}

/** What there is instead of blocks. */
function nothing({ tallies, unselected = 0 }: Tick): string {
  if (tallies.length > 0) return `  ${tallies.length} quiet for longer than --linger`;
  if (unselected === 0) return "  none so far; `monitor.ts demo` starts some to look at";
  const others = unselected === 1 ? "1 other runs" : `${unselected} others run`;
  return `  none that was asked for; ${others}: see \`monitor.ts containers\``;
}

/** Where it is too long its facts are cut, and not its numbers. */
function title(container: Container, total: number, added: number, columns: number): string {
  const { identity, metadata, state } = container;
  const image = metadata.state === "known" ? metadata.description.image?.name : undefined;
  const runtime = metadata.state === "known" ? metadata.description.runtime : undefined;
  const name = displayName(container);
  const id = shortId(identity.id);
  const parts = [name, ...(id === name ? [] : [id]), runtime ?? identity.runtime];
  if (image !== undefined) parts.push(image);
  const facts = parts.map(printable).join("  ");
  const counts = `${decimal.format(total)} calls` +
    (added > 0 ? `  +${decimal.format(added)}` : "") + (state === "stopped" ? "  stopped" : "");
  return `${cut(facts, Math.max(columns - counts.length - 2, SHORTEST_TITLE))}  ${counts}`;
}

function row(name: string, width: number, calls: number, added: number): string {
  const columns = `  ${printable(name).padEnd(width)} ${decimal.format(calls).padStart(15)}`;
  return added > 0 ? `${columns} ${`+${decimal.format(added)}`.padStart(13)} ←` : columns;
}
