import assert from "node:assert/strict";
import { OutputReader, script } from "./commands.ts";

const encoder = new TextEncoder();

Deno.test("commands: output and status of each, whatever the pieces it comes in", () => {
  const heard: string[] = [];
  let now = 0;
  const reader = new OutputReader("@token", (each) => heard.push(each), () => now += 500);
  const output = "noise\n@token begin 0\none\r\ntw ö\n\n@token end 0 0\n" +
    "@token begin 1\n@other end 1 0\nhalf";
  for (const byte of encoder.encode(output)) reader.push(new Uint8Array([byte]));
  assert.deepEqual(reader.results, [
    { output: "one\ntw ö\n\n", status: 0, seconds: 0.5 },
    { output: "@other end 1 0\n", status: undefined, seconds: 0 },
  ]);
  assert.equal(heard.join(""), "one\ntw ö\n\n@other end 1 0\n");
});

Deno.test("commands: the script passes every word as it is", async () => {
  const words = ["printf", "%s|", "a b", "it's", "$HOME", ""];
  const source = script([{ args: words, environment: { X: "'" }, limit: 9 }], "/", "@t");
  const { stdout } = await new Deno.Command("bash", { args: ["-c", source] }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    "@t begin 0\na b|it's|$HOME||\n@t end 0 0\n",
  );
});
