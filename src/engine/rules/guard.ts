/**
 * Code that may never return, cut short: the only way in one process is V8's own watchdog, by node:vm.
 *
 * @module
 */
import { Script } from "node:vm";
import process from "node:process";

/** A batch took too long. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
  /** @param isBusy It was running all the while, not waiting for the machine. */
  constructor(readonly isBusy: boolean) {
    super("timed out");
  }
}

/** Who had the CPU for this part of the time was busy, on a machine that others keep busy too. */
const BUSY = 1 / 4;

/** Where the script finds what to run. */
const slot = Symbol.for("tallyman.guarded");
const script = new Script(`globalThis[Symbol.for("tallyman.guarded")]()`);

/**
 * Runs a function, for so many ms at most. It costs some 20 µs: a batch is worth it, a single event is not.
 *
 * @throws {TimedOut} wherever the function was; and what it throws itself.
 */
export function guarded<T>(run: () => T, timeout: number): T {
  let result: T | undefined;
  const before = process.cpuUsage();
  Reflect.set(globalThis, slot, () => {
    result = run();
  });
  try {
    script.runInThisContext({ timeout });
    return result as T;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const { user, system } = process.cpuUsage(before);
    // A monitor that was stopped, or a machine that had no time for it, is nobody's fault.
    throw new TimedOut((user + system) / 1000 > timeout * BUSY);
  } finally {
    Reflect.deleteProperty(globalThis, slot);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
