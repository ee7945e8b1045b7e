import assert from "node:assert/strict";
import { cpio } from "./cpio.ts";

const encoder = new TextEncoder();

Deno.test("cpio: busybox unpacks it", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeFile(
      `${directory}/archive`,
      cpio([
        { path: "bin" },
        { path: "bin/tool", content: encoder.encode("hello"), executable: true },
        { path: "empty", content: new Uint8Array() },
      ]),
    );
    const { success } = await new Deno.Command("sh", {
      args: ["-c", "busybox cpio -i <archive"],
      cwd: directory,
      stderr: "null",
    }).output();
    assert.ok(success);
    assert.equal(await Deno.readTextFile(`${directory}/bin/tool`), "hello");
    assert.equal((await Deno.stat(`${directory}/bin/tool`)).mode, 0o100755);
    assert.equal((await Deno.stat(`${directory}/empty`)).size, 0);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
