/** Slots: whose calls are counted where, when containers come, go, nest, and are too many. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { constants } from "../../src/kernel/mod.ts";
import { Cgroups, type Workload } from "../../src/containers/mod.ts";
import { kernelTest, paused, program, scaled, until, Watched, workload } from "./fixture.ts";

const calls = program("calls");

/** Slots for so many containers beside the host's and the overflow's. */
function slotsFor(containers: number): number {
  return constants.SLOT_FIRST + containers;
}

kernelTest(
  "slots: a container's first call counts, also when it is over before anybody looks",
  async () => {
    using watched = new Watched();
    for (let i = 0; i < 30; i++) {
      using work = await workload(`brief-${i}`, calls, "getppid", String(100 + i));
      work.resume();
      await work.status();
    }
    await watched.tick();
    for (let i = 0; i < 30; i++) {
      watched.assertCalls("getppid", { [`brief-${i}`]: 100 + i });
      deepStrictEqual(watched.actions(`brief-${i}`), ["started", "stopped"]);
    }
  },
);

kernelTest("slots: a container that ran already is seen, and counted from then on", async () => {
  using work = await workload("early", calls, "pause", "getppid", "4711");
  work.resume();
  using watched = new Watched();
  await watched.tick();
  deepStrictEqual(watched.actions("early"), ["seen"]);
  await paused(work);
  work.kill("SIGUSR1");
  await work.status();
  await watched.tick();
  strictEqual(watched.total("early", "getppid"), 4711);
  work[Symbol.dispose]();
  await until("the end of the container", async () => {
    await watched.tick();
    return watched.actions("early").includes("stopped");
  });
  deepStrictEqual(watched.actions("early"), ["seen", "stopped"]);
});

kernelTest("slots: many containers, with slots for 40 at once, each exactly", async () => {
  const many = scaled(200, 80);
  using watched = new Watched({ slots: slotsFor(40) });
  for (let i = 0; i < many; i++) {
    using work = await workload(`turn-${i}`, calls, "getppid", String(1000 + i));
    work.resume();
    await work.status();
    if (i % 5 === 4) await watched.tick();
  }
  const { overflowed } = await watched.tick();
  strictEqual(overflowed, 0n, "slots come back");
  watched.assertCalls(
    "getppid",
    Object.fromEntries(Array.from({ length: many }, (_, i) => [`turn-${i}`, 1000 + i])),
  );
});

kernelTest("slots: more containers than slots are counted together, and said", async () => {
  // Other containers on the machine take slots too.
  using before = new Watched();
  const others = (await before.tick()).tallies.length;
  using watched = new Watched({ slots: slotsFor(others + 3) });
  using works = new DisposableStack();
  const started: Workload[] = [];
  for (let i = 0; i < 8; i++) {
    const work = works.use(await workload(`crowd-${i}`, calls, "pause", "getppid", "1000"));
    work.resume();
    started.push(work);
  }
  await Promise.all(started.map(paused));
  await watched.tick();
  for (const work of started) work.kill("SIGUSR1");
  await Promise.all(started.map((work) => work.status()));
  const { overflowed } = await watched.tick();
  const own = started.reduce((all, _, i) => all + watched.total(`crowd-${i}`, "getppid"), 0);
  const together = watched.total("overflow", "getppid");
  watched.assertSum("getppid", own + together, 8000);
  strictEqual(together >= 1000, true, "some had no slot");
  strictEqual(overflowed >= 1n, true, "and that is said");
  works.dispose();
  // The slots of those that ended are free again after some ticks: a new container gets its own.
  await watched.tick(6);
  using late = await workload("late", calls, "getppid", "77");
  late.resume();
  await late.status();
  await watched.tick();
  strictEqual(watched.total("late", "getppid"), 77);
});

kernelTest("slots: a cgroup below a container's belongs to the container", async () => {
  using watched = new Watched();
  using work = await workload("outer", calls, "pause", "getppid", "10");
  work.resume();
  await watched.tick();
  const [folder = ""] = work.folders;
  // One before the kernel knows the container, more when it does.
  for (const [i, inner] of ["a", "b", "c"].entries()) {
    Deno.mkdirSync(`${folder}/${inner}/deeper`, { recursive: true });
    using mover = await workload(`mover-${i}`, calls, "move", `${folder}/${inner}/deeper`, "1000");
    mover.resume();
    strictEqual((await mover.status()).code, 0);
    await watched.tick();
    strictEqual(watched.total("outer", "getppid"), (i + 1) * 1000);
    Deno.removeSync(`${folder}/${inner}/deeper`);
    Deno.removeSync(`${folder}/${inner}`);
  }
  deepStrictEqual(watched.names.filter((name) => name === "deeper"), []);
  work.kill("SIGUSR1");
  await work.status();
  await watched.tick();
  strictEqual(watched.total("outer", "getppid"), 3010);
  deepStrictEqual(watched.actions("outer"), ["started", "stopped"]);
});

kernelTest(
  "slots: in a cgroup without a pattern only a child pid namespace is a container",
  async () => {
    using watched = new Watched();
    const name = `plain-${Deno.pid}`;
    const folder = `${Cgroups.read().mounts.v2 ?? ""}/${name}`;
    Deno.mkdirSync(folder);
    try {
      const script = `echo $$ > ${folder}/cgroup.procs
      ${calls} getppid 500
      unshare --pid --fork ${calls} getppid 900
      ${calls} getppid 500`;
      const { success } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
      strictEqual(success, true);
      await watched.tick();
      strictEqual(watched.total(name, "getppid"), 900);
    } finally {
      await until("an empty cgroup", () => Deno.readTextFileSync(`${folder}/cgroup.procs`) === "");
      Deno.removeSync(folder);
    }
    await until("its end", async () => {
      await watched.tick();
      return watched.actions(name).includes("stopped");
    });
    deepStrictEqual(watched.actions(name), ["started", "stopped"]);
  },
);
