/** What a rule gets is shared by all calls: it can't change it. */
import { ok, strictEqual, throws } from "node:assert/strict";
import { decodeArguments } from "../decode.ts";
import { madeUpCall } from "../fixtures.ts";

Deno.test("a choice can't be changed, since all calls share it", () => {
  const call = madeUpCall("lseek", { words: [0, 0, 1] });
  const { whence } = decodeArguments<"lseek">(call, "x86_64");
  throws(() => Object.assign(whence, { name: "SEEK_SET" }), TypeError);
  throws(() => Object.assign(whence, { value: 0 }), TypeError);
  throws(() => Object.assign(whence, { toString: () => "SEEK_END" }), TypeError);
  strictEqual(decodeArguments<"lseek">(call, "x86_64").whence.name, "SEEK_CUR");
  const unnamed = decodeArguments<"lseek">(madeUpCall("lseek", { words: [0, 0, 99] }), "x86_64");
  ok(Object.isFrozen(unnamed.whence));
});

Deno.test("names of flags can't be changed, since all calls with the same word share them", () => {
  const call = madeUpCall("open", { words: [1, 0o101] });
  const { flags } = decodeArguments<"open">(call, "x86_64");
  throws(() => (flags.names as string[]).push("O_TRUNC"), TypeError);
  throws(() => (flags.names as string[]).splice(0), TypeError);
  const again = decodeArguments<"open">(call, "x86_64").flags;
  strictEqual(again.toString(), "O_WRONLY|O_CREAT");
  ok(again.has("O_CREAT") && !again.has("O_TRUNC"));
});

Deno.test("words of flags beyond those that are remembered can't be changed either", () => {
  for (let bits = 0; bits < 600; bits++) {
    const call = madeUpCall("open", { words: [1, bits] });
    ok(Object.isFrozen(decodeArguments<"open">(call, "x86_64").flags.names));
  }
});
