import assert from "node:assert/strict";
import { doneIn, summaryIn } from "./summary.ts";

Deno.test("summary: what deno test says at its end", () => {
  const nothing = { passed: 0, failed: 0, ignored: 0, steps: 0 };
  assert.deepEqual(summaryIn("x\nok | 3 passed | 0 failed (8s)\n"), { ...nothing, passed: 3 });
  assert.deepEqual(
    summaryIn("FAILED | 2 passed (3 steps) | 1 failed (1 step) | 4 ignored (1 step) (5s)"),
    { passed: 2, failed: 1, ignored: 4, steps: 5 },
  );
  assert.equal(summaryIn("error: No test modules found\n"), undefined);
});

Deno.test("summary: of two the last one counts", () => {
  const output = "ok | 9 passed | 0 failed (1s)\nFAILED | 0 passed | 1 failed (1s)\n";
  assert.equal(summaryIn(output)?.failed, 1);
});

Deno.test("summary: tests that were done before the end are counted, steps are not", () => {
  const output = "a ...a ... ok (2s)\nb ...\n  step ... ok (1s)\nb ... FAILED (3s)\nc ...\n";
  assert.deepEqual(doneIn(output), { passed: 1, failed: 1, ignored: 0, steps: 0 });
});
