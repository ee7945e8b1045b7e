/**
 * Events: what a program of ours calls with known arguments comes through the ring, and what does not is
 * counted.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Capture, constants } from "../../src/kernel/mod.ts";
import { argumentTests, formatCall, piecesOf } from "../../src/syscalls/arguments/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import {
  attachments,
  exactAttachments,
  kernelTest,
  program,
  until,
  workload,
} from "../kernel/fixture.ts";
import { eventsOf, takeCalls, want } from "./captured.ts";

const calls = program("calls");

for (const attachment of attachments()) {
  kernelTest(`events (${attachment}): arguments, results and memory of a call`, async () => {
    using capture = Capture.open({ attachments: [attachment], events: {} });
    const events = eventsOf(capture);
    want(events, "openat", "getppid", "execve", "write");
    const folder = Deno.makeTempDirSync();
    try {
      const long = `${folder}/${"x".repeat(200)}`;
      const script = `echo hello > ${long}; cat ${folder}/missing 2> /dev/null; exit 0`;
      using work = await workload("events", "/bin/sh", "-c", script);
      work.resume();
      await work.status();
      const lines = takeCalls(events).map((event) => {
        const duration = event.duration ?? 0n;
        ok(duration > 0n && duration < 60_000_000_000n, `${duration} ns`);
        return `${event.comm}: ${formatCall(event)}`;
      });
      const has = (what: RegExp) =>
        ok(lines.some((line) => what.test(line)), `${what}:\n${lines.join("\n")}`);
      has(/^sh: execve\("\/bin\/sh", \["\/bin\/sh", "-c", ".*\) = 0/);
      has(/^sh: openat\(AT_FDCWD, ".*x{200}", O_WRONLY\|O_CREAT\|O_TRUNC, 0666\) = 3/);
      has(/^sh: write\(1, "hello\\n", 6\) = 6/);
      has(/^cat: openat\(AT_FDCWD, ".*\/missing", O_RDONLY\) = -1 ENOENT/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });

  kernelTest(`events (${attachment}): only what is asked of a call comes`, async () => {
    using capture = Capture.open({ attachments: [attachment], events: {} });
    const events = eventsOf(capture);
    const openat = { nr: syscallNumber("openat") ?? -1, abi: "native" } as const;
    const close = { nr: syscallNumber("close") ?? -1, abi: "native" } as const;
    const created = argumentTests(openat, "flags", { has: "O_CREAT" }) ?? [];
    const numbers = argumentTests(close, "fd", { in: [1, 99] }) ?? [];
    const only = { outcome: "ok", tests: created } as const;
    events.wanted.describe(openat, { pieces: piecesOf("openat"), only });
    events.wanted.describe(close, { pieces: [], only: { outcome: "failed", tests: numbers } });
    events.wanted.setForAll([openat, close]);
    const folder = Deno.makeTempDirSync();
    try {
      // Opened and not created; created; not created, for there is no folder; closed, which is no failure; not closed.
      const script =
        `cd ${folder}; cat /etc/passwd > new; echo > missing/new; exec 1>&-; exec 99>&-`;
      using work = await workload("events", "/bin/bash", "-c", `${script}; :`);
      work.resume();
      await work.status();
      deepStrictEqual(takeCalls(events).map((event) => formatCall(event)), [
        'openat(AT_FDCWD, "new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3',
        "close(99) = -1 EBADF (Bad file descriptor)",
      ]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });

  kernelTest(`events (${attachment}): delivered and lost are what was called`, async () => {
    using capture = Capture.open({
      attachments: [attachment],
      events: { ringBytes: 2 ** 20, rate: 20_000 },
    });
    const events = eventsOf(capture);
    want(events, "getppid");
    let delivered = 0;
    const slots = new Set<number>();
    const drain = () => {
      for (const { nr, slot } of takeCalls(events, "calls")) {
        strictEqual(nr, syscallNumber("getppid"));
        slots.add(slot);
        delivered++;
      }
    };
    const n = 50_000;
    using work = await workload("lossy", calls, "getppid", String(n), "2");
    work.resume();
    const over = work.status();
    let isOver = false;
    void over.then(() => isOver = true);
    await until("the end", () => {
      drain();
      return isOver;
    });
    drain();
    strictEqual(slots.size, 1);
    const [slot = 0] = slots;
    const lost = (["ring_full", "rate_limited", "no_state", "no_exit"] as const).map(
      (reason) => Number(events.losses.count(slot, reason)),
    );
    const told = delivered + lost.reduce((all, n) => all + n, 0);
    if (!exactAttachments().includes(attachment)) {
      // What it let pass, the kernel has counted.
      ok(
        told <= n && told + Number(capture.missed) >= n,
        `${delivered}, ${lost}, ${capture.missed}`,
      );
      return;
    }
    strictEqual(told, n, `${delivered}, ${lost}`);
    ok(lost.some((n) => n > 0), "the test loses some");
    ok(slot >= constants.SLOT_FIRST);
    deepStrictEqual(capture.refused, undefined);
  });
}
