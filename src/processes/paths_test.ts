import { strictEqual } from "node:assert/strict";
import { absolutePath } from "./paths.ts";

Deno.test("paths: from where they begin, if that is known and a directory", () => {
  const cases = [
    ["/etc/passwd", "/tmp", "/etc/passwd"],
    ["x", "/tmp", "/tmp/x"],
    ["x", "/", "/x"],
    ["./x", "/tmp", "/tmp/x"],
    [".//./x", "/tmp", "/tmp/x"],
    [".", "/tmp", "/tmp"],
    ["./", "/tmp", "/tmp"],
    ["", "/tmp", "/tmp"],
    [".hidden", "/tmp", "/tmp/.hidden"],
    // Where a link's `..` leads is not in the text.
    ["../x", "/tmp/link", "/tmp/link/../x"],
    ["x", undefined, "x"],
    ["./x", undefined, "./x"],
    ["x", "socket:[12]", "x"],
  ] as const;
  for (const [path, base, whole] of cases) strictEqual(absolutePath(path, base), whole);
});
