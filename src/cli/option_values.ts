/**
 * What values of options may be: each is checked, told what is wrong with it, and completed.
 *
 * @module
 */
import { message } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import { shippedPluginNames } from "../engine/config/mod.ts";
import { isPattern, matchesCalls, syscallNames, syscallOf } from "../syscalls/mod.ts";
import { formatDuration, LONGEST, parseDuration } from "./duration.ts";
import { shippedIds } from "./rules/shipped.ts";
import { unknownCall } from "./unknown_call.ts";

/** A length of time of so many ms at least. */
export function duration(minimum: number): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "DURATION",
    placeholder: 1000,
    parse(input) {
      const value = parseDuration(input);
      if (value === undefined) {
        return {
          success: false,
          error: message`${input} is not a length of time: write it like ${"10s"} or ${"500ms"}.`,
        };
      }
      if (value > LONGEST) {
        const most = formatDuration(LONGEST);
        return { success: false, error: message`${input} is too long: ${most} at most.` };
      }
      if (value >= minimum) return { success: true, value };
      const least = formatDuration(minimum);
      return { success: false, error: message`${input} is too short: ${least} at least.` };
    },
    format: formatDuration,
  };
}

/** A name, or a pattern of names, after `!` or not. */
export function syscallPatterns(): ValueParser<"sync", readonly string[]> {
  return {
    mode: "sync",
    metavar: "LIST",
    placeholder: [],
    parse(input) {
      const patterns = input.split(",").map((part) => part.trim()).filter((part) => part !== "");
      // A shell's variable that is not set, mostly.
      if (patterns.length === 0) {
        return { success: false, error: message`${input} names no system call.` };
      }
      for (const pattern of patterns) {
        const name = pattern.replace(/^!/, "");
        const isKnown = isPattern(name)
          ? matchesCalls(name)
          : name === "sys_other" || syscallOf(name) !== undefined;
        if (!isKnown) return { success: false, error: unknownCall(name) };
      }
      return { success: true, value: patterns };
    },
    format: (patterns) => patterns.join(","),
    *suggest(prefix) {
      const [last = ""] = prefix.split(",").slice(-1);
      const before = prefix.slice(0, prefix.length - last.length);
      for (const name of syscallNames()) {
        if (name.startsWith(last)) yield { kind: "literal", text: before + name };
      }
    },
  };
}

/** A file name; `-` is standard output, and what begins with another dash is the next option. */
export function outputFile(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "FILE",
    placeholder: "-",
    parse: (input) =>
      input.startsWith("-") && input !== "-"
        ? { success: false, error: message`${input} is an option, not a file.` }
        : { success: true, value: input },
    format: (file) => file,
    *suggest(prefix) {
      yield { kind: "file", type: "file", pattern: prefix };
    },
  };
}

/** A file or folder to read, which the shell may complete. */
export function inputPath(metavar: "PATH" | "FILE" | "DIR"): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar,
    placeholder: ".",
    parse: (input) =>
      input === "" || input.startsWith("-")
        ? { success: false, error: message`${input} is not the name of a file or folder.` }
        : { success: true, value: input },
    format: (path) => path,
    *suggest(prefix) {
      yield { kind: "file", type: metavar === "DIR" ? "directory" : "any", pattern: prefix };
    },
  };
}

/** A plugin's file, or its name if it is shipped. */
export function pluginPath(): ValueParser<"sync", string> {
  return {
    ...inputPath("FILE"),
    *suggest(prefix) {
      for (const name of shippedPluginNames()) {
        if (name.startsWith(prefix)) yield { kind: "literal", text: name };
      }
      yield { kind: "file", type: "any", pattern: prefix };
    },
  };
}

/** A rule's id. Which there are is known when they are loaded; those that are shipped are completed by their files. */
export function ruleId(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "ID",
    placeholder: "id",
    parse: (input) =>
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(input) ? { success: true, value: input } : {
        success: false,
        error: message`${input} is not a rule's id: lower case, words joined by ${"-"}.`,
      },
    format: (id) => id,
    *suggest(prefix) {
      for (const id of shippedIds()) {
        if (id.startsWith(prefix)) yield { kind: "literal", text: id };
      }
    },
  };
}
