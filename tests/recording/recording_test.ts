/** Recordings of real containers, replayed by a user who may do nothing, next to what was seen live. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import {
  checkout,
  type Ended,
  recordsOf,
  root,
  run,
  Running,
  start,
  until,
} from "../cli/monitor.ts";
import { Folder } from "../folder.ts";
import { program, workload } from "../kernel/fixture.ts";
import { acts, inContainer } from "../rules/acts.ts";
import { actProgram } from "../rules/programs.ts";

/** Of our own containers, so that others' on this machine are none of ours. */
const NAME = `recorded-${Deno.pid}`;
const SELECTED = ["-c", `${NAME}*`];

/** Runs something in a container of its own, to its end. */
async function inside(name: string, ...command: [string, ...string[]]): Promise<void> {
  using work = await workload(`${NAME}-${name}`, ...command);
  const over = work.status();
  work.resume();
  await over;
}

/** Runs it as nobody, who has no capability, and with these of Deno's permissions. */
async function asNobody(permissions: readonly string[], ...args: string[]): Promise<Ended> {
  const deno = [Deno.execPath(), "run", "--no-prompt", "--cached-only", ...permissions];
  // In a user namespace without a mapping: the files are ours to read as ever, and all else is nobody's.
  await using running = new Running([
    ...["unshare", "--user"] as const,
    ...[...deno, join(checkout, "monitor.ts"), ...args],
  ], { env: { LIBBPF_PATH: "/nowhere/libbpf.so.1" } });
  return await running.ended();
}

/** Replays as nobody: Deno lets no library be opened, nothing be run, nothing be written, and nobody be asked. */
function replayAsNobody(...args: string[]): Promise<Ended> {
  return asNobody(["--allow-read", "--allow-env", "--allow-sys"], "replay", ...args);
}

/**
 * Alerts of ours about calls, without what two monitors that run beside each other measure for themselves:
 * docs/recordings.md lists it.
 */
function comparable(jsonl: string, rules: readonly string[]): string[] {
  const alerts = recordsOf(jsonl) as {
    security_rule?: { name: string };
    message: string;
    container?: { id: string };
    event?: { syscall: string; args: unknown; ret: unknown };
  }[];
  return alerts.flatMap(({ security_rule, message, container, event }) => {
    const { name: rule = "" } = security_rule ?? {};
    const { id = "" } = container ?? {};
    // Of the first act of each: others are short, and seen well only by who asks /proc in time.
    const isOurs = id.startsWith(NAME) && id.endsWith("-0");
    if (!isOurs || event === undefined || !rules.includes(rule)) return [];
    const { syscall, args, ret } = event;
    // What was not in memory yet each has asked /proc for, in its own time: `sh` has become `dash` by then.
    const isAsked = JSON.stringify(args).includes('"fault":true');
    return [JSON.stringify({ rule, id, syscall, args, ret, ...(!isAsked && { message }) })];
  }).sort();
}

/** A plugin that changes alerts, and hears all records. */
function prefixing(file: string): string {
  return `import { definePlugin } from "tallyman";
export default definePlugin({
  name: "mine",
  title: "Alerts begin with a word",
  alert: ({ alert }) => ({ message: "told: " + alert.message }),
  sink() {
    const file = Deno.openSync(${JSON.stringify(file)}, { append: true, create: true });
    return {
      write: ({ line }) => void file.writeSync(new TextEncoder().encode(line + "\\n")),
      close: () => file.close(),
    };
  },
});
`;
}

/** The last word on a container's calls. */
function total(jsonl: string, name: string, syscall: string): number | undefined {
  const tallies = recordsOf(jsonl) as {
    type: string;
    container?: { id: string };
    total?: Record<string, number>;
  }[];
  return tallies.findLast(({ type, container }) =>
    type === "tally" && container?.id === `${NAME}-${name}`
  )?.total?.[syscall];
}

