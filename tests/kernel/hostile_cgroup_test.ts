/** Cgroups whose names are no UTF-8: who may make a cgroup, in a container with a share of the tree, may name it so. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Cgroups } from "../../src/containers/mod.ts";
import { Monitor } from "../../src/engine/mod.ts";
import { meant } from "../../src/sinks/json_fixtures.ts";
import { line } from "../../src/sinks/mod.ts";
import { containerRecord } from "../../src/sinks/records.ts";
import { root, Running, runProgram, until } from "../cli/monitor.ts";

/** Moves itself to the cgroup of that name, calls, and takes it away again when it is told to end. */
const script = `
cgroup="$1/$(printf "$2")"
mkdir -p "$cgroup"
echo $$ > "$cgroup/cgroup.procs"
trap 'isOver=1' TERM
echo in
while [ -z "$isOver" ]; do sleep 0.05; done
echo $$ > "$1/cgroup.procs"
until rmdir "$cgroup"; do sleep 0.05; done
`;

async function inCgroup(parent: string, name: string): Promise<Running> {
  const running = new Running(["sh", "-c", script, "sh", parent, name]);
  await running.until(`to be in ${name}`, () => running.stdout.includes("in"));
  return running;
}

Deno.test(
  "cgroups: names that are no UTF-8 are told apart, and told as they are",
  root,
  async () => {
    const cgroups = Cgroups.read();
    const top = cgroups.folder("/") ?? cgroups.folder("/", "memory");
    ok(top !== undefined);
    const parent = `${top}/lxc`;
    const wasThere = isThere(parent);
    const ids = ["hostile-\udcff-1", "hostile-\udcfe-1"];
    try {
      await using before = await inCgroup(parent, "hostile-\\377-1");
      using monitor = Monitor.open();
      await using after = await inCgroup(parent, "hostile-\\376-1");
      const heard: string[] = [];
      const called = new Set<string>();
      await until("both to call", () => {
        const { changes, tallies } = monitor.tick();
        for (const change of changes) {
          const { identity } = change.container;
          if (!identity.id.startsWith("hostile-")) continue;
          heard.push(`${change.action} ${identity.id}`);
          const text = line(containerRecord(change));
          ok(text.isWellFormed());
          strictEqual(Object(meant(JSON.parse(text))).container.id, identity.id);
        }
        for (const { container: { identity }, total } of tallies) {
          if (total.size > 0 && identity.id.startsWith("hostile-")) called.add(identity.id);
        }
        return called.size === 2;
      });
      deepStrictEqual([...called].toSorted(), ids.toSorted());
      for (const running of [before, after]) running.kill("SIGTERM");
      await until("both to end", () => before.isOver && after.isOver);
      await until("that to be told", () => {
        for (const { action, container } of monitor.tick().changes) {
          if (ids.includes(container.identity.id)) heard.push(`${action} ${container.identity.id}`);
        }
        return heard.filter((text) => text.startsWith("stopped")).length === 2;
      });
      // Once each, and neither is taken for gone while it runs.
      deepStrictEqual(
        heard.filter((text) => !text.startsWith("updated")).toSorted(),
        [
          `seen ${ids[0]}`,
          `started ${ids[1]}`,
          `stopped ${ids[0]}`,
          `stopped ${ids[1]}`,
        ].toSorted(),
      );
    } finally {
      // Those of a test that failed, whose processes are killed by now. Deno can't name them.
      await runProgram("sh", "-c", 'rmdir "$1"/hostile-*-1', "sh", parent);
      if (!wasThere && isThere(parent)) Deno.removeSync(parent);
    }
  },
);

function isThere(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}
