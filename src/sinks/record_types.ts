/**
 * Which records there are. The schema has a row for each; this list is for those who don't load it.
 *
 * @module
 */

/** In the order in which a reader meets them. */
export const recordTypes = [
  "status",
  "container",
  "tally",
  "process",
  "event",
  "alert",
  "loss",
] as const;

/** What a record's `type` is. */
export type RecordType = typeof recordTypes[number];

/** In what formats alerts can be written. */
export const alertFormats = ["json", "ecs", "falco"] as const;

/** tallyman's own records, Elastic Common Schema, or Falco's JSON. */
export type AlertFormatName = typeof alertFormats[number];
