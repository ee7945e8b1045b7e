/**
 * The code blocks of README.md and docs/.
 *
 * @module
 */
import { join } from "node:path";
import { checkout } from "../monitor.ts";

/** One of them. */
export interface Block {
  /** The page, from the checkout. */
  readonly file: string;
  /** What the fence says that it is; empty if nothing. */
  readonly language: string;
  /** Without the fences, and without the indentation of a list's. */
  readonly text: string;
  /** Those that are not empty. */
  readonly lines: readonly string[];
  /** Whether nothing but the blank line stands between it and the block before it. */
  readonly isBehindBlock: boolean;
}

const fenced = /^( *)```([^\n`]*)\n(.*?)^ *```$/gms;

function blocksOf(file: string): Block[] {
  const page = Deno.readTextFileSync(join(checkout, file));
  let end = -1;
  return [...page.matchAll(fenced)].map((match) => {
    const [whole, indent = "", language = "", body = ""] = match;
    const text = body.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const between = page.slice(Math.max(end, 0), match.index);
    const isBehindBlock = end >= 0 && between.trim() === "";
    end = match.index + whole.length;
    return {
      file,
      language: language.trim(),
      text,
      lines: text.split("\n").filter((line) => line !== ""),
      isBehindBlock,
    };
  });
}

/** The pages, from the checkout. */
export const pages: readonly string[] = [
  "README.md",
  ...[...Deno.readDirSync(join(checkout, "docs"))].map(({ name }) => `docs/${name}`).sort(),
];

/** All blocks, in their order. */
export const blocks: readonly Block[] = pages.flatMap(blocksOf);

/** A page's `ts` block that says how its file is called. */
export function nameOf(block: Block): string | undefined {
  return /^\/\/ file: (\S+)\n/.exec(block.text)?.[1];
}
