import assert from "node:assert/strict";
import { body, integer, map, mapIn, message, text, textIn } from "./protobuf.ts";

Deno.test("protobuf: what is written is read", () => {
  const bytes = body(
    integer(1, 300),
    text(2, "web-0"),
    map(3, { a: "1", b: "2" }),
    message(4, text(1, "x".repeat(200))),
  );
  // https://protobuf.dev/programming-guides/encoding/: 300 is 0xac 0x02
  assert.deepEqual([...bytes.subarray(0, 3)], [0x08, 0xac, 0x02]);
  assert.equal(textIn(bytes, 2), "web-0");
  assert.equal(textIn(bytes, 9), "");
  assert.deepEqual(mapIn(bytes, 3), new Map([["a", "1"], ["b", "2"]]));
});
