/** Each sink that a URL asks for, against a server that refuses, breaks and comes back: what arrives is what was put, once and whole. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Delivery, single, type Target } from "../../sinks/mod.ts";
import { openSink } from "../plugins/mod.ts";
import { ConfigError } from "./error.ts";
import { loadSink } from "./plugins.ts";
import { urlChoice } from "./sinks.ts";

const record = (i: number) => ({ type: "alert", i, severity: "warning", name: "é\u2028" });
const lineOf = (i: number) => `${JSON.stringify(record(i))}\n`;

async function target(url: string, said: string[] = []): Promise<Target> {
  return openSink(await loadSink(urlChoice(url, "--sink")), (text) => said.push(text));
}

function deliver(to: Target, said: string[] = []): Delivery {
  return new Delivery(to, { limit: 2 ** 20, say: (text) => said.push(text), dropped: () => [] });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 3000 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  ok(isSo());
}

/** Keeps what a connection brings. */
async function readAll(connection: Deno.Conn, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
    onText(decoder.decode(buffer.subarray(0, n), { stream: true }));
  }
  connection.close();
}

Deno.test("sinks: a socket that is not there yet, and goes away and comes back", async () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "x.sock");
  const said: string[] = [];
  const delivery = deliver(await target(`unix:${path}`), said);
  for (let i = 0; i < 100; i++) delivery.put(single("alert", lineOf(i)));
  await until(() => said.length > 0);
  let text = "";
  const first = Deno.listen({ transport: "unix", path });
  const connection = await first.accept();
  const buffer = new Uint8Array(1 << 16);
  while (!text.endsWith(lineOf(99))) {
    const count = await connection.read(buffer);
    text += new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  }
  connection.close();
  first.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const second = Deno.listen({ transport: "unix", path });
  const accepted = second.accept();
  for (let i = 100; i < 200; i++) delivery.put(single("alert", lineOf(i)));
  const reading = readAll(await accepted, (part) => text += part);
  strictEqual(await delivery.close(), undefined);
  await reading;
  second.close();
  strictEqual(text, Array.from({ length: 200 }, (_, i) => lineOf(i)).join(""));
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("sinks: syslog on TCP: RFC 5424, framed by octets", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = server.addr as Deno.NetAddr;
  const delivery = deliver(await target(`syslog:tcp://127.0.0.1:${port}`));
  for (let i = 0; i < 50; i++) delivery.put(single("alert", lineOf(i)));
  const parts: Uint8Array[] = [];
  const connection = await server.accept();
  const reading = (async () => {
    const buffer = new Uint8Array(4096);
    for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
      parts.push(buffer.slice(0, n));
    }
  })();
  strictEqual(await delivery.close(), undefined);
  await reading;
  connection.close();
  server.close();
  const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(new TextDecoder().decode(bytes.subarray(at, space)));
    ok(length > 0);
    messages.push(new TextDecoder().decode(bytes.subarray(space + 1, space + 1 + length)));
    at = space + 1 + length;
  }
  strictEqual(messages.length, 50);
  for (const [i, message] of messages.entries()) {
    const [, header = "", text = ""] =
      /^(<132>1 - \S+ tallyman \d+ alert -) (.*)$/s.exec(message) ?? [];
    ok(header !== "", message);
    deepStrictEqual(JSON.parse(text), record(i));
  }
});

Deno.test("sinks: HTTP: what is answered by 429 or 503 is posted again, by 400 it is dropped and told", async () => {
  const answers = [503, 429, 200, 400];
  const bodies: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    strictEqual(request.headers.get("content-type"), "application/x-ndjson");
    bodies.push(await request.text());
    return new Response(null, { status: answers.shift() ?? 200 });
  });
  const said: string[] = [];
  const delivery = deliver(
    await target(`http://127.0.0.1:${server.addr.port}/in?key=secret`, said),
    said,
  );
  delivery.put(single("alert", lineOf(1)));
  await until(() => bodies.length === 3);
  delivery.put(single("alert", lineOf(2)));
  await until(() => bodies.length === 4);
  strictEqual(await delivery.close(), undefined);
  await server.shutdown();
  deepStrictEqual(bodies, [lineOf(1), lineOf(1), lineOf(1), lineOf(2)]);
  ok(said.some((text) => text.includes("1 records were refused")));
  ok(said.every((text) => !text.includes("secret")));
});

Deno.test("sinks: what is none, is told with its place and what there is", async () => {
  const said = async (url: string) => {
    try {
      await loadSink(urlChoice(url, "c.json: sinks.0"));
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    return `${url} is taken`;
  };
  for (const url of ["", "ftp://h/", "constructor:x", "/run/x.sock"]) {
    match(await said(url), /^c\.json: sinks\.0: .*: there is no such sink: unix:\/PATH, tcp:/);
  }
  const plugins: Readonly<Record<string, readonly string[]>> = {
    socket: ["unix:", "unix:x", "tcp://host", "tcp://:1", "tcp://h:99999"],
    syslog: ["syslog:", "syslog:udp://h:514"],
    http: ["https://", "http:x"],
  };
  for (const [plugin, urls] of Object.entries(plugins)) {
    for (const url of urls) {
      const text = await said(url);
      ok(
        text.startsWith(`c.json: sinks.0: ${url}: options of plugin ${plugin}: url: expect`),
        text,
      );
    }
  }
});

Deno.test("sinks: what else is said to a URL's plugin is checked, too", async () => {
  const choice = urlChoice("https://host/", "c.json: sinks.0", { header: {} });
  await rejects(
    loadSink(choice),
    /c\.json: sinks\.0: https:\/\/host\/: options of plugin http: .*header/,
  );
});
