/**
 * The schema of what is written. Loaded by nobody who counts: it brings zod.
 *
 * @module
 */
export { recordExamples } from "./examples.ts";
export { type JsonSchema, jsonSchema } from "./json_schema.ts";
export { anyRecord, type JsonlRecord, recordSchemas } from "./records.ts";
