/**
 * Numbers of bytes on the command line.
 *
 * @module
 */
const units: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/**
 * @param text `64M`, `1.5G`, `4096`; K, M and G are powers of 1,024.
 * @returns bytes, or undefined if this is no size.
 */
export function parseSize(text: string): number | undefined {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  return amount === "" || factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

/** `64M`: the shortest that {@linkcode parseSize} reads back. */
export function formatSize(bytes: number): string {
  for (const [unit, factor] of Object.entries(units).reverse()) {
    if (bytes > 0 && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(bytes);
}
