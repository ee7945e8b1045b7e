import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatDuration, LONGEST, parseDuration } from "./duration.ts";

Deno.test("parseDuration: units, fractions, and seconds without a unit", () => {
  const cases = {
    "10s": 10_000,
    "500ms": 500,
    "1.5m": 90_000,
    "2h": 7_200_000,
    "10": 10_000,
    "0.25": 250,
    "0": 0,
  };
  for (const [text, milliseconds] of Object.entries(cases)) {
    strictEqual(parseDuration(text), milliseconds, text);
  }
});

Deno.test("parseDuration: what is no length of time", () => {
  for (
    const text of [
      "",
      " 1s",
      "1 s",
      "-1s",
      "+1s",
      "1e3",
      "1.s",
      ".5s",
      "s",
      "1S",
      "1d",
      "1s\n",
      "1s1s",
    ]
  ) strictEqual(parseDuration(text), undefined, JSON.stringify(text));
});

Deno.test("parseDuration: no text throws, and what is read is a number of ms", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789.smh") }),
  );
  fc.assert(fc.property(texts, (text) => {
    const milliseconds = parseDuration(text);
    ok(milliseconds === undefined || milliseconds >= 0);
  }));
});

Deno.test("formatDuration: the shortest way to write it", () => {
  const cases = { "10s": 10_000, "500ms": 500, "90s": 90_000, "2m": 120_000, "1h": 3_600_000 };
  for (const [text, milliseconds] of Object.entries(cases)) {
    strictEqual(formatDuration(milliseconds), text);
  }
  strictEqual(formatDuration(0), "0ms");
  strictEqual(formatDuration(LONGEST), "596h");
});

Deno.test("formatDuration: parseDuration reads it back", () => {
  fc.assert(fc.property(fc.nat({ max: LONGEST }), (milliseconds) => {
    strictEqual(parseDuration(formatDuration(milliseconds)), milliseconds);
  }));
});

Deno.test("the longest is one that a timer takes", () => {
  ok(LONGEST < 2 ** 31);
});
