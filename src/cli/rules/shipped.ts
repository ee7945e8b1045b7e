/**
 * The rules that come with the monitor, as files.
 *
 * @module
 */
import { join } from "node:path";

/** Where they lie. */
export const shippedRules: string = join(import.meta.dirname ?? "", "../../../rules");

/** Their ids, as their files' names say: for the shell to complete, which can't wait for them to be loaded. */
export function shippedIds(): string[] {
  return [...Deno.readDirSync(shippedRules)]
    .filter(({ name, isFile }) => isFile && name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .map(({ name }) => name.slice(0, -".ts".length).replaceAll("_", "-"));
}
