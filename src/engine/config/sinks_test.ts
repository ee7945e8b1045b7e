/** Where records go to, as a configuration says it. */
import { deepStrictEqual, match, throws } from "node:assert/strict";
import { checkConfig } from "./schema.ts";
import { chooseSinks } from "./sinks.ts";

function chosen(sinks: unknown) {
  return chooseSinks(checkConfig("c.json", { sinks }).sinks ?? [], "c.json", "/etc/tallyman");
}

Deno.test("sinks: standard output, URLs and files, with what is said of them", () => {
  const url = "syslog:unix:/run/log.sock";
  deepStrictEqual(
    chosen([
      "-",
      url,
      { url: "https://host/in", queue: "2M", options: { headers: { a: "b" } } },
      { file: "a.jsonl", rotateSize: "50M", rotateInterval: "1h", rotateGzip: true, queue: "1G" },
      { file: "/b.jsonl" },
    ]),
    [
      { kind: "stdout", queue: undefined },
      {
        kind: "url",
        url,
        options: undefined,
        where: { file: "c.json", path: ["sinks", 1] },
        queue: undefined,
      },
      {
        kind: "url",
        url: "https://host/in",
        options: { headers: { a: "b" } },
        where: { file: "c.json", path: ["sinks", 2] },
        queue: 2 ** 21,
      },
      {
        kind: "file",
        path: "/etc/tallyman/a.jsonl",
        rotation: { size: 50 * 2 ** 20, interval: 3_600_000, keep: 10, gzip: true },
        queue: 2 ** 30,
      },
      { kind: "file", path: "/b.jsonl", rotation: undefined, queue: undefined },
    ],
  );
});

Deno.test("sinks: what is wrong is said with its place", () => {
  const wrong: readonly (readonly [sink: unknown, message: RegExp])[] = [
    ["alerts.jsonl", /^c\.json: sinks\.0: expected "-" or one of unix:/],
    ["kafka://host", /^c\.json: sinks\.0: expected "-" or one of unix:/],
    [{ url: "ftp://host/" }, /^c\.json: sinks\.0\.url: expected one of unix:/],
    [{ url: "tcp://h:1", queue: "10K" }, /^c\.json: sinks\.0\.queue: expected a size, from 1M on/],
    [{ url: "tcp://h:1", rotateSize: "1M" }, /rotateSize/],
    [{ file: "a", rotateSize: "1K" }, /sinks\.0\.rotateSize: expected a size, from 64K on/],
    [{ file: "a", rotateInterval: "10ms" }, /sinks\.0\.rotateInterval: expected 1s or more/],
    [{ file: "a", rotateKeep: 3 }, /rotateKeep and rotateGzip need rotateSize or rotateInterval/],
    [{ file: "a", rotateSize: "1M", keep: 3 }, /keep/],
    [{ path: "a" }, /^c\.json: sinks\.0/],
    [null, /^c\.json: sinks\.0/],
  ];
  for (const [sink, message] of wrong) {
    throws(() => chosen([sink]), (error: Error) => {
      match(error.message, message);
      return true;
    });
  }
  throws(() => chosen(["-", "-"]), /c\.json: sinks\.1: - is there twice/);
  throws(() => chosen([{ file: "a" }, { file: "./a" }]), /a is there twice/);
});
