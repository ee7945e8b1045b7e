import assert from "node:assert/strict";
import { buildProgram } from "./build.ts";
import { isInstalled } from "./installed.ts";
import { parseMade } from "./load.ts";
import { Workload } from "./workload.ts";

Deno.test("the load's answer", () => {
  assert.deepEqual(parseMade("2000000 13575776693197 13576776752681"), {
    calls: 2_000_000,
    began: 13575776693197n,
    ended: 13576776752681n,
  });
  assert.throws(() => parseMade("ready"), SyntaxError);
  assert.throws(() => parseMade("1 2 x"), SyntaxError);
});

const ignore = !await isInstalled("cc");

Deno.test("a rate is a number of calls, however many threads share it", { ignore }, async () => {
  await using workload = await Workload.start(await buildProgram("load"), []);
  for (const threads of [1, 2, 3]) {
    const { calls, began, ended } = parseMade(await workload.run(`10007 100 ${threads}`));
    // Each thread rounds down.
    assert.ok(calls > 1000 - threads && calls <= 1000, `${calls} calls`);
    assert.ok(ended - began >= 99_000_000n);
  }
  const unthrottled = parseMade(await workload.run("0 10 1"));
  assert.ok(unthrottled.calls > 0);
  assert.ok(unthrottled.ended - unthrottled.began >= 10_000_000n);
});

Deno.test(
  "a burst is as many calls as were asked for",
  { ignore: ignore || !isRoot() },
  async () => {
    await using workload = await Workload.start(await buildProgram("load"), []);
    const { calls, began, ended } = parseMade(await workload.run("burst 1234 0"));
    assert.equal(calls, 1234);
    assert.ok(ended > began);
  },
);

/** Who may have a CPU to itself. */
function isRoot(): boolean {
  return Deno.uid() === 0;
}
