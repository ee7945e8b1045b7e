/**
 * Settings that can be told to the child: JSON is all that it is told.
 *
 * @module
 */
import { ConfigError, type Settings } from "../config/mod.ts";

const plainTypes = ["string", "number", "boolean", "undefined"];

/** @throws {ConfigError} if rules' options have what JSON can't hold, which would become something else. */
export function mustBePlain({ rule, file = "" }: Settings): void {
  const check = (value: unknown, path: readonly string[]): void => {
    if (value === null || plainTypes.includes(typeof value)) return;
    const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
      throw new ConfigError({ file, path }, "with --isolate it has to be what JSON can hold");
    }
    for (const [key, each] of Object.entries(value as object)) check(each, [...path, key]);
  };
  check(rule, ["rule"]);
}
