/**
 * Asking an engine: it answers within a time, or it is an error of that engine.
 *
 * @module
 */
import { EngineError } from "../engine.ts";

/** How long an engine may take, in ms. */
const patience = 2_000;

/** An engine, or a part of it, that is not on this machine. */
export class AbsentError extends Error {
  override readonly name = "AbsentError";
  constructor(readonly where: string) {
    super(`nothing at ${where}`);
  }
}

/**
 * @param question Should stop when the signal says so; it is not waited for any longer, in either case.
 * @throws {EngineError} for whatever the question throws, or if it is not answered in time.
 */
export async function ask<T>(
  engine: string,
  question: (signal: AbortSignal) => Promise<T>,
  milliseconds = patience,
): Promise<T> {
  const controller = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new EngineError(engine, `no answer within ${milliseconds} ms`));
    controller.abort();
  }, milliseconds);
  const answer = question(controller.signal);
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    // What comes after the time is up is nobody's.
    answer.catch(() => {});
    if (cause instanceof EngineError) throw cause;
    throw new EngineError(engine, reason(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** What an error says, causes included: fetch puts what matters there. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause === undefined || cause === error
    ? error.message
    : `${error.message}: ${reason(cause)}`;
}

/** Waits that many ms, or until the signal says to stop. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
