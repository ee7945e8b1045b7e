/**
 * The monitor as its users run it: a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../monitor.ts", import.meta.url));

/** The command line of `deno run -A monitor.ts`. */
export function monitorCommand(args: readonly string[]): string[] {
  return [Deno.execPath(), "run", "-A", script, ...args];
}

/** Starts `deno run -A monitor.ts`. */
export function startMonitor(
  args: readonly string[],
  stdout: "piped" | "null",
  stderr: "inherit" | "null" = "inherit",
): Deno.ChildProcess {
  const [command = "", ...rest] = monitorCommand(args);
  return new Deno.Command(command, { args: rest, stdin: "null", stdout, stderr }).spawn();
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
