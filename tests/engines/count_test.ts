/** The monitor on real containers: their identity, and counts that are exact. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { enginesFor, openEngines } from "../../src/containers/mod.ts";
import { paused, program, until, Watched } from "../kernel/fixture.ts";
import { straced } from "./strace.ts";
import {
  type EngineFixture,
  type FixtureName,
  needs,
  type RunContainer,
  startDocker,
  starters,
  startOci,
  startPodman,
} from "./mod.ts";

const calls = program("calls");
const binaries = { "/bin/calls": calls };

/** What runc itself calls in a new container's cgroup before it executes the program: see docs/counting.md. */
const GETPPID_BY_RUNC = 2;

/** A monitor beside the fixture, as the user of both would have it. */
function watch(engine: EngineFixture): Watched & Disposable {
  const all = openEngines({ environment: (name) => engine.environment[name] });
  const watched = new Watched({ engines: (identity) => enginesFor(identity, all) });
  return Object.assign(watched, {
    [Symbol.dispose]() {
      watched.monitor[Symbol.dispose]();
      for (const each of all) each[Symbol.dispose]();
    },
  });
}

function pidOf({ name, pid }: RunContainer): number {
  if (pid === undefined) throw new Error(`${name} has ended`);
  return pid;
}

/** What each engine's containers are to be seen as. */
const runtimes: Readonly<Record<FixtureName, string>> = {
  docker: "docker",
  podman: "podman",
  containerd: "containerd",
  runc: "runc",
  crun: "crun",
  lxc: "lxc",
  nspawn: "systemd-nspawn",
};

/** Under systemd engines are run with its cgroup driver: a guest of tests/kernels/ has it. */
const isSystemd = Deno.env.get("TALLYMAN_GUEST") === "engines";

const start: Readonly<Record<FixtureName, () => Promise<EngineFixture>>> = {
  ...Object.fromEntries(
    Object.entries(starters).map(([name, starter]) => [name, () => starter({ binaries })]),
  ) as Record<FixtureName, () => Promise<EngineFixture>>,
  ...(isSystemd && {
    docker: () => startDocker({ binaries, cgroupDriver: "systemd" }),
    podman: () => startPodman({ binaries, cgroupManager: "systemd" }),
  }),
};

/** What an engine's own first process calls beside ours: systemd-nspawn --as-pid2 is our program's parent. */
const getppidByInit: Readonly<Partial<Record<FixtureName, number>>> = { nspawn: 1 };

for (const [name, runtime] of Object.entries(runtimes) as [FixtureName, string][]) {
  Deno.test(
    needs(`count: a container of ${name} is seen, named, counted exactly, and ends`, name),
    async () => {
      await using engine = await start[name]();
      const container = await engine.run({
        command: ["/bin/calls", "pause", "getppid", "300001", "2"],
      });
      const pid = pidOf(container);
      await paused({ pid });
      using watched = watch(engine);
      const find = async () =>
        (await watched.tick()).tallies.map((tally) => tally.container)
          .find(({ identity }) => identity.id === container.id || identity.id === container.name);
      let seen = await find();
      await until("its name", async () => {
        seen = await find();
        return seen?.metadata.state === "known";
      });
      const description = seen?.metadata.state === "known" ? seen.metadata.description : undefined;
      strictEqual(description?.runtime ?? seen?.identity.runtime, runtime);
      strictEqual(description?.name, container.name);
      Deno.kill(pid, "SIGUSR1");
      const id = seen?.identity.id ?? "";
      await until("its end", async () => {
        await watched.tick();
        return watched.actions(id).includes("stopped");
      });
      watched.assertCalls("getppid", { [id]: 300_001 + (getppidByInit[name] ?? 0) });
    },
  );
}

Deno.test(
  needs("count: 1,000,000 calls from 2 threads, in 20 docker containers at once", "docker"),
  async () => {
    await using docker = await startDocker({ binaries });
    const containers: RunContainer[] = [];
    for (let i = 0; i < 20; i++) {
      containers.push(
        await docker.run({ command: ["/bin/calls", "pause", "getppid", "1000000", "2"] }),
      );
    }
    await Promise.all(containers.map((container) => paused({ pid: pidOf(container) })));
    using watched = watch(docker);
    await watched.tick();
    for (const container of containers) Deno.kill(pidOf(container), "SIGUSR1");
    await until("their ends", async () => {
      await watched.tick();
      return containers.every(({ id }) => watched.actions(id).includes("stopped"));
    });
    deepStrictEqual(
      containers.map(({ id }) => watched.total(id, "getppid")),
      containers.map(() => 1_000_000),
    );
  },
);

