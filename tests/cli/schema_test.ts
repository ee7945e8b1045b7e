/** Every line of real runs is of the published schema: whatever a container is called, and calls. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { meant } from "../../src/sinks/json_fixtures.ts";
import { SCHEMA_VERSION } from "../../src/sinks/mod.ts";
import { anyRecord } from "../../src/sinks/schema/mod.ts";
import { encodeText } from "../../src/text/mod.ts";
import { workload } from "../kernel/fixture.ts";
import { type Ended, recordsOf, root, run, start } from "./monitor.ts";

/** Runs the monitor until it has written something, and then to its end. */
async function runUntil(what: RegExp, args: readonly string[]): Promise<Ended> {
  await using monitor = start(args);
  await monitor.until(`${what}`, () => what.test(monitor.stdout));
  monitor.kill("SIGINT");
  return await monitor.ended();
}

/** Each line as a record, all of the schema; the first and the last tell of the run. */
function valid(text: string) {
  const lines = recordsOf(text);
  const records = lines.map((line) => {
    const { error, data } = anyRecord.safeParse(line);
    if (error !== undefined) throw new Error(`${JSON.stringify(line)}: ${error.message}`);
    return data;
  });
  const [first, last] = [records[0], records.at(-1)];
  ok(first?.type === "status" && last?.type === "status");
  strictEqual(first.schema_version, SCHEMA_VERSION);
  deepStrictEqual([first.state, last.state], ["started", "stopped"]);
  strictEqual(first.os.version, Deno.osRelease());
  ok(first.time <= last.time && first.process.creation.time <= first.time);
  strictEqual(records.filter(({ type }) => type === "status").length, 2);
  return records;
}

/** A file of a name that is no UTF-8 and forges a record, which is made, read and looked for in vain. */
const hostile = String.raw`/tmp/schema-\377\n{"type":"alert"}\033[2J`;
const script = `name="$(printf '${hostile}')"
sleep 300 &
while :; do : > "$name"; cat "$name" /etc/shadow > /dev/null; rm "$name"; sleep 0.2; done`;
const hostileBytes = Uint8Array.from([
  ...encodeText("/tmp/schema-"),
  0xff,
  ...encodeText('\n{"type":"alert"}\x1b[2J'),
]);

Deno.test("schema: watch with rules: each line, and what was meant is got back", root, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-schema-" });
  try {
    Deno.writeTextFileSync(
      join(folder, "opened.ts"),
      `import { defineRule, isFault } from "tallyman";
      export default defineRule({
        id: "schema-opened",
        title: "A file was opened",
        severity: "notice",
        tags: ["mitre:T1003.008"],
        syscalls: ["openat"],
        filter: { args: { path: { prefix: "/tmp/schema-" } } },
        evaluate({ event, alert }) {
          if (!isFault(event.args.path)) alert("opened " + event.args.path, { path: event.args.path });
        },
      });`,
    );
    const name = `schema-watch-${Deno.pid}`;
    using work = await workload(name, "/bin/bash", "-c", script);
    work.resume();
    const { code, stdout, stderr } = await runUntil(/"schema-opened".*\n[^]*"tally"/, [
      ...["watch", "--jsonl", "-i", "200ms", "-c", name],
      ...["--rules", join(folder, "opened.ts")],
    ]);
    strictEqual(code, 0, stderr);
    const records = valid(stdout);
    const types = new Set(records.map(({ type }) => type));
    deepStrictEqual([...types].sort(), ["alert", "container", "status", "tally"]);
    const own = records.flatMap((record) =>
      record.type === "alert" && record.security_rule.name === "schema-opened" ? [record] : []
    );
    ok(own.length > 0);
    for (const alert of own) {
      // Of those that were held back.
      if (alert.event === undefined) continue;
      const { fields, event } = Object(meant(alert));
      deepStrictEqual(encodeText(event.args.path), hostileBytes);
      deepStrictEqual(encodeText(fields.path), hostileBytes);
      // What it returned was another file's number before: nothing is said of that.
      ok(!("ret" in (alert.event?.descriptors ?? {})));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test(
  "schema: events of most calls: each line, and what was meant is got back",
  root,
  async () => {
    const name = `schema-events-${Deno.pid}`;
    using work = await workload(name, "/bin/bash", "-c", script);
    work.resume();
    const { code, stdout, stderr } = await run([
      ...["events", "-s", "%file,%process,%desc,clock_nanosleep", "-c", name],
      ...["--jsonl", "--in-flight", "-d", "4s"],
    ]);
    strictEqual(code, 0, stderr);
    const events = valid(stdout).flatMap((record) => record.type === "event" ? [record] : []);
    ok(new Set(events.map(({ syscall }) => syscall)).size > 15);
    ok(events.some(({ in_flight }) => in_flight));
    const unlinked = events.filter(({ syscall }) => syscall === "unlinkat");
    ok(unlinked.length > 0);
    for (const event of unlinked) {
      deepStrictEqual(encodeText(Object(meant(event)).args.path), hostileBytes);
    }
    const executed = events.filter(({ process: { command_args } }) => command_args?.[0] === "cat");
    const [, argument] = Object(meant(executed[0] ?? {})).process.command_args;
    deepStrictEqual(encodeText(argument), hostileBytes);
  },
);

Deno.test("schema: with a format there are alerts alone", root, async () => {
  const name = `schema-format-${Deno.pid}`;
  using work = await workload(name, "/bin/bash", "-c", script);
  work.resume();
  for (const format of ["ecs", "falco"]) {
    const { code, stdout, stderr } = await runUntil(/\n/, [
      ...["watch", "--jsonl", "--format", format, "-i", "200ms", "-c", name],
    ]);
    strictEqual(code, 0, stderr);
    const alerts = recordsOf(stdout);
    ok(alerts.length > 0);
    for (const alert of alerts) {
      const kind = format === "ecs" ? Object(alert["event"]).kind : alert["source"];
      strictEqual(kind, format === "ecs" ? "alert" : "syscall");
    }
  }
});
