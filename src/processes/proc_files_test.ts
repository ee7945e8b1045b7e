import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { decodeText } from "../text/mod.ts";
import { pathInError, procFiles } from "./proc_files.ts";

const linux = { ignore: Deno.build.os !== "linux" };

/** There is no such pid: include/linux/threads.h, PID_MAX_LIMIT. */
const NOBODY = 2 ** 22 + 1;

Deno.test("/proc: our own files and links", linux, () => {
  const cmdline = procFiles.file(Deno.pid, "cmdline") ?? new Uint8Array();
  ok(decodeText(cmdline).includes("test"));
  deepStrictEqual(procFiles.file(Deno.pid, "cmdline", 3), cmdline.slice(0, 3));
  deepStrictEqual(procFiles.file(Deno.pid, "cmdline", 10_000), cmdline);
  strictEqual(procFiles.link(Deno.pid, "exe"), Deno.execPath());
  strictEqual(procFiles.link(Deno.pid, "cwd"), Deno.cwd());
  ok(procFiles.pids().includes(Deno.pid));
  ok(procFiles.pids().every((pid) => pid > 0));
});

Deno.test("/proc: nothing of who isn't there", linux, () => {
  strictEqual(procFiles.file(NOBODY, "stat"), undefined);
  strictEqual(procFiles.file(NOBODY, "cmdline", 10), undefined);
  strictEqual(procFiles.link(NOBODY, "exe"), undefined);
  strictEqual(procFiles.link(Deno.pid, "fd/100000"), undefined);
});

Deno.test("/proc: links that are no UTF-8, and what Deno's error makes of them", linux, () => {
  const folder = Deno.makeTempDirSync();
  try {
    // Deno itself can make no such name; the shell can.
    const name = String.raw`a\377 "q" \\x41 \001\033\n\t ä€ \342\202 '😀' \\`;
    const script = `cd "$1" && n="$(printf '${name.replaceAll("'", `'"'"'`)}')" && mkdir "$n" &&
      ln -s "$n" link`;
    const { success, stderr } = new Deno.Command("bash", { args: ["-c", script, "bash", folder] })
      .outputSync();
    ok(success, decodeText(stderr));
    let error: unknown;
    try {
      Deno.readLinkSync(join(folder, "link"));
    } catch (thrown) {
      error = thrown;
    }
    strictEqual(pathInError(error), `a\uDCFF "q" \\x41 \x01\x1b\n\t ä€ \uDCE2\uDC82 '😀' \\`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("/proc: other errors hold no path", () => {
  strictEqual(pathInError(new Deno.errors.NotFound('"x" is not valid UTF-8')), undefined);
  strictEqual(pathInError(new Deno.errors.InvalidData("stream was not valid UTF-8")), undefined);
  strictEqual(pathInError("x"), undefined);
});
