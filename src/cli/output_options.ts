/**
 * Options of how records leave. They are not in `--help`, which is to fit a screen: docs/cli.md and
 * docs/shippers.md have them.
 *
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { integer, string, type ValueParser } from "@optique/core/valueparser";
import { DEFAULT_QUEUE } from "./defaults.ts";
import { seldom } from "./help_scope.ts";
import { duration } from "./option_values.ts";
import { jsonlOption } from "./options.ts";
import { formatSize, KEPT_FILES, parseSize } from "../engine/config/mod.ts";

/** @param minimum Bytes. */
function size(minimum: number): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "SIZE",
    placeholder: minimum,
    parse(input) {
      const value = parseSize(input);
      if (value === undefined) {
        return { success: false, error: message`${input} is not a size: write it like ${"64M"}.` };
      }
      if (value >= minimum) return { success: true, value };
      return {
        success: false,
        error: message`${input} is too small: ${formatSize(minimum)} at least.`,
      };
    },
    format: formatSize,
  };
}

/** Where records go to, and what of them waits. */
export const outputOptions = () =>
  object({
    jsonl: jsonlOption(),
    sinks: multiple(
      option("--sink", string({ metavar: "URL" }), {
        description: message`Send records to unix:PATH, tcp://, https://, or syslog:unix:PATH.`,
        hidden: seldom(),
      }),
    ),
    queue: withDefault(
      option("--queue", size(2 ** 20), {
        description: message`Bytes that may wait.`,
        hidden: seldom(),
      }),
      DEFAULT_QUEUE,
    ),
    rotateSize: optional(
      option("--rotate-size", size(2 ** 16), {
        description: message`Begin a new file before one is larger.`,
        hidden: seldom(),
      }),
    ),
    rotateInterval: optional(
      option("--rotate-interval", duration(1000), {
        description: message`Begin a new file each hour, minute, …`,
        hidden: seldom(),
      }),
    ),
    rotateKeep: withDefault(
      option("--rotate-keep", integer({ metavar: "N", min: 1 }), {
        description: message`Rotated files that stay.`,
        hidden: seldom(),
      }),
      KEPT_FILES,
    ),
    rotateGzip: option("--rotate-gzip", {
      description: message`Compress rotated files but the newest.`,
      hidden: seldom(),
    }),
  });
