/**
 * The monitor as its users run it: a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../monitor.ts", import.meta.url));

/** Starts `deno run -A monitor.ts`. */
export function startMonitor(
  args: readonly string[],
  stdout: "piped" | "null",
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, ...args],
    stdin: "null",
    stdout,
    stderr: "inherit",
  }).spawn();
}

/** Ends it as Ctrl-C does, and waits. */
export async function stopMonitor(monitor: Deno.ChildProcess): Promise<void> {
  try {
    monitor.kill("SIGINT");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended already.
  }
  await monitor.status;
}
