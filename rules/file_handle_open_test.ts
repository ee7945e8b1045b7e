import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./file_handle_open.ts";

Deno.test("file-handle-open: also an attempt", () => {
  const process = { comm: "shocker" };
  const inputs = [
    event("open_by_handle_at", {}, { process }),
    event("open_by_handle_at", {}, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "shocker opened a file by its handle",
    "shocker opened a file by its handle, which failed: EPERM",
  ]);
});

Deno.test("file-handle-open: not to ask for a handle", () => {
  deepStrictEqual(messages(rule, [event("name_to_handle_at", { path: "/x" })]), []);
});
