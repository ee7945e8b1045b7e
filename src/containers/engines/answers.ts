/**
 * Reading what an engine answers. It may be anything: a field counts only when it is what it should be.
 *
 * @module
 */

/** The value at a path of own properties; undefined where the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A string that says something, raw. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The first of a list of strings. */
export function firstText(value: unknown): string | undefined {
  return Array.isArray(value) ? text(value[0]) : undefined;
}

/** A record of strings: labels, annotations. What is no string in it is left out. */
export function texts(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Not by assignment: a label may be called __proto__.
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

/** JSON that an engine has put into a string. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** The fields that have a value; undefined if none has. */
export function present<T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined },
): T | undefined {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept) as T;
}

/** An id as Docker, Podman and the CRI engines make it. Anything else might be taken for a name. */
export function isEngineId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

/** Whether a name can stand for one folder and no other. */
export function isFolderName(name: string): boolean {
  return name.length <= 255 && /^[\w+.@:-]+$/.test(name) && name !== "." && name !== "..";
}
