import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { PluginTrial } from "tallyman/testing";
import plugin from "./http.ts";

/** A server that gives some answers, and then says yes; and what it got. */
class Server implements AsyncDisposable {
  readonly bodies: string[] = [];
  readonly headers: Headers[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly url: string;

  constructor(...answers: number[]) {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, async (request) => {
      this.headers.push(request.headers);
      this.bodies.push(await request.text());
      return new Response(null, { status: answers.shift() ?? 200 });
    });
    this.url = `http://127.0.0.1:${this.#server.addr.port}/in?key=secret`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("http: many records in one request, with the headers that are set", async () => {
  await using server = new Server();
  const headers = { authorization: "Bearer x" };
  const trial = new PluginTrial(plugin, { url: server.url, headers });
  strictEqual(await trial.write({ n: 1 }, { n: 2 }), 2);
  await trial.close();
  deepStrictEqual(server.bodies, ['{"n":1}\n{"n":2}\n']);
  const [sent] = server.headers;
  strictEqual(sent?.get("content-type"), "application/x-ndjson");
  strictEqual(sent?.get("authorization"), "Bearer x");
  deepStrictEqual(trial.said, []);
});

Deno.test("http: no more than a mebibyte in one request, but a record at least", async () => {
  await using server = new Server();
  const trial = new PluginTrial(plugin, { url: server.url });
  const large = { text: "x".repeat(700_000) };
  const huge = { text: "x".repeat(2_000_000) };
  strictEqual(await trial.write(large, large, huge), 1);
  strictEqual(await trial.write(huge, large), 1);
  await trial.close();
  deepStrictEqual(server.bodies.map(({ length }) => length), [700_012, 2_000_012]);
});

Deno.test("http: 429 and 5xx are asked again; other answers drop records, which is told without the query", async () => {
  await using server = new Server(503, 429, 400);
  const trial = new PluginTrial(plugin, { url: server.url });
  await rejects(trial.write({ n: 1 }), /the server answers 503/);
  await rejects(trial.write({ n: 1 }), /the server answers 429/);
  strictEqual(await trial.write({ n: 1 }, { n: 2 }), 2);
  strictEqual(await trial.write({ n: 3 }), 1);
  await trial.close();
  const name = server.url.replace("?key=secret", "");
  deepStrictEqual(trial.said, [
    `${name}: the server answers 400: records that it refuses are dropped.`,
    `${name}: 2 records were refused.`,
  ]);
});

Deno.test("http: what it does not take", () => {
  const wrong = (options: object) => throws(() => new PluginTrial(plugin, options), /options of/);
  wrong({});
  wrong({ url: "https://" });
  wrong({ url: "ftp://host/" });
  wrong({ url: "https://host/", headers: { "a b": "c" } });
  wrong({ url: "https://host/", header: {} });
});
