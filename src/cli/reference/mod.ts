/**
 * Pages of docs/ that are made from the code that they are about.
 *
 * @module
 */
import { commandLinePage } from "./command_line.ts";
import { jsonlPage } from "./jsonl.ts";
import { shippedRulesPage } from "./shipped_rules.ts";
export { undescribed } from "./jsonl.ts";

const pages = {
  "docs/cli.md": commandLinePage,
  "docs/jsonl.md": jsonlPage,
  "docs/shipped_rules.md": shippedRulesPage,
} as const;

/** As `deno fmt` leaves it. */
async function formatted(text: string): Promise<string> {
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: new URL("../../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if (!(await child.status).success) throw new Error(`deno fmt: ${stderr}`);
  return stdout;
}

/** Each page's text, by its file. */
export async function madePages(): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const [file, make] of Object.entries(pages)) made.set(file, await formatted(await make()));
  return made;
}
