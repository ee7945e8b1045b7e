/**
 * The schema for everybody else: JSON Schema, draft 2020-12.
 *
 * @module
 */
import { z } from "zod";
import { SCHEMA_VERSION } from "../status.ts";
import type { RecordType } from "../record_types.ts";
import { anyRecord, recordSchemas } from "./records.ts";

/** What is used of JSON Schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly $ref?: string;
}

/** The JSON Schema of one type of records, or of all. Fields that will be added are let through. */
export function jsonSchema(type?: RecordType): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(
    type === undefined ? anyRecord : recordSchemas[type],
    {
      override: ({ jsonSchema }) => {
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
  return {
    $schema,
    $id: `urn:tallyman:schema:${SCHEMA_VERSION}${type === undefined ? "" : `:${type}`}`,
    title: type === undefined ? "A record of tallyman" : `A record of tallyman: ${type}`,
    ...schema,
  } as JsonSchema;
}