Deno.test(needs("count: a docker container that starts under the monitor", "docker"), async () => {
  await using docker = await startDocker({ binaries });
  using watched = watch(docker);
  const { id } = await docker.run({
    command: ["/bin/calls", "getppid", "1000000", "2"],
    detach: false,
  });
  await until("its end", async () => {
    await watched.tick();
    return watched.actions(id).includes("stopped");
  });
  strictEqual(watched.total(id, "getppid"), 1_000_000 + GETPPID_BY_RUNC);
  deepStrictEqual(watched.actions(id).filter((action) => action !== "updated"), [
    "started",
    "stopped",
  ]);
});

/** `strace -c -f` on a process, until it ends: calls by name. */
async function strace(pid: number, begin: () => void): Promise<Map<string, number>> {
  const lines = (await straced(pid, ["-c"], begin)).map((line) => line.trim().split(/\s+/));
  return new Map(
    lines.filter(([share = "", , , , last]) => /^\d/.test(share) && last !== undefined)
      .filter((columns) => columns.at(-1) !== "total")
      .map((columns) => [columns.at(-1) ?? "", Number(columns[3])]),
  );
}

for (
  const command of [
    "ls -lR /bin /proc/self/fd/",
    "md5sum /bin/busybox",
    "find / -xdev -type f",
    "for i in 1 2 3 4 5; do echo $i; done",
  ]
) {
  Deno.test(
    needs(`count: strace -c -f agrees on every call of: ${command}`, "docker"),
    async () => {
      await using docker = await startDocker({ binaries });
      // The shell waits for its signal, then runs the command: once under strace, once under the monitor.
      const script = `/bin/calls pause getppid 1; ${command} > /dev/null`;
      const inner = (pid: number) => {
        const [child = ""] = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ");
        return Number(child);
      };
      const start = async () => {
        const container = await docker.run({ command: ["/bin/sh", "-c", script] });
        const pid = pidOf(container);
        await until("the shell's child", () => inner(pid) > 0);
        await paused({ pid: inner(pid) });
        return { id: container.id, pid, begin: () => Deno.kill(inner(pid), "SIGUSR1") };
      };
      const traced = await start();
      const expected = await strace(traced.pid, traced.begin);
      const counted = await start();
      using watched = watch(docker);
      await watched.tick();
      counted.begin();
      await until("its end", async () => {
        await watched.tick();
        return watched.actions(counted.id).includes("stopped");
      });
      const actual = new Map(
        watched.ticks.flatMap(({ tallies }) => tallies)
          .findLast(({ container }) => container.identity.id === counted.id)?.total,
      );
      // strace follows the shell, not the child that paused and that the monitor counts too:
      // one getppid, its exit.
      strictEqual(actual.get("getppid"), 1);
      actual.delete("getppid");
      expected.delete("getppid");
      // exit_group never returns, and strace -c counts what returns.
      strictEqual((actual.get("exit_group") ?? 0) >= 2, true);
      actual.delete("exit_group");
      // The shell's wait for its child began before the monitor, and ended under strace.
      expected.set("wait4", (expected.get("wait4") ?? 0) - 1);
      if (expected.get("wait4") === 0) expected.delete("wait4");
      const sorted = (counts: Iterable<[string, number]>) =>
        [...counts].sort(([a], [b]) => a < b ? -1 : 1);
      deepStrictEqual(sorted(actual), sorted(expected));
    },
  );
}

Deno.test(
  needs("count: 200 runc containers within 30 s, each named and exact", "runc"),
  async () => {
    await using runc = await startOci("runc", { binaries });
    using watched = watch(runc);
    const begin = performance.now();
    const ids: string[] = [];
    for (let i = 0; i < 200; i += 4) {
      const batch = Array.from({ length: 4 }, (_, k) =>
        runc.run({
          command: ["/bin/calls", "getppid", String(1000 + i + k)],
          detach: false,
          remove: true,
        }));
      for (const { id } of await Promise.all(batch)) ids.push(id);
      await watched.tick();
    }
    const seconds = (performance.now() - begin) / 1000;
    await until("their ends", async () => {
      await watched.tick();
      return ids.every((id) => watched.actions(id).includes("stopped"));
    });
    deepStrictEqual(
      ids.map((id) => watched.total(id, "getppid")),
      ids.map((_, i) => 1000 + i + GETPPID_BY_RUNC),
    );
    for (const id of ids) {
      deepStrictEqual(watched.actions(id).filter((action) => action !== "updated"), [
        "started",
        "stopped",
      ]);
    }
    strictEqual((await watched.tick()).overflowed, 0n);
    // Not a bar on the machine's speed: only that this was the storm that it is meant to be.
    strictEqual(seconds < 60, true, `${seconds} s`);
  },
);
