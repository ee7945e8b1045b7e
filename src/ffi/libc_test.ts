import { ok, strictEqual, throws } from "node:assert/strict";
import { CallError, Errno } from "./errors.ts";
import { Libc } from "./libc.ts";

const linux = { ignore: Deno.build.os !== "linux" };

Deno.test("libc: the reason and the error of an errno", linux, () => {
  using libc = Libc.open();
  strictEqual(libc.reason(Errno.ENOENT), "No such file or directory");
  strictEqual(libc.error("reading x", Errno.EPERM).errno, Errno.EPERM);
});

Deno.test("libc: mapping what can't be mapped is told with its errno", linux, () => {
  using libc = Libc.open();
  throws(
    () => libc.map("mapping nothing", -1, "read", { offset: 0, size: 4096 }),
    (error) => error instanceof CallError && /^mapping nothing: .*errno 9/.test(error.message),
  );
});

Deno.test(
  "libc: a process's memory is limited; of one that there is not that is told",
  linux,
  async () => {
    using libc = Libc.open();
    const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
    try {
      libc.limitData(child.pid, 123 << 20);
      const limits = Deno.readTextFileSync(`/proc/${child.pid}/limits`);
      ok(new RegExp(`^Max data size +${123 << 20} +${123 << 20} +bytes`, "m").test(limits), limits);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
    throws(
      () => libc.limitData(2 ** 30, 1 << 30),
      (error) => error instanceof CallError && error.errno === Errno.ESRCH,
    );
  },
);

Deno.test("libc: the clocks go on, in nanoseconds", linux, () => {
  using libc = Libc.open();
  const boot = libc.now("boottime");
  ok(libc.now("boottime") > boot);
  const now = libc.now("realtime") / 1_000_000n;
  // The same clock as Deno's: within an hour, whatever the machine does between the two.
  ok(Math.abs(Number(now) - Date.now()) < 3_600_000);
});
