/** Times and errors: against a program that fails, and sleeps, in exact numbers. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { MonitorOptions } from "../../src/engine/mod.ts";
import type { ContainerTally } from "../../src/sinks/mod.ts";
import { exactAttachments, kernelTest, program, scaled, Watched, workload } from "./fixture.ts";

const calls = program("calls");
const EBADF = 9;

async function measured(
  watched: Watched,
  name: string,
  ...args: string[]
): Promise<ContainerTally> {
  using work = await workload(name, calls, ...args);
  work.resume();
  strictEqual((await work.status()).code, 0);
  const { tallies } = await watched.tick();
  const tally = tallies.find(({ container }) => container.identity.id === name);
  if (tally === undefined) throw new Error(`${name} was not counted`);
  return tally;
}

/** Each way, and the better one with the other reading of hashes, which it may not have of itself. */
const ways: readonly Pick<MonitorOptions, "attachments" | "hashes">[] = [
  ...exactAttachments().map((attachment) => ({ attachments: [attachment] })),
  ...exactAttachments().slice(0, 1).map((attachment) => ({
    attachments: [attachment],
    hashes: "iterator" as const,
  })),
];

for (const way of ways) {
  const called = [...way.attachments ?? [], ...way.hashes === undefined ? [] : [way.hashes]].join();
  kernelTest(`measure (${called}): 200,000 failures from 2 threads are 200,000`, async () => {
    using watched = new Watched({ ...way, errors: true });
    const n = scaled(200_000, 20_000);
    const tally = await measured(watched, "fails", "fail", String(n), "2");
    deepStrictEqual(tally.errors?.get("close"), new Map([[EBADF, n]]));
    strictEqual(tally.durations, undefined, "nobody asked for times");
  });

  kernelTest(
    `measure (${called}): every call's time is there, and as long as it was`,
    async () => {
      using watched = new Watched({ ...way, latency: true });
      const tally = await measured(watched, "sleeps", "sleep", "50", "20000000");
      const durations = tally.durations?.get("clock_nanosleep");
      if (durations === undefined) throw new Error("no times");
      strictEqual(durations.calls, 50);
      // The kernel may wake late, never early.
      const [asked, late] = [20e6, scaled(10e6, 100e6)];
      ok(
        durations.total >= 50 * asked && durations.total <= 50 * (asked + late),
        `${durations.total}`,
      );
      const p50 = durations.quantile(0.5);
      ok(p50 >= asked * 0.93 && p50 <= (asked + late) * 1.07, `p50 ${p50}`);
      ok(durations.longest >= asked && durations.longest >= durations.quantile(0.99));
      strictEqual(tally.errors, undefined, "nobody asked for errors");
      const n = scaled(200_000, 20_000);
      const quick = await measured(watched, "quick", "getppid", String(n), "2");
      strictEqual(quick.durations?.get("getppid")?.calls, n);
    },
  );

  kernelTest(`measure (${called}): a slot's next container begins with nothing`, async () => {
    using watched = new Watched({
      ...way,
      latency: true,
      errors: true,
      slots: 16,
    });
    // Other containers that run here have some of the slots.
    for (let round = 0; round < scaled(30, 20); round++) {
      const tally = await measured(watched, `next-${round}`, "fail", "100", "1");
      strictEqual(tally.errors?.get("close")?.get(EBADF), 100);
      strictEqual(tally.durations?.get("close")?.calls, 100);
      await watched.tick(3);
    }
  });

  kernelTest(
    `measure (${called}): reading what was measured leaves no call uncounted`,
    async () => {
      const n = scaled(400_000, 40_000);
      using watched = new Watched({ ...way, latency: true, errors: true });
      using work = await workload("read-often", calls, "fail", String(n), "4");
      const { missed: before } = await watched.tick();
      let isOver = false;
      const status = work.status().finally(() => isOver = true);
      work.resume();
      let last: ContainerTally | undefined;
      let [met, missed] = [before, before];
      for (let after = 0; after < 3; after += Number(isOver)) {
        const tick = watched.monitor.tick();
        last = tick.tallies.find(({ container }) => container.identity.id === "read-often") ?? last;
        missed = tick.missed;
        // To take a container in is to write into a hash, once: calls may pass meanwhile, and are told.
        if (tick.changes.some(({ container }) => container.identity.id === "read-often")) {
          met = missed;
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      strictEqual((await status).code, 0);
      strictEqual(missed - met, 0n);
      const failed = last?.errors?.get("close")?.get(EBADF) ?? 0;
      ok(
        failed <= n && n - failed <= met - before,
        `${failed} of ${n}, ${met - before} were missed`,
      );
      strictEqual(last?.durations?.get("close")?.calls, last?.total.get("close"));
    },
  );
}
