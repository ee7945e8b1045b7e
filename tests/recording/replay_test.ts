import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { smallRecording } from "../../src/events/recording/fixtures.ts";
import { Replay } from "../../src/engine/recording/mod.ts";

Deno.test("replay: what was lost of which call, who recorded, and when it ended", () => {
  const replay = new Replay(smallRecording());
  const losses: object[] = [];
  const calls: string[] = [];
  while (replay.read()) {
    while (replay.isPending) {
      const tick = replay.isAtTick ? replay.tick() : undefined;
      for (const { container, ...loss } of tick?.losses ?? []) {
        losses.push({ ...loss, id: container.identity.id });
      }
      if (tick === undefined) replay.drain(({ comm }) => calls.push(comm));
    }
  }
  deepStrictEqual(losses, [{ reason: "ring_full", syscall: "read", count: 3, id: "a".repeat(64) }]);
  strictEqual(calls.length, 2);
  strictEqual(replay.stopped, 2n);
  strictEqual(replay.isEnded, true);
  strictEqual(replay.writer.started, 1_767_225_599_000_000_000n);
  strictEqual(replay.writer.libbpf, "1.5");
});
