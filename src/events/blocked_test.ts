import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { blockedCall, blockedCalls } from "./blocked.ts";

const thread = {
  pid: 812,
  tid: 813,
  start: 5_000_000_000n,
  uid: 33,
  gid: 34,
  comm: "a name that is longer than 15",
};

Deno.test("what /proc says of a blocked thread is a call without memory, result and end", () => {
  const text = "202 0x7f 0x80 0x0 0xffffffffffffffff 0x1 0x2 0x7ffd 0x7f00\n";
  const call = blockedCall(text, thread, 77n);
  if (call === undefined) throw new Error("no call");
  strictEqual(call.nr, 202);
  deepStrictEqual([0, 1, 2, 3, 4, 5].map((i) => call.arg(i)), [
    0x7fn,
    0x80n,
    0n,
    0xffffffffffffffffn,
    1n,
    2n,
  ]);
  deepStrictEqual(
    [call.pid, call.tid, call.uid, call.gid, call.time, call.processStart, call.comm],
    [812, 813, 33, 34, 77n, 5_000_000_000n, "a name that is "],
  );
  deepStrictEqual([call.result, call.duration, call.piece(0)], [undefined, undefined, undefined]);
});

Deno.test("threads that run, or are blocked in no call, or say anything else, have none", () => {
  for (const text of ["running", "-1 0x7ffd 0x7f00", "", "202 0x7f"]) {
    strictEqual(blockedCall(text, thread, 0n), undefined);
  }
  fc.assert(fc.property(fc.string(), (text) => void blockedCall(text, thread, 0n)));
});

Deno.test({
  name: "a real process is found in its call",
  ignore: Deno.uid() !== 0,
  async fn() {
    await using child = new Deno.Command("sleep", { args: ["60"] }).spawn();
    let found = [...blockedCalls(child.pid, 1n)];
    for (let i = 0; i < 100 && found[0]?.comm !== "sleep"; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      found = [...blockedCalls(child.pid, 1n)];
    }
    const [call] = found;
    deepStrictEqual([call?.pid, call?.comm, call?.uid], [child.pid, "sleep", Deno.uid()]);
    ok((call?.processStart ?? 0n) > 0n);
    deepStrictEqual([...blockedCalls(2 ** 22 + 1, 1n)], []);
  },
});
