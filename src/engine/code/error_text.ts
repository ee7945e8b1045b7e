/**
 * What is told of code that can't be imported, or that has thrown.
 *
 * @module
 */
import { pathToFileURL } from "node:url";

/** A text of Deno's without the versions that edited files are imported by. */
export function withoutVersions(text: string): string {
  return text.replace(/(file:\/\/\S+?)\?v=\d+/g, "$1");
}

/** Why a file can't be imported, with line and column: as Deno says it, or as the stack does. */
export function codeErrorText(error: unknown, file: string): string {
  // deno-lint-ignore no-control-regex
  const plain = (text: string) => withoutVersions(text.replace(/\x1b\[[\d;]*m/g, ""));
  const message = plain(error instanceof Error ? error.message : String(error));
  if (/file:\/\/\S+:\d+:\d+/.test(message) || !(error instanceof Error)) return message;
  const frames = plain(error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  const url = pathToFileURL(file).href;
  // Of what it imports otherwise: the frame at the top is where it was thrown.
  const place = frames.find((line) => line.includes(`${url}:`)) ??
    frames.find((line) => line.includes("file:///"));
  return place === undefined ? message : `${message}\n    at ${/file:[^()]*/.exec(place)?.[0]}`;
}
