/** Times and errors: against a program that fails, and sleeps, in exact numbers. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
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

for (const attachment of exactAttachments()) {
  kernelTest(`measure (${attachment}): 200,000 failures from 2 threads are 200,000`, async () => {
    using watched = new Watched({ attachments: [attachment], errors: true });
    const n = scaled(200_000, 20_000);
    const tally = await measured(watched, "fails", "fail", String(n), "2");
    deepStrictEqual(tally.errors?.get("close"), new Map([[EBADF, n]]));
    strictEqual(tally.durations, undefined, "nobody asked for times");
  });

  kernelTest(
    `measure (${attachment}): every call's time is there, and as long as it was`,
    async () => {
      using watched = new Watched({ attachments: [attachment], latency: true });
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

  kernelTest(`measure (${attachment}): a slot's next container begins with nothing`, async () => {
    using watched = new Watched({
      attachments: [attachment],
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
}