/** Text up to its last whole line. */
function whole(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

Deno.test(
  "recording: replayed without root, the same rules give the same alerts, and the counts are exact",
  root,
  async () => {
    using folder = new Folder();
    const file = folder.file("run.rec");
    await using beside = start(["watch", ...SELECTED, "--jsonl", folder.file("beside.jsonl")]);
    await using recorder = start([
      ...["record", file, ...SELECTED, "-s", "getppid"],
      ...["--jsonl", folder.file("live.jsonl")],
    ]);
    const files = ["live.jsonl", "beside.jsonl"];
    const both = (text: string) => files.every((name) => folder.read(name).includes(text));
    const isOver = () => beside.isOver || recorder.isOver;
    // Both listen when both have told of the same.
    for (let i = 0; !both(`"type":"alert"`) && !isOver(); i++) {
      await inside(`probe${i}`, "/bin/sh", "-c", "read -r line < /etc/shadow; sleep 0.2");
    }
    const act = actProgram();
    const done = ["sensitive-file-read", "dropped-executable", "fileless-exec", "reverse-shell"];
    for (const id of done) {
      for (const [i, script] of (acts[id] ?? []).entries()) {
        await inside(`${id}-${i}`, ...inContainer(script, act));
      }
    }
    await inside("exact", program("calls"), "getppid", "54321", "1");
    await until(
      "both to have counted",
      () =>
        isOver() ||
        files.every((name) => total(whole(folder.read(name)), "exact", "getppid") === 54321),
    );
    for (const each of [beside, recorder]) each.kill("SIGTERM");
    strictEqual((await beside.ended()).code, 0);
    const { code, stderr } = await recorder.ended();
    strictEqual(code, 0, stderr);
    match(stderr, /run\.rec: \d+ events, \d+ bytes\n$/);
    strictEqual((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);

    const replayed = await replayAsNobody(file, "--jsonl");
    deepStrictEqual([replayed.code, replayed.stderr], [0, ""]);
    const live = folder.read("live.jsonl");
    strictEqual(replayed.stdout, live, "byte for byte");
    strictEqual(total(live, "exact", "getppid"), 54321);
    const rules = new Set((recordsOf(live) as { security_rule?: { name: string } }[])
      .map(({ security_rule }) => security_rule?.name));
    for (const id of done) ok(rules.has(id), `${id} is among ${[...rules].join(" ")}`);
    const told = ["sensitive-file-read", "dropped-executable", "reverse-shell"];
    const alerts = comparable(live, told);
    deepStrictEqual(alerts, comparable(folder.read("beside.jsonl"), told));
    ok(alerts.length >= told.length, `${alerts.length} alerts`);

    // Plugins run as they do live.
    const plugin = folder.file("mine.ts");
    Deno.writeTextFileSync(plugin, prefixing(folder.file("heard.jsonl")));
    const changed = await run(["replay", file, "--jsonl", "--plugin", plugin]);
    deepStrictEqual([changed.code, changed.stderr], [0, ""]);
    const messages = (jsonl: string) =>
      recordsOf(jsonl).filter(({ type }) => type === "alert").map(({ message }) => message);
    deepStrictEqual(messages(changed.stdout), messages(live).map((message) => `told: ${message}`));
    strictEqual(folder.read("heard.jsonl"), changed.stdout);

    // That nobody could have seen it live.
    strictEqual((await asNobody(["-A"], "watch", "--duration", "1s")).code, 3);

    const blocks = await replayAsNobody(file, "--no-default-rules", "--top", "3");
    strictEqual(blocks.code, 0);
    match(blocks.stdout, new RegExp(`^${NAME}-exact {2}`, "m"));
    match(blocks.stdout, /getppid +54,321/);
  },
);

Deno.test(
  "recording: of one whose recorder is killed all whole blocks are read",
  root,
  async () => {
    using folder = new Folder();
    const file = folder.file("killed.rec");
    await using recorder = start([
      ...["record", file, ...SELECTED, "-s", "getppid,openat", "--no-default-rules"],
      ...["--jsonl", folder.file("live.jsonl")],
    ]);
    const calls = program("calls");
    await recorder.until("its first tick", () => {
      try {
        return Deno.statSync(file).size > 300;
      } catch {
        return false;
      }
    });
    let runs = 0;
    while (!folder.read("live.jsonl").includes("getppid") && !recorder.isOver) {
      await inside(`killed${runs++}`, calls, "getppid", "1000", "1");
    }
    // A tick ends a block, and it is written in the background.
    const { size } = Deno.statSync(file);
    await recorder.until("another block", () => Deno.statSync(file).size > size);
    recorder.kill("SIGKILL");
    await recorder.ended();
    const live = folder.read("live.jsonl");
    const { code, stdout, stderr } = await replayAsNobody(file, "--no-default-rules", "--jsonl");
    strictEqual(code, 0, stderr);
    match(stderr, /killed\.rec: .*the recorder was stopped/);
    ok(live.startsWith(stdout) || stdout.startsWith(live), "the same, as far as both go");
    match(stdout, /getppid/);

    // Torn within a block: what is before it is replayed.
    const bytes = Deno.readFileSync(file);
    Deno.writeFileSync(file, bytes.subarray(0, bytes.length - 9));
    const torn = await replayAsNobody(file, "--no-default-rules", "--jsonl");
    strictEqual(torn.code, 0, torn.stderr);
    match(torn.stderr, /killed\.rec: at byte \d+: \d+ bytes of a block/);
    ok(stdout.startsWith(torn.stdout));

    // Damaged: told with its place, and an error.
    bytes[bytes.length - 9]! ^= 1;
    Deno.writeFileSync(file, bytes);
    const damaged = await replayAsNobody(file, "--no-default-rules", "--jsonl");
    strictEqual(damaged.code, 1);
    match(damaged.stderr, /killed\.rec: at byte \d+: a block whose checksum is wrong/);
  },
);

Deno.test("recording: no file is written over, and what is none is told", root, async () => {
  using folder = new Folder();
  const file = folder.file("there.rec");
  Deno.writeTextFileSync(file, "kept");
  const again = await run(["record", file, "--duration", "0s"]);
  strictEqual(again.code, 2, again.stderr);
  match(again.stderr, /there\.rec is there already/);
  strictEqual(Deno.readTextFileSync(file), "kept");
  const none = await run(["replay", file]);
  deepStrictEqual([none.code, none.stdout], [1, ""]);
  match(none.stderr, /there\.rec: at byte 0: it does not begin with TALLYREC: no recording\n$/);
  const missing = await run(["replay", folder.file("nowhere.rec")]);
  strictEqual(missing.code, 1);
  match(missing.stderr, /No such file/);
  ok(!missing.stderr.includes("    at "));
});

/** A rule on openat with some filter. */
function openings(id: string, filter: string): string {
  return `import { defineRule } from "tallyman";
export default defineRule({
  id: "${id}",
  title: "A file was opened",
  severity: "info",
  syscalls: ["openat"],
  ${filter}
  evaluate: ({ event, alert }) => alert(event.process.comm),
});
`;
}

Deno.test("recording: calls that filters left in the kernel are told of", root, async () => {
  using folder = new Folder();
  const file = folder.file("some.rec");
  const [failed, all] = [folder.file("failed.ts"), folder.file("all.ts")];
  Deno.writeTextFileSync(failed, openings("failed-opens", `filter: { outcome: "failed" },`));
  Deno.writeTextFileSync(all, openings("all-opens", ""));
  const own = ["--no-default-rules", "--rules"];
  const recorded = await run(["record", file, ...SELECTED, ...own, failed, "--duration", "0s"]);
  strictEqual(recorded.code, 0, recorded.stderr);
  const same = await replayAsNobody(file, ...own, failed, "--jsonl");
  deepStrictEqual([same.code, same.stderr], [0, ""]);
  const states = recordsOf(same.stdout).filter(({ type }) => type === "status");
  deepStrictEqual(states.map(({ state }) => state), ["started", "stopped"]);
  const more = await replayAsNobody(file, ...own, all, "--jsonl");
  strictEqual(more.code, 0);
  match(more.stderr, /some\.rec: rules look at calls of which only some were recorded: openat\n$/);
  const config = folder.file("tallyman.config.json");
  const plugin = folder.file("mine.ts");
  Deno.writeTextFileSync(plugin, prefixing(folder.file("heard.jsonl")));
  Deno.writeTextFileSync(config, `{ "plugins": ["./mine.ts"] }`);
  const other = folder.file("other.rec");
  const quiet = await run(["record", other, "--duration", "0s", "--config", config]);
  match(quiet.stderr, /^no plugins run here, not those of the configuration: .*mine\.ts\n/);
  Deno.writeTextFileSync(config, `{ "isolate": true }`);
  const isolated = await replayAsNobody(file, "--config", config);
  deepStrictEqual([isolated.code, isolated.stdout], [2, ""]);
  match(isolated.stderr, /tallyman\.config\.json: isolate is set, and this command runs rules/);
});
