/** What is told of errors, and the exit codes for them. */
import { deepStrictEqual } from "node:assert/strict";
import { ExitCode, explain, Failure } from "./exit.ts";

Deno.test("explain: what failed while things were put away does not hide why they were", async () => {
  const told = await (async () => {
    await using _sink = {
      [Symbol.asyncDispose]: () =>
        Promise.reject(new Failure(ExitCode.failed, "2 records were not written")),
    };
    await using _file = {
      [Symbol.asyncDispose]: () => Promise.reject(new Failure(ExitCode.failed, "the disk is full")),
    };
    await Promise.resolve();
    throw new Failure(ExitCode.usage, "config.json:3:5: there is no such rule");
  })().catch(explain);
  deepStrictEqual(told, {
    code: ExitCode.usage,
    text: "config.json:3:5: there is no such rule\nthe disk is full\n2 records were not written",
  });
});
