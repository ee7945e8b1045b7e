/**
 * What a call's result says: a value, or an error by its number, name and text.
 *
 * @module
 */
import { errno, errnoTexts } from "./tables/errno.ts";

/** linux/err.h: MAX_ERRNO. Results from -4095 to -1 are errors, all others are not. */
const MAX_ERRNO = 4095n;

/** A name that the C library has for an error of a call. */
export type ErrorName = keyof typeof errno | keyof typeof restarts;

/**
 * include/linux/errno.h: how the kernel says to itself that a call is to be made again. Callers don't see
 * them, tracers do.
 */
const restarts = {
  ERESTARTSYS: 512,
  ERESTARTNOINTR: 513,
  ERESTARTNOHAND: 514,
  ENOIOCTLCMD: 515,
  ERESTART_RESTARTBLOCK: 516,
} as const;

/** As strace says them. */
const restartTexts: Readonly<Record<number, string>> = {
  512: "To be restarted if SA_RESTART is set",
  513: "To be restarted",
  514: "To be restarted if no handler",
  516: "Interrupted by signal",
};

// Two names of one number: the first stands.
const names = new Map<number, string>();
for (const [name, number] of [...Object.entries(errno), ...Object.entries(restarts)]) {
  if (!names.has(number)) names.set(number, name);
}

/** Whether a result is an error. */
export function isError(result: bigint): boolean {
  return result < 0n && result >= -MAX_ERRNO;
}

/** An error's number: 2 of a result of -2; undefined of a result that is none. */
export function errorNumber(result: bigint): number | undefined {
  return isError(result) ? -Number(result) : undefined;
}

/** An error's name: `ENOENT` of a result of -2; `E_600` if it has none; undefined of a result that is none. */
export function errorName(result: bigint): string | undefined {
  const number = errorNumber(result);
  return number === undefined ? undefined : names.get(number) ?? `E_${number}`;
}

/** What the C library says of an error: `No such file or directory` of a result of -2. */
export function errorText(result: bigint): string | undefined {
  const number = errorNumber(result);
  return number === undefined ? undefined : errnoTexts[number] ?? restartTexts[number];
}

/** Whether a signal has interrupted a call that goes on where it was: nanosleep(2), and what sleeps like it. */
export function isInterrupted(result: bigint): boolean {
  return result === -BigInt(restarts.ERESTART_RESTARTBLOCK);
}

/** Whether the call will be made again, or a signal's handler decides if it is: its caller gets no result yet. */
export function isRestart(result: bigint): boolean {
  const number = errorNumber(result);
  return number !== undefined && number in restartTexts;
}
