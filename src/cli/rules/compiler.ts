/**
 * What the compiler says of files, place first: `rule.ts:6:13: …`, as editors and build logs know it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { shownPath } from "./shown.ts";

const place = /\bat (?<url>file:\/\/\S+?):(?<line>\d+):(?<column>\d+)/;

/** `rule.ts:6:13`, of the first place in a message or a stack that is a file's; the whole match with it. */
function placeIn(text: string): { readonly at: string; readonly match: string } | undefined {
  const found = place.exec(text);
  const { url, line, column } = found?.groups ?? {};
  if (found === null || url === undefined) return undefined;
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  return { at: `${shownPath(path)}:${line}:${column}`, match: found[0] };
}

/** What `deno check` says, rewritten; a part of it in which no place is recognised stays as it is. */
export function compilerErrors(text: string): string[] {
  const parts = text.split(/^(?=TS\d+ \[ERROR\]: |error: )/m).map((part) => part.trim())
    .filter((part) => part !== "" && part !== "error: Type checking failed.");
  return parts.map((part) => {
    const body = part.replace(/^error: /, "").replace(/^(TS\d+) \[ERROR\]/, "$1")
      .replace(/\n\nFound \d+ errors\.$/, "");
    return placeFirst(body) ?? body;
  });
}

/** `rule.ts:6:13: …` of a text that says its place in a line of its own, or somewhere; undefined: it says none. */
export function placeFirst(text: string): string | undefined {
  const found = placeIn(text);
  if (found === undefined) return undefined;
  const lines = text.split("\n").filter((line) => line.trim() !== found.match);
  return `${found.at}: ${lines.join("\n").trimEnd()}`;
}
