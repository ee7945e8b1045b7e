import assert from "node:assert/strict";
import { countLines } from "./event_file.ts";

const encoder = new TextEncoder();
const prefix = encoder.encode('{"type":"event"');

Deno.test("lines that begin with the text are counted, and where the last of them ends", () => {
  const text =
    '{"type":"container"}\n{"type":"event","n":1}\n{"type":"event","n":2}\n{"type":"loss"}\n';
  assert.deepEqual(countLines(encoder.encode(text), prefix), {
    counted: 2,
    end: text.indexOf('{"type":"loss"'),
    others: ['{"type":"container"}', '{"type":"loss"}'],
  });
});

Deno.test("nothing has no lines", () => {
  assert.deepEqual(countLines(new Uint8Array(), prefix), { counted: 0, end: 0, others: [] });
});

Deno.test("text in the middle of a line does not count", () => {
  const { counted } = countLines(encoder.encode(' {"type":"event"}\n{"type":"even\n'), prefix);
  assert.equal(counted, 0);
});
