/**
 * Which options the help of a command shows: it is one screen, so what is seldom needed is in docs/cli.md alone.
 *
 * @module
 */
import type { HiddenVisibility } from "@optique/core/usage";

let showsAll = false;

/** For who makes docs/cli.md; to be called before a command is made. */
export function showAllOptions(): void {
  showsAll = true;
}

/** How a seldom option is hidden. */
export function seldom(): HiddenVisibility {
  return showsAll ? false : "help";
}
