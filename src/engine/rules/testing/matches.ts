/**
 * Whether what the decoder reads is what a test wrote: that is how it is known that it was encoded well.
 *
 * @module
 */
import { Choice, Data, Flags, isFault } from "../../../syscalls/arguments/mod.ts";

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** An object by its fields, for looking into. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function matchesFlags(decoded: Flags, given: unknown): boolean {
  if (isNumeric(given)) return decoded.value === Number(given);
  const names: readonly unknown[] = decoded.names;
  return Array.isArray(given) ? given.every((name) => names.includes(name)) : names.includes(given);
}

function matchesData(decoded: Data, given: unknown): boolean {
  if (typeof given === "string") return decoded.text === given;
  const { bytes } = decoded;
  return given instanceof Uint8Array && given.length === bytes.length &&
    given.every((byte, i) => byte === bytes[i]);
}

/** Whether a decoded value is the one that a test gave in an easier form. */
export function matches(decoded: unknown, given: unknown): boolean {
  if (given === decoded) return true;
  if (isFault(given)) return isFault(decoded) && decoded.why === given.why;
  if (isFault(decoded)) return false;
  if (decoded instanceof Flags) return matchesFlags(decoded, given);
  if (decoded instanceof Choice) return given === (isNumeric(given) ? decoded.value : decoded.name);
  if (decoded instanceof Data) return matchesData(decoded, given);
  if (isNumeric(decoded) && isNumeric(given)) return Number(decoded) === Number(given);
  if (Array.isArray(given)) {
    return Array.isArray(decoded) && decoded.length === given.length &&
      given.every((each, i) => matches(decoded[i], each));
  }
  if (!isRecord(decoded)) return false;
  // An address as text.
  if (typeof given === "string") return decoded["text"] === given;
  return isRecord(given) &&
    Object.entries(given).every(([key, part]) => part === undefined || matches(decoded[key], part));
}
