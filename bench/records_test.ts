import assert from "node:assert/strict";
import { lossesIn } from "./records.ts";

Deno.test("losses are added up by reason, and nothing else is", () => {
  const lost = lossesIn([
    '{"type":"container","time":"2026-11-22T13:56:14.539228887Z","action":"seen"}',
    '{"type":"loss","time":"2026-11-22T13:56:15Z","reason":"ring_full","count":3}',
    '{"type":"loss","time":"2026-11-22T13:56:16Z","reason":"ring_full","count":4}',
    '{"type":"loss","time":"2026-11-22T13:56:16Z","reason":"no_state","count":1}',
  ]);
  assert.deepEqual(Object.fromEntries(lost), { ring_full: 7, no_state: 1 });
});
