import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Pipe } from "./pipe.ts";

const linux = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "pipe: it takes what it has room for, and nothing more until somebody reads",
  linux,
  () => {
    const folder = Deno.makeTempDirSync();
    try {
      const path = join(folder, "pipe");
      const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
      ok(success);
      strictEqual(Pipe.open(path, 4096), undefined, "nobody reads");
      using reader = Deno.openSync(path, { read: true, write: true });
      using pipe = Pipe.open(path, 65_536);
      const bytes = new Uint8Array(50_000);
      strictEqual(pipe?.write(bytes), 50_000);
      const some = pipe?.write(bytes) ?? 0;
      ok(some > 0 && some < bytes.length);
      strictEqual(pipe?.write(bytes), 0);
      reader.readSync(new Uint8Array(65_536));
      ok((pipe?.write(bytes) ?? 0) > 0);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

Deno.test("pipe: what is not there", linux, () => {
  strictEqual(Pipe.open("/nonexistent/pipe", 4096), undefined);
});
