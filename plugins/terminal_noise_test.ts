import { deepStrictEqual } from "node:assert/strict";
import { PluginTrial } from "tallyman/testing";
import plugin from "./terminal_noise.ts";

Deno.test("terminal_noise: what was on a terminal is hidden, and nothing else", () => {
  const trial = new PluginTrial(plugin);
  deepStrictEqual(
    trial.hidden({ total: { read: 100, write: 7, openat: 3 }, onTerminal: { read: 60, write: 7 } }),
    { total: { read: 60, write: 7 }, new: { read: 60, write: 7 } },
  );
  deepStrictEqual(trial.hidden({ total: { read: 100 } }), { total: {}, new: {} });
});

Deno.test("terminal_noise: never more than there were", () => {
  const trial = new PluginTrial(plugin);
  deepStrictEqual(
    trial.hidden({ total: { read: 5 }, new: { read: 2 }, onTerminal: { read: 9, poll: 1 } }),
    { total: { read: 5 }, new: { read: 2 } },
  );
});
