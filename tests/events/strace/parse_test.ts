import { deepStrictEqual as equal } from "node:assert/strict";
import { parseLine, splitParts } from "./parse.ts";
import { elements, fields, quoteBytes, toNumber, unquote } from "./text.ts";

/** Name, arguments and result of a line. */
function read(text: string): readonly (string | undefined)[] | undefined {
  const line = parseLine(text);
  return line && [line.name, ...line.args, line.result];
}

Deno.test("descriptors lose what they refer to", () => {
  equal(
    read("dup2(3</tmp/a, b>, 1</dev/null<char 1:3>>) = 1</tmp/a, b>"),
    ["dup2", "3", "1", "1"],
  );
  equal(
    read(`close(4<UNIX-STREAM:[1->2, "/run/a>b"]>) = 0`),
    ["close", "4", "0"],
  );
  equal(
    read(`openat(AT_FDCWD</root>, "a<b>", 0 /* O_RDONLY */) = 3</a>(deleted)`),
    ["openat", "AT_FDCWD", '"a<b>"', "O_RDONLY", "3"],
  );
});

Deno.test("names are read in the place of numbers, which are kept", () => {
  const line = parseLine(
    'openat(0xffffff9c /* AT_FDCWD */, "a", 0x241 /* O_WRONLY|O_CREAT|O_TRUNC */, 0644) = 3',
  );
  equal(line?.args, ["AT_FDCWD", '"a"', "O_WRONLY|O_CREAT|O_TRUNC", "0644"]);
  equal(line?.numbers, [0xffff_ff9cn, undefined, 0x241n, undefined]);
});

Deno.test("a number without a name stays, as one with its time in words does", () => {
  equal(
    read("f(0x80 /* F_??? */, {tv_sec=5 /* 1970-01-01T00:00:05+0000 */, tv_nsec=1}) = 0"),
    ["f", "0x80", "{tv_sec=5, tv_nsec=1}", "0"],
  );
});

Deno.test("commas and brackets in strings, structs and lists divide nothing", () => {
  equal(
    read(
      String.raw`execve("/a", ["a", "(\"b), "], []) = -1 ENOENT (No such file)`,
    ),
    [
      "execve",
      '"/a"',
      String.raw`["a", "(\"b), "]`,
      "[]",
      "-1 ENOENT (No such file)",
    ],
  );
  equal(splitParts("{a=[1, 2], b=3}, (4, 5)"), ["{a=[1, 2], b=3}", "(4, 5)"]);
});

Deno.test("a call that did not end has no result", () => {
  equal(read("exit_group(0) = ?"), ["exit_group", "0", "?"]);
  equal(read("pause("), ["pause", undefined]);
});

Deno.test("signals and ends are no calls", () => {
  equal(parseLine("--- SIGCHLD {si_signo=SIGCHLD} ---"), undefined);
  equal(parseLine("+++ exited with 0 +++"), undefined);
});

Deno.test("lists and structs are taken apart", () => {
  equal(elements("[1, [2, 3]]"), ["1", "[2, 3]"]);
  equal(elements("{a=1}"), undefined);
  equal([...fields('{a=1, b={c="x, y"}}')?.entries() ?? []], [
    ["a", "a=1"],
    ["b", 'b={c="x, y"}'],
  ]);
});

Deno.test("strings are the same bytes, whichever escapes they have", () => {
  equal(unquote(String.raw`"\x41\n\0012\\"...`), { bytes: "A\n\x012\\", cut: true });
  equal(unquote("NULL"), undefined);
  equal(quoteBytes("A\n", true), '"410a"...');
});

Deno.test("numbers are read as C writes them", () => {
  equal(["0", "022", "10", "-1", "0xff"].map(toNumber), [0n, 18n, 10n, -1n, 255n]);
  equal(["08", "", "0x", "a", "1970-01-01"].map(toNumber), Array(5).fill(undefined));
});
