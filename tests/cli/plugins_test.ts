/** `plugins list`, and sinks that are asked for by URLs. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { run } from "./monitor.ts";

interface Listed {
  readonly name: string;
  readonly on: boolean;
  readonly sinks?: number;
  readonly urls?: readonly string[];
}

Deno.test("plugins: sinks are off until a URL asks for them, and no URL is shown", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-list-" });
  try {
    const config = join(folder, "c.json");
    const sinks = ["tcp://h:1", { url: "unix:/x" }, "https://me:hunter2@h/", { file: "a" }];
    Deno.writeTextFileSync(config, JSON.stringify({ sinks }));
    const listed = async (...args: string[]) => {
      const { code, stdout } = await run(["plugins", "list", ...args]);
      strictEqual(code, 0);
      ok(!stdout.includes("hunter2"));
      return stdout;
    };
    const of = (json: string) => {
      const all: readonly Listed[] = JSON.parse(json);
      return all.filter(({ urls }) => urls !== undefined)
        .map(({ name, on, sinks }) => [name, on, sinks]);
    };
    const [http, socket, syslog] = ["http", "socket", "syslog"];
    deepStrictEqual(of(await listed("--config", config, "--json")), [
      [http, true, 1],
      [socket, true, 2],
      [syslog, false, undefined],
    ]);
    match(await listed("--config", config), /^2 sinks +socket +sink +shipped: --sink unix:\/PATH/m);
    match(await listed(), /^off +socket +sink +shipped: --sink unix:\/PATH, tcp:\/\/HOST:PORT$/m);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("plugins: a sink that there is not, or that its plugin does not take: exit code 2", async () => {
  const wrong: readonly (readonly [url: string, said: RegExp])[] = [
    ["kafka://h", /^--sink: kafka:\/\/h: there is no such sink: unix:\/PATH, /],
    ["tcp://h", /^--sink: tcp:\/\/h: options of plugin socket: url: expected unix:\/PATH or tcp:/],
    ["syslog:udp://h:1", /plugin syslog: url: expected syslog:unix:\/PATH or syslog:tcp:/],
  ];
  for (const [url, said] of wrong) {
    const { code, stdout, stderr } = await run(["watch", "-d", "1s", "--sink", url]);
    deepStrictEqual([code, stdout], [2, ""]);
    match(stderr, said);
  }
});

/** A plugin with a sink that looks at this of an alert. */
const looksAt = (what: string) =>
  `import { definePlugin } from "tallyman";

export default definePlugin({
  name: "mine",
  title: "Looks at alerts",
  sink: () => ({
    write({ record }) {
      if (record.type === "alert") console.error(${what});
    },
  }),
});
`;

Deno.test("plugins check: a record's fields are typed by its type", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-typed-" });
  try {
    const file = join(folder, "mine.ts");
    Deno.writeTextFileSync(file, looksAt("record.security_rule.name, record.process?.pid"));
    const right = await run(["plugins", "check", file]);
    deepStrictEqual([right.code, right.stderr], [0, ""]);
    Deno.writeTextFileSync(file, looksAt("record.mesage"));
    const { code, stderr } = await run(["plugins", "check", file]);
    match(stderr, /mine\.ts:8:\d+: TS2551: Property 'mesage' does not exist [^]* mean 'message'\?/);
    strictEqual(code, 2);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
