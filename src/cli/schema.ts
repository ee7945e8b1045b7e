/**
 * `monitor.ts schema`: what records are made of, as JSON Schema.
 *
 * @module
 */
import { type RecordType, writeAll } from "../sinks/mod.ts";
import { jsonSchema } from "../sinks/schema/mod.ts";

/** Prints the schema of one type of records, or of all. */
export function schema({ type }: { readonly type: RecordType | undefined }): void {
  writeAll(Deno.stdout, `${JSON.stringify(jsonSchema(type), undefined, 2)}\n`);
}
