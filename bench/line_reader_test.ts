import assert from "node:assert/strict";
import { isInstalled } from "./installed.ts";
import { LineReader, parseTaken } from "./line_reader.ts";

Deno.test("what lines.c has taken", () => {
  assert.deepEqual(parseTaken("20000 8000000 13576776752681 2500000 7000000"), {
    lines: 20000,
    bytes: 8_000_000,
    last: 13576776752681n,
    latency: [2.5, 7],
  });
  assert.deepEqual(parseTaken("0 0 0 -1 -1").latency, [NaN, NaN]);
  assert.throws(() => parseTaken("0 0 0"), SyntaxError);
  assert.throws(() => parseTaken("0 0 0 a b"), SyntaxError);
});

const ignore = !await isInstalled("cc");

Deno.test("lines are counted and stamped, others are passed on", { ignore }, async () => {
  const date =
    'date -u "+{\\"type\\":\\"event\\",\\"time\\":\\"%Y-%m-%dT%H:%M:%S.%NZ\\",\\"more\\":\\"$0\\"}"';
  const script = `echo one; ${date}; ${date}; echo two; exec sleep 60`;
  const format = { text: '{"type":"event"', time: "rfc3339" } as const;
  const command = ["sh", "-c", script, "x".repeat(40)];
  await using reader = await LineReader.start(command, format);
  await reader.other(/^two$/);
  assert.deepEqual(reader.others, ["one", "two"]);
  const { lines, bytes, latency: [p50] } = await reader.take();
  assert.equal(lines, 2);
  assert.ok(bytes > 2 * 80 && bytes < 2 * 150, `${bytes} bytes`);
  assert.ok(p50 >= 0 && p50 < 10_000, `${p50} ms`);
  assert.equal((await reader.end()).lines, 0);
});

Deno.test("a command that ends early says why", { ignore }, async () => {
  const format = { text: "event", time: "none" } as const;
  await using reader = await LineReader.start(["sh", "-c", "echo no such luck >&2"], format);
  await assert.rejects(() => reader.seen(), /no such luck/);
});
