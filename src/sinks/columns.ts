/**
 * Lines as a terminal shows them: some characters take two columns, some none.
 *
 * @module
 */
import stringWidth from "fast-string-width";

/** As much of a line's beginning as takes no more than so many columns. */
export function beginning(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (stringWidth(kept + segment) > columns) break;
    kept += segment;
  }
  return kept;
}

/** The same, with `…` where it was cut. */
export function cut(line: string, columns: number): string {
  return stringWidth(line) <= columns ? line : `${beginning(line, columns - 1)}…`;
}
