/**
 * Files of code that a user gives us: rules, configurations.
 *
 * @module
 */
import type { VersionedCode } from "./versioned_code.ts";

export { followImports, importedFiles } from "./imported_files.ts";
export { codeErrorText, withoutVersions } from "./error_text.ts";
export { type CodeImporter, importedOnce, inTime, type Module } from "./import.ts";
export type { VersionedCode } from "./versioned_code.ts";
export type { Versions } from "./versions.ts";

/** An importer by which edited files can be imported again; who edits nothing doesn't load it. */
export async function openVersionedCode(): Promise<VersionedCode> {
  const { VersionedCode } = await import("./versioned_code.ts");
  return new VersionedCode();
}
