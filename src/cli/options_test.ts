import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { object } from "@optique/core/constructs";
import { formatMessage } from "@optique/core/message";
import { parse, type Parser } from "@optique/core/parser";
import fc from "fast-check";
import { syscallNames } from "../syscalls/mod.ts";
import * as options from "./options.ts";

/** All of them, as a command would have them. */
const parser = object({
  containers: options.containerOption(),
  syscalls: options.syscallOption(),
  host: options.hostOption(),
  interval: options.intervalOption(),
  duration: options.durationOption(),
  linger: options.lingerOption(),
  top: options.topOption(),
  jsonl: options.jsonlOption(),
  slots: options.slotsOption(),
  verbose: options.verboseOption(),
  output: options.outputOption(),
  json: options.jsonOption(),
  command: options.commandArguments(),
});

type Options = typeof parser extends Parser<"sync", infer Value, infer _> ? Value : never;

function parsed(...args: string[]): Options {
  const result = parse(parser, options.withJsonlFile(args));
  ok(result.success, result.success ? "" : formatMessage(result.error));
  return result.value;
}

function refused(...args: string[]): string {
  const result = parse(parser, options.withJsonlFile(args));
  ok(!result.success, `${args.join(" ")} was taken`);
  return formatMessage(result.error);
}

Deno.test("options: what holds without any", () => {
  deepStrictEqual(parsed(), {
    containers: [],
    syscalls: [],
    host: false,
    interval: 1000,
    duration: undefined,
    linger: 10_000,
    top: 15,
    jsonl: undefined,
    slots: undefined,
    verbose: false,
    output: undefined,
    json: false,
    command: [],
  });
});

Deno.test("options: a typo is told, with what may have been meant", () => {
  const typos = {
    "--contianer": "--container",
    "--intervall": "--interval",
    "--tpo": "--top",
    "--jsnol": "--jsonl",
    "--durration": "--duration",
    "--verbos": "--verbose",
  };
  for (const [typo, meant] of Object.entries(typos)) {
    match(refused(typo, "1"), new RegExp(`${typo}[^]*Did you mean[^]*\`?${meant}\\b`));
  }
});

Deno.test("options: a value that is missing is told", () => {
  for (const option of ["-c", "-s", "-i", "-d", "--linger", "-n", "--slots", "-o"]) {
    match(refused(option), /requires/);
  }
});

Deno.test("container: repeatable, with globs and !", () => {
  deepStrictEqual(parsed("-c", "web-*", "--container", "!web-2").containers, ["web-*", "!web-2"]);
});

Deno.test("container, syscall: an empty one, a shell's variable that is not set, is refused", () => {
  for (const empty of ["", "!"]) match(refused("-c", empty), /name, image or id/);
  for (const empty of ["", ",", " , "]) match(refused("-s", empty), /names no system call/);
});

Deno.test("syscall: lists, repeated, with globs, ! and other numberings", () => {
  deepStrictEqual(parsed("-s", "openat, close,", "--syscall", "!read,*stat*").syscalls, [
    "openat",
    "close",
    "!read",
    "*stat*",
  ]);
  deepStrictEqual(parsed("-s", "sys_700,sys_other").syscalls, ["sys_700", "sys_other"]);
});

Deno.test("syscall: other numberings' names", { ignore: Deno.build.arch !== "x86_64" }, () => {
  deepStrictEqual(parsed("-s", "i386:open,!x32:readv").syscalls, ["i386:open", "!x32:readv"]);
  match(refused("-s", "i386:opne"), /no system call "i386:opne"[^]*Did you mean "i386:open"/);
});

Deno.test("syscall: a typo is told, wherever it stands, with what may have been meant", () => {
  match(refused("-s", "opneat"), /no system call "opneat"[^]*Did you mean "openat"\?/);
  match(refused("-s", "close,!raed"), /"raed"[^]*Did you mean "read"\?/);
  match(refused("-s", "qqqqqqqqqq"), /no system call "qqqqqqqqqq"\.$/);
  match(refused("-s", "sys_open"), /no system call "sys_open"/);
  match(refused("-s", "opne*"), /no system call "opne\*"[^]*Did you mean "open\*"\?/);
  match(refused("-s", "read,!opne?t"), /"opne\?t"/);
  match(refused("-s", "qqqqqqqqqq*"), /no system call "qqqqqqqqqq\*"\.$/);
  for (const fine of ["open*", "*", "!futex*", "sys_*", "sys_7??", "[op]*", "?ead"]) {
    deepStrictEqual(parsed("-s", fine).syscalls, [fine]);
  }
});

Deno.test("syscall: every name is taken, and no text throws", () => {
  deepStrictEqual(parsed("-s", syscallNames().join(",")).syscalls, syscallNames());
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    parse(parser, ["-s", text]);
  }));
});

Deno.test("syscall: completions go on where the list ends", () => {
  const valueParser = parser.suggest({
    buffer: ["-s"],
    state: parser.initialState,
    optionsTerminated: false,
    usage: parser.usage,
  }, "close,opena");
  const texts = [...valueParser].map((each) => each.kind === "literal" ? each.text : "");
  ok(texts.includes("close,openat"), texts.join(" "));
});

Deno.test("durations: too short, too long, none at all", () => {
  strictEqual(parsed("-i", "250ms").interval, 250);
  strictEqual(parsed("--linger", "0").linger, 0);
  strictEqual(parsed("-d", "596h").duration, 596 * 3_600_000);
  match(refused("-i", "1ms"), /"1ms" is too short: "10ms" at least/);
  match(refused("-d", "597h"), /"597h" is too long: "596h" at most/);
  match(refused("-d", "9".repeat(400)), /too long/);
  match(refused("-d", "soon"), /"soon" is not a length of time: write it like "10s"/);
});

Deno.test("top: a number from 1 on, or all", () => {
  strictEqual(parsed("-n", "3").top, 3);
  strictEqual(parsed("--all").top, Infinity);
  match(refused("--top", "0"), /--top/);
  match(refused("--top", "3", "--all"), /./);
});

Deno.test("jsonl: with a file, with -, and alone", () => {
  strictEqual(parsed("--jsonl", "calls.jsonl").jsonl, "calls.jsonl");
  strictEqual(parsed("--jsonl=calls.jsonl").jsonl, "calls.jsonl");
  strictEqual(parsed("--jsonl", "-").jsonl, "-");
  strictEqual(parsed("--jsonl").jsonl, "-");
  const between = parsed("--jsonl", "-d", "1s");
  strictEqual(between.jsonl, "-");
  strictEqual(between.duration, 1000);
});

Deno.test("jsonl: what stands after -- is left alone", () => {
  deepStrictEqual(options.withJsonlFile(["--", "x", "--jsonl"]), ["--", "x", "--jsonl"]);
  deepStrictEqual(options.withJsonlFile(["--jsonl", "--", "--jsonl"]), [
    "--jsonl=-",
    "--",
    "--jsonl",
  ]);
});

Deno.test("command: everything after --, options among it", () => {
  deepStrictEqual(parsed("--json", "--", "ls", "-l", "--json").command, ["ls", "-l", "--json"]);
});

Deno.test("slots: as many as the kernel's table takes", () => {
  strictEqual(parsed("--slots", "2048").slots, 2048);
  for (const slots of ["2", "2049", "1.5", "x"]) match(refused("--slots", slots), /--slots/);
});
