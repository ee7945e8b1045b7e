import assert from "node:assert/strict";
import { bar, table } from "./report.ts";
import { summarize } from "./statistics.ts";

Deno.test("a bar is met on its own side", () => {
  assert.equal(bar("memory", "MB", 100, "most", 110).met, true);
  assert.equal(bar("memory", "MB", 111, "most", 110).met, false);
  assert.equal(bar("faster than", "x", 3.9, "least", 4).met, false);
  assert.equal(bar("broken", "x", NaN, "most", 4).met, false);
});

Deno.test("a table names what was missed", () => {
  const text = table({
    name: "start",
    title: "Start",
    figures: [{ name: "to the first count", unit: "ms", summary: summarize([250, 260, 410]) }],
    bars: [bar("first count", "ms", 260, "most", 250)],
    notes: ["3 runs"],
  });
  assert.equal(
    text,
    [
      "Start",
      "=====",
      "                    median      ±  min  max  unit  runs",
      "to the first count     260  ±10.0  250  410    ms     3",
      "",
      "MISSED  first count  260 ms  at most 250 ms",
      "",
      "- 3 runs",
      "",
    ].join("\n"),
  );
});
