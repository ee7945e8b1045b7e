import { ok, strictEqual } from "node:assert/strict";
import { CallError, Errno, LibraryError } from "./errors.ts";

Deno.test("errors: say what failed, on what, and why", () => {
  const call = new CallError("mapping rows", Errno.EPERM, "Operation not permitted");
  strictEqual(call.message, "mapping rows: Operation not permitted (errno 1)");
  strictEqual(call.name, "CallError");
  const cause = new Error("no such file");
  const library = new LibraryError("libbpf.so.1", { cause });
  ok(library.message.startsWith("opening libbpf.so.1: "));
  strictEqual(library.cause, cause);
  strictEqual(library.library, "libbpf.so.1");
});
