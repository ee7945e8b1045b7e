import { ok, rejects, strictEqual } from "node:assert/strict";
import { Stop } from "./stop.ts";

const long = 60_000;

// Deno gives a signal back its default some time after its last listener is gone: another test's would do that
// to ours.
Deno.addSignalListener("SIGHUP", () => {});

/** Waits for what should be over before a wait of `long` is. */
async function cutShort(waiting: Promise<unknown>): Promise<void> {
  const start = performance.now();
  await waiting;
  ok(performance.now() - start < long, "it waited to the end");
}

Deno.test("stop: a wait ends by itself", async () => {
  using stop = new Stop();
  await stop.wait(1);
  await stop.wait(-5);
  ok(!stop.isRequested);
});

Deno.test("stop: a signal ends the wait, and all that follow", async () => {
  using stop = new Stop();
  const waiting = stop.wait(long);
  Deno.kill(Deno.pid, "SIGHUP");
  await cutShort(waiting);
  ok(stop.isRequested);
  strictEqual(await stop.requested, "SIGHUP");
  await cutShort(stop.wait(long));
});

Deno.test("stop: the first reason stays", async () => {
  using stop = new Stop();
  stop.endAfter(1);
  strictEqual(await stop.requested, "duration");
  Deno.kill(Deno.pid, "SIGHUP");
  await stop.wait(5);
  strictEqual(await stop.requested, "duration");
});

Deno.test("stop: after some ms, a wait of longer ends", async () => {
  using stop = new Stop();
  stop.endAfter(5);
  await cutShort(stop.wait(long));
  ok(stop.isRequested);
});

Deno.test("stop: what is waited for ends the wait, or fails it; so does the stop", async () => {
  using stop = new Stop();
  await stop.until(Promise.resolve());
  await rejects(stop.until(Promise.reject(new RangeError("no ring"))), RangeError);
  stop.endAfter(5);
  await stop.until(new Promise(() => {}));
  ok(stop.isRequested);
});

Deno.test("stop: disposed of, its timer is gone", () => {
  // The sanitizers tell of what is left.
  using stop = new Stop();
  stop.endAfter(long);
});
