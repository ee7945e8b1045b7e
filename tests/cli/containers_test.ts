/** `containers`: what runs now. */
import { match, ok, strictEqual } from "node:assert/strict";
import { cgroupsOf, processesOf } from "./leftovers.ts";
import { root, run, start } from "./monitor.ts";

Deno.test("containers: a row each; --json for programs", root, async () => {
  await using monitor = start(["count", "--", "sh", "-c", "echo started; sleep 1000; exit"]);
  await monitor.until("the command runs", () => monitor.stdout.includes("started"));
  await monitor.until("its child", () => processesOf(monitor.pid).length === 2);
  const name = `count-${monitor.pid}`;

  const table = await run(["containers"]);
  strictEqual(table.stderr, "");
  strictEqual(table.code, 0);
  match(table.stdout, /^NAME +ID +RUNTIME +IMAGE +POD +PROCESSES +CGROUP\n/);
  const row = new RegExp(
    `^${name} +${name} +tallyman +- +- +2 +/tallyman-${monitor.pid}/${name}$`,
    "m",
  );
  match(table.stdout, row);

  const json = await run(["containers", "--json"]);
  strictEqual(json.code, 0);
  const listed: Record<string, unknown>[] = JSON.parse(json.stdout);
  const own = listed.find(({ id }) => id === name);
  ok(own !== undefined);
  strictEqual(own["runtime"], "tallyman");
  strictEqual(own["processes"], 2);
  strictEqual(own["metadata"], "known");

  // All of them: what a command leaves behind is let go, and holds its output open.
  for (const pid of processesOf(monitor.pid)) Deno.kill(pid, "SIGKILL");
  strictEqual((await monitor.ended()).code, 137);
  strictEqual(cgroupsOf(monitor.pid).length, 0);
});
