import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { PluginTrial } from "tallyman/testing";
import plugin from "./syslog.ts";

/** What a server on TCP gets of some records. */
async function received(records: readonly object[], options = {}): Promise<string[]> {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `syslog:tcp://127.0.0.1:${server.addr.port}`;
  const trial = new PluginTrial(plugin, { url, ...options });
  const reading = (async () => await new Response((await server.accept()).readable).bytes())();
  for (let rest = records; rest.length > 0;) rest = rest.slice(await trial.write(...rest));
  await trial.close();
  return messagesIn(await reading);
}

/** Framed by octet counting: RFC 6587, section 3.4.1. */
function messagesIn(bytes: Uint8Array): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, space)));
    ok(length > 0);
    at = space + 1 + length;
    messages.push(decoder.decode(bytes.subarray(space + 1, at)));
  }
  return messages;
}

Deno.test("syslog: RFC 5424, an alert's severity, microseconds as it allows", async () => {
  const record = { type: "alert", time: "2026-11-22T20:35:02.123456789Z", severity: "warning" };
  deepStrictEqual(await received([record, { type: "tally" }], { host: "web-1", facility: 23 }), [
    `<188>1 2026-11-22T20:35:02.123456Z web-1 tallyman ${Deno.pid} alert - ${
      JSON.stringify(record)
    }`,
    `<190>1 - web-1 tallyman ${Deno.pid} tally - {"type":"tally"}`,
  ]);
});

Deno.test("syslog: a hostile type stays one field", async () => {
  const [message = ""] = await received([{ type: "a b\n<1>" }], { host: "my host" });
  strictEqual(message, `<134>1 - myhost tallyman ${Deno.pid} ab<1> - {"type":"a b\\n<1>"}`);
});

Deno.test("syslog: whatever a record is, it comes back out of its message", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), { minLength: 1 }),
      async (records) => {
        const texts = (await received(records)).map((message) => {
          const [, text = ""] = /^<\d+>1 \S+ \S+ tallyman \d+ \S+ - (.*)$/s.exec(message) ?? [];
          return text;
        });
        const read: readonly unknown[] = texts.map((text) => JSON.parse(text));
        deepStrictEqual(read, records.map((record) => JSON.parse(JSON.stringify(record))));
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("syslog: what it does not take", () => {
  const wrong = (options: object) => throws(() => new PluginTrial(plugin, options), /options of/);
  wrong({});
  wrong({ url: "tcp://host:514" });
  wrong({ url: "syslog:udp://host:514" });
  wrong({ url: "syslog:tcp://host:514", facility: 24 });
});
