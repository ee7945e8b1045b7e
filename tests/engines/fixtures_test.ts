/** What each private engine does, and what it leaves behind: nothing. */
import assert from "node:assert/strict";
import { cgroupIn, type FixtureName, isOver, needs, starters } from "./mod.ts";

/** What the path of a container's cgroup looks like. */
const paths: Readonly<Record<FixtureName, RegExp>> = {
  docker: /^\/docker\/[0-9a-f]{64}$/,
  podman: /^\/libpod_parent\/libpod-[0-9a-f]{64}$/,
  containerd: /^\/tm-[-\d]+\/tm-[-\d]+$/,
  runc: /\/tm-[-\d]+$/,
  crun: /\/tm-[-\d]+$/,
  lxc: /^\/lxc\.payload\.tm-[-\d]+$/,
  nspawn: /^\/machine\.slice\/machine-tm-[-\d]+\.scope\/payload$/,
};

function leftovers(): string[] {
  return [
    ...[...Deno.readDirSync("/var/tmp")].map(({ name }) => `/var/tmp/${name}`),
    ...Deno.readTextFileSync("/proc/self/mountinfo").split("\n")
      .map((line) => line.split(" ")[4] ?? ""),
  ].filter((path) => path.startsWith("/var/tmp/tm-"));
}

for (const [engine, start] of Object.entries(starters)) {
  const name = engine as FixtureName;
  Deno.test(needs(`a private ${engine}`, name), async () => {
    const before = leftovers();
    let pid: number | undefined;
    let cgroup: string;
    {
      await using fixture = await start({ binaries: { "/opt/extra": "/bin/busybox" } });
      const container = await fixture.run({ command: ["/bin/sleep", "300"] });
      pid = container.pid;
      cgroup = cgroupIn(container.cgroups);
      assert.match(cgroup, paths[name]);
      const said = await fixture.exec(container, ["/bin/ls", "/opt"]);
      assert.equal(said.stdout.trim(), "extra", said.stderr);
      await fixture.stop(container);
      await fixture.remove(container);
      // One that is left running is cleaned up.
      pid = (await fixture.run({ command: ["/bin/sleep", "300"] })).pid;
    }
    assert(pid !== undefined && await isOver(pid));
    assert.deepEqual(leftovers(), before);
    for (const root of ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory"]) {
      assert.throws(() => Deno.statSync(`${root}${cgroup}`), Deno.errors.NotFound);
    }
  });
}
