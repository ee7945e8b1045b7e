/**
 * Builds what the tests of rules run.
 *
 * @module
 */
import { join } from "node:path";

const here = import.meta.dirname ?? ".";

/** Builds programs/act.c, once for each change of it, and says where it is. */
export function actProgram(): string {
  const source = join(here, "programs/act.c");
  const folder = join(here, "../../.work/programs");
  const binary = join(folder, "act");
  const modified = (path: string) => Deno.statSync(path).mtime?.getTime() ?? 0;
  try {
    if (modified(source) < modified(binary)) return binary;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(folder, { recursive: true });
  const args = ["-O2", "-Wall", "-static", "-o", binary, source];
  const { success } = new Deno.Command("gcc", { args, stdout: "inherit", stderr: "inherit" })
    .outputSync();
  if (!success) throw new Error(`gcc ${args.join(" ")} failed`);
  return binary;
}
