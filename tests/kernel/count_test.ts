/** Counting is exact: against a program that makes calls in exact numbers. */
import { strictEqual } from "node:assert/strict";
import type { ContainerTally } from "../../src/sinks/mod.ts";
import {
  exactAttachments,
  kernelTest,
  paused,
  program,
  scaled,
  Watched,
  workload,
} from "./fixture.ts";

const calls = program("calls");

for (const attachment of exactAttachments()) {
  kernelTest(`count (${attachment}): 1,000,000 calls from 2 threads are 1,000,000`, async () => {
    using watched = new Watched({ attachments: [attachment] });
    strictEqual(watched.monitor.attachment, attachment);
    const n = scaled(1_000_000, 200_000);
    using work = await workload("exact", calls, "getppid", String(n), "2");
    work.resume();
    strictEqual((await work.status()).code, 0);
    await watched.tick();
    watched.assertCalls("getppid", { exact: n });
  });

  kernelTest(`count (${attachment}): 20 containers at once`, async () => {
    using watched = new Watched({ attachments: [attachment] });
    using started = new DisposableStack();
    const n = scaled(100_000, 10_000);
    const names = Array.from({ length: 20 }, (_, i) => `many-${i}`);
    const works = await Promise.all(
      names.map((name, i) => workload(name, calls, "getppid", String(n + i), "2")),
    );
    for (const work of works) started.use(work).resume();
    await Promise.all(works.map((work) => work.status()));
    await watched.tick();
    watched.assertCalls("getppid", Object.fromEntries(names.map((name, i) => [name, n + i])));
  });

  kernelTest(
    `count (${attachment}): children and what is executed belong to the container`,
    async () => {
      using watched = new Watched({ attachments: [attachment] });
      using forks = await workload("forks", calls, "forks", "10", "1000");
      using exec = await workload("exec", calls, "exec", "1000", calls);
      for (const work of [forks, exec]) {
        work.resume();
        strictEqual((await work.status()).code, 0);
      }
      await watched.tick();
      strictEqual(watched.total("forks", "getppid"), 10_000);
      strictEqual(watched.total("exec", "getppid"), 2_000);
    },
  );

  kernelTest(
    `count (${attachment}): a process that moves to another cgroup is counted there`,
    async () => {
      using watched = new Watched({ attachments: [attachment] });
      using there = await workload("there", calls, "pause", "getppid", "7");
      there.resume();
      await paused(there);
      // Known as containers or not: the kernel decides at each call.
      const [folder = ""] = there.folders;
      for (let round = 0; round < 3; round++) {
        using here = await workload(`here-${round}`, calls, "move", folder, "50000");
        here.resume();
        strictEqual((await here.status()).code, 0);
        await watched.tick();
        strictEqual(watched.total(`here-${round}`, "getppid"), 50_000);
        strictEqual(watched.total("there", "getppid"), (round + 1) * 50_000);
      }
      there.kill("SIGUSR1");
      await there.status();
      await watched.tick();
      watched.assertCalls("getppid", { there: 150_007 });
    },
  );

  kernelTest(`count (${attachment}): numbers without a name`, async () => {
    using watched = new Watched({ attachments: [attachment] });
    const numbers = [511, 700, 100_000, -1];
    for (const number of numbers) {
      using work = await workload(`number${number}`, calls, "number", String(number), "1234");
      work.resume();
      await work.status();
    }
    await watched.tick();
    for (const number of numbers) {
      watched.assertCalls(`sys_${number}`, { [`number${number}`]: 1234 });
    }
  });

  kernelTest(
    `count (${attachment}): more odd numbers than there is room for are still counted`,
    async () => {
      using watched = new Watched({ attachments: [attachment] });
      using work = await workload("odd", calls, "distinct", "1000", "3000");
      using other = await workload("other", calls, "number", "777", "5");
      for (const each of [work, other]) {
        each.resume();
        await each.status();
      }
      const tick = await watched.tick();
      const tally = tick.tallies.find(({ container }) => container.identity.id === "odd");
      const odd = [...tally?.total ?? []].filter(([name]) => name.startsWith("sys_"));
      strictEqual(odd.reduce((all, [, count]) => all + count, 0), 3000);
      strictEqual(odd.length, 1025, "1,024 by number, the rest together");
      strictEqual(watched.total("odd", "sys_other"), 3000 - 1024);
      strictEqual(
        watched.total("other", "sys_777"),
        5,
        "one container's numbers leave room for others'",
      );
    },
  );

  if (Deno.build.arch === "x86_64") {
    kernelTest(`count (${attachment}): 32-bit calls have their own names`, async () => {
      using watched = new Watched({ attachments: [attachment] });
      using work = await workload("compat", calls, "compat", "4321");
      work.resume();
      strictEqual((await work.status()).code, 0);
      await watched.tick();
      strictEqual(watched.total("compat", "i386:getppid"), 4321);
      // Number 64 of the 64-bit table.
      strictEqual(watched.total("compat", "semget"), 0);
      strictEqual(watched.total("compat", "getppid"), 0);
    });
  }
}

kernelTest("count: what is in no container is counted as host, when asked", async () => {
  using silent = new Watched();
  using asked = new Watched({ countHost: true });
  await new Deno.Command(calls, { args: ["getppid", "54321", "1"] }).output();
  const isHost = ({ container }: ContainerTally) => container.identity.runtime === "host";
  const host = (await asked.tick(2)).tallies.find(isHost);
  strictEqual((host?.total.get("getppid") ?? 0) >= 54_321, true);
  strictEqual((await silent.tick()).tallies.find(isHost), undefined);
});
