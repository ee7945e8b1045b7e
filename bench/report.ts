/**
 * What a benchmark says: figures, and the bars that they must clear, as a table and as JSON.
 *
 * @module
 */
import type { Summary } from "./statistics.ts";

/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  readonly unit: "ns" | "ms" | "B" | "MB" | "%" | "x" | "calls" | "/s";
  readonly summary: Summary;
}

/** A figure that a promise was made about. */
export interface Bar {
  readonly name: string;
  readonly unit: Figure["unit"];
  readonly value: number;
  readonly at: "most" | "least";
  readonly limit: number;
  readonly met: boolean;
}

/** One part of the benchmark. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly bars: readonly Bar[];
  /** What a reader of the figures must know: how they came to be, what was left out and why. */
  readonly notes: readonly string[];
}

export function bar(
  name: string,
  unit: Figure["unit"],
  value: number,
  at: Bar["at"],
  limit: number,
): Bar {
  return { name, unit, value, at, limit, met: at === "most" ? value <= limit : value >= limit };
}

function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, cell.length));
  }
  return rows.map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))
      .join("  ").trimEnd()
  );
}

/** For people. */
export function table(part: Part): string {
  const figures = part.figures.map(({ name, unit, summary }) => [
    name,
    digits(summary.median),
    `±${digits(summary.deviation)}`,
    digits(summary.minimum),
    digits(summary.maximum),
    unit,
    String(summary.runs),
  ]);
  const bars = part.bars.map(({ name, unit, value, at, limit, met }) => [
    `${met ? "met   " : "MISSED"}  ${name}`,
    `${digits(value)} ${unit}`,
    `at ${at} ${digits(limit)} ${unit}`,
  ]);
  const head = ["", "median", "±", "min", "max", "unit", "runs"];
  return [
    part.title,
    "=".repeat(part.title.length),
    ...columns([head, ...figures]),
    ...(bars.length > 0 ? ["", ...columns(bars)] : []),
    ...(part.notes.length > 0 ? ["", ...part.notes.map((note) => `- ${note}`)] : []),
    "",
  ].join("\n");
}
