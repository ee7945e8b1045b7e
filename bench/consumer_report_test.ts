import assert from "node:assert/strict";
import { parseReport, type Report } from "./consumer_report.ts";

const report: Report = {
  delivered: 2,
  counted: 3,
  last: "13576776752681",
  lost: { ring_full: 1 },
  latency: [2.5, 7.25],
};

Deno.test("a report is what it was before it was a line", () => {
  assert.deepEqual(parseReport(JSON.stringify(report)), report);
});

Deno.test("without events there is no latency", () => {
  const { latency } = parseReport(JSON.stringify({ ...report, latency: [NaN, NaN] }));
  assert.deepEqual(latency, [null, null]);
  assert.throws(() => parseReport('{"delivered":2}'));
});
