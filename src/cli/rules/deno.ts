/**
 * Deno as a child: it knows types and tests.
 *
 * @module
 */
import { join } from "node:path";

/** The monitor's own folder: `deno.json`, `mod.ts`. */
export const checkout: string = join(import.meta.dirname ?? "", "../../..");

/** Rules see `tallyman` by this, wherever they lie. */
export const config: string = join(checkout, "deno.json");

/** What Deno would say of itself. */
const env = { RUST_BACKTRACE: "0", DENO_NO_UPDATE_CHECK: "1" };

/** Runs it to its end with our streams. */
export async function runDeno(args: readonly string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: [...args], env, stdin: "null" }).spawn();
  return (await child.status).code;
}

/** Runs it to its end, and takes in what it says on standard error. */
export async function askDeno(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stderr: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}
