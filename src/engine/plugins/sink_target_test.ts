/** What plugins' sinks get, and get again: batches and single records, through failures of all kinds. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Delivery, single, type Target } from "../../sinks/mod.ts";
import { definePlugin, type PluginBatchSink, type PluginSink, type SinkBatch } from "./define.ts";
import { activatePlugin } from "./load.ts";
import { PluginSet } from "./set.ts";
import { openSink } from "./sink_target.ts";

const encoder = new TextEncoder();

function active(sink: PluginSink) {
  const plugin = definePlugin({ name: "mine", title: "mine", sink: () => sink });
  return activatePlugin({ plugin, file: "/plugins/mine.ts", isShipped: false });
}

function target(sink: PluginSink, said: string[] = []): Target {
  return openSink(active(sink), (text) => said.push(text));
}

function deliver(to: Target, said: string[]): Delivery {
  return new Delivery(to, { limit: 2 ** 20, say: (text) => said.push(text), dropped: () => [] });
}

const lineOf = (n: number) => `{"n":${n},"text":"ä"}\n`;

/** Fails, and takes only some, as somebody else says; keeps what it took. */
class Moody implements PluginBatchSink {
  readonly taken: string[] = [];
  readonly batchBytes: number;
  readonly #moods: number[];

  constructor(moods: readonly number[], batchBytes: number) {
    this.#moods = [...moods];
    this.batchBytes = batchBytes;
  }

  async writeBatch(batch: SinkBatch): Promise<number | void> {
    await Promise.resolve();
    const mood = this.#moods.shift() ?? 1;
    if (mood === 0) throw new Error("not now");
    const lines = Array.from(batch, ({ line }) => line);
    strictEqual(batch.count, lines.length);
    strictEqual(new TextDecoder().decode(batch.bytes), lines.map((line) => `${line}\n`).join(""));
    ok(batch.bytes.length <= this.batchBytes || lines.length === 1);
    const count = Math.ceil(lines.length * mood);
    this.taken.push(...lines.slice(0, count));
    if (count < lines.length) return count;
  }
}

Deno.test("sinks: whatever a batch's sink refuses, and takes in part, each record comes once, in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 200 }),
      async (moods, batchBytes) => {
        const sink = new Moody(moods, batchBytes);
        const to = target(sink);
        const lines = Array.from({ length: 30 }, (_, n) => lineOf(n));
        for (let rest = encoder.encode(lines.join("")); rest.length > 0;) {
          rest = rest.subarray(await to.write(rest).catch(() => 0));
        }
        deepStrictEqual(sink.taken.map((line) => `${line}\n`), lines);
      },
    ),
  );
});

Deno.test("sinks: a batch that fails waits in the queue, is told, and comes again", async () => {
  const said: string[] = [];
  const sink = new Moody([0, 0, 0.5], 2 ** 16);
  const delivery = deliver(target(sink, said), said);
  const lines = Array.from({ length: 100 }, (_, n) => lineOf(n));
  for (const line of lines) delivery.put(single("alert", line));
  strictEqual(await delivery.close(), undefined);
  deepStrictEqual(sink.taken.map((line) => `${line}\n`), lines);
  match(said[0] ?? "", /^mine: not now\. Counting goes on; \d+ records wait/);
  strictEqual(said[1], "mine: it is written to again.");
  strictEqual(said.length, 2);
});

Deno.test("sinks: what took more than there was, or nothing, is offered it again", async () => {
  for (const count of [0, 3, -1, 0.5, NaN]) {
    const to = target({ writeBatch: () => count });
    await rejects(to.write(encoder.encode(lineOf(1) + lineOf(2))), /writeBatch\(\) took .* of 2/);
  }
});

Deno.test("sinks: records come one by one; those at which it throws come again if the sink says so", async () => {
  const taken: string[] = [];
  let failures = 0;
  const to = target({
    retry: true,
    write({ line }) {
      if (failures++ % 3 < 2) throw new Error("not now");
      taken.push(line);
    },
  });
  const lines = Array.from({ length: 10 }, (_, n) => lineOf(n));
  let refused = 0;
  for (let rest = encoder.encode(lines.join("")); rest.length > 0;) {
    const length = await to.write(rest).catch(() => {
      refused++;
      return 0;
    });
    rest = rest.subarray(length);
  }
  deepStrictEqual(taken.map((line) => `${line}\n`), lines);
  ok(refused >= 10);
});

Deno.test("sinks: their name, and what they say, and that they are closed", async () => {
  const said: string[] = [];
  const plugin = definePlugin({
    name: "mine",
    title: "mine",
    sink: (_, { tell }) => ({
      name: "tcp://host:1",
      writeBatch: ({ count }) => tell(`${count} records`),
      close: () => tell("closed"),
    }),
  });
  const file = "/plugins/mine.ts";
  const to = openSink(
    activatePlugin({ plugin, file, isShipped: false }),
    (text) => said.push(text),
  );
  strictEqual(to.name, "tcp://host:1");
  const bytes = encoder.encode(lineOf(1) + lineOf(2));
  strictEqual(await to.write(bytes), bytes.length);
  await to.close();
  deepStrictEqual(said, ["tcp://host:1: 2 records", "tcp://host:1: closed"]);
});

Deno.test("sinks: a batch in an endless loop is cut; what is switched off tells what it has not taken", async () => {
  const told: string[] = [];
  await using plugins = await PluginSet.open([
    active({
      writeBatch() {
        for (;;);
      },
    }),
  ], { timeout: 50, onProblem: ({ message }) => told.push(message) });
  const output = plugins.openSinks(2 ** 20);
  for (let n = 0; n < 7; n++) output?.put(single("alert", lineOf(n)));
  while (!told.some((text) => text.includes("did not return"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await plugins[Symbol.asyncDispose]();
  match(told.join("\n"), /^7 records were not written$/m);
});
