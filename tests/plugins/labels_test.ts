/** The plugin `labels`, and all that asks for containers by what only their engine knows: the first call counts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type EngineFixture, needs, startDocker } from "../engines/mod.ts";
import { Folder } from "../folder.ts";
import { recordsOf, run, type Running, start } from "../cli/monitor.ts";

const rule = `import { defineRule, isFault } from "tallyman";
export default defineRule({
  id: "acme-ran",
  title: "A program ran",
  severity: "notice",
  syscalls: ["execve"],
  limit: { burst: 1000, per: "1m" },
  filter: { outcome: "ok" },
  evaluate({ event, alert }) {
    const { argv } = event.args;
    if (!isFault(argv)) alert(argv.join(" "));
  },
  onProcess({ action, process, alert }) {
    if (action === "executed") alert(\`\${process.comm} began\`);
  },
});
`;

const script = "/bin/true one; /bin/true two; /bin/ls / > /dev/null";

/** What is told of such a container, from its first program on. */
const told = [
  "sh began",
  `/bin/sh -c ${script}`,
  "true began",
  "/bin/true one",
  "true began",
  "/bin/true two",
  "ls began",
  "/bin/ls /",
];

/** Containers that are run until the monitor has seen one. */
const TRIES = 100;

/** No name comes twice. */
let made = 0;

function isLast(text: string, name: string): boolean {
  return text.split("\n").some((line) => line.includes(name) && line.includes("/bin/ls"));
}

async function runOne(docker: EngineFixture, name: string, team: string): Promise<void> {
  const command = ["/bin/sh", "-c", script];
  await docker.run({ name, command, labels: { team }, detach: false, remove: true });
}

/** Two containers run, of which the first is asked for; each is over before anybody can ask who it was. */
async function act(docker: EngineFixture, shown: Running, isFound: () => boolean): Promise<string> {
  // Until everything is at work: that takes its time.
  for (let i = 0; !isFound() && i < TRIES; i++) await runOne(docker, `rules2-y${made++}`, "web");
  const name = `rules2-yes-${made++}`;
  await runOne(docker, `rules2-no-${made++}`, "db");
  await runOne(docker, name, "web");
  await shown.until("the last call", () => isLast(shown.stdout, name));
  return name;
}

/** The messages of alerts, by the name of their container. */
function messages(text: string): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const { type, container, message } of recordsOf(text)) {
    if (type !== "alert") continue;
    const name = String(Reflect.get(Object(container), "name"));
    byName.set(name, [...byName.get(name) ?? [], String(message)]);
  }
  return byName;
}

/** From where the container's own program begins: its runtime comes first. */
function fromFirst(messages: readonly string[] = []): string[] {
  return messages.slice(messages.indexOf("sh began"));
}

const plugins = [["labels", { labels: ["team=web"] }]];
const flags = ["--no-default-rules", "--interval=200ms", "--jsonl"];

Deno.test(
  needs("labels: the first call of a container that has one is seen, wherever rules run", "docker"),
  async (t) => {
    await using docker = await startDocker();
    const env = docker.environment;
    const ways = {
      "a plugin": { config: { rules: ["ran.ts"], plugins }, more: [] },
      "a plugin, isolated": { config: { rules: ["ran.ts"], plugins }, more: ["--isolate"] },
      "--container": { config: { rules: ["ran.ts"] }, more: ["-c", "rules2-y*"] },
      "a rule's filter": { config: { rules: ["named.ts"] }, more: [] },
      "a rule's filter, isolated": { config: { rules: ["named.ts"] }, more: ["--isolate"] },
    };
    const named = rule.replace("filter: {", `filter: { containers: ["rules2-y*"],`);
    for (const [way, { config, more }] of Object.entries(ways)) {
      await t.step(way, async () => {
        using folder = new Folder({
          "ran.ts": rule,
          "named.ts": named,
          "tallyman.config.json": JSON.stringify(config),
        });
        await using shown = start([...flags, ...more], { cwd: folder.path, env });
        const name = await act(docker, shown, () => shown.stdout.includes("/bin/ls"));
        shown.kill("SIGINT");
        const { code, stdout, stderr } = await shown.ended();
        strictEqual(code, 0, stderr);
        const found = messages(stdout);
        deepStrictEqual(fromFirst(found.get(name)), told, stdout);
        ok([...found.keys()].every((each) => each.startsWith("rules2-y")), stdout);
        ok(!recordsOf(stdout).some(({ type }) => type === "loss"), stdout);
      });
    }

    await t.step("events", async () => {
      const calls = (text: string) =>
        recordsOf(text).filter(({ type }) => type === "event").map(({ container, args }) => ({
          name: Reflect.get(Object(container), "name"),
          path: Reflect.get(Object(args), "path"),
        }));
      for (const more of [["--plugin", "./team.ts"], ["-c", "rules2-y*"]]) {
        using folder = new Folder({ "team.ts": team });
        const args = ["events", "-s", "execve", "--ok", "--jsonl", ...more];
        await using shown = start(args, { cwd: folder.path, env });
        const last = await act(docker, shown, () => shown.stdout.includes("/bin/ls"));
        shown.kill("SIGINT");
        const { code, stdout, stderr } = await shown.ended();
        strictEqual(code, 0, stderr);
        const all = calls(stdout);
        const paths = all.filter(({ name }) => name === last).map(({ path }) => path);
        deepStrictEqual(paths.slice(-4), ["/bin/sh", "/bin/true", "/bin/true", "/bin/ls"], stdout);
        ok(all.every(({ name }) => String(name).startsWith("rules2-y")), stdout);
      }
    });

    await t.step("a recording, replayed", async () => {
      using folder = new Folder({
        "ran.ts": rule,
        "tallyman.config.json": JSON.stringify({ rules: ["ran.ts"], plugins }),
      });
      const file = folder.file("r.rec");
      const args = ["record", file, "-s", "execve", "--jsonl", "-", "--no-default-rules"];
      await using recorder = start(args, { env });
      const hasSeen = (name: string) =>
        recorder.stdout.split("\n").some((line) =>
          line.includes(`"stopped"`) && line.includes(name)
        );
      for (let i = 0; !hasSeen("rules2-y") && i < TRIES; i++) {
        await runOne(docker, `rules2-y${made++}`, "web");
      }
      const name = `rules2-yes-${made++}`;
      await runOne(docker, `rules2-no-${made++}`, "db");
      await runOne(docker, name, "web");
      await recorder.until("the last container", () => hasSeen(name));
      recorder.kill("SIGINT");
      strictEqual((await recorder.ended()).code, 0, recorder.stderr);
      const { stdout } = await run(["replay", file, "--no-default-rules", "--jsonl"], {
        cwd: folder.path,
      });
      const found = messages(stdout);
      deepStrictEqual(fromFirst(found.get(name)), told, stdout);
      ok([...found.keys()].every((each) => each.startsWith("rules2-y")), stdout);
    });
  },
);

/** Not one that ships: any filter may wait. */
const team = `import { definePlugin } from "tallyman";
export default definePlugin({
  name: "team",
  title: "Events of team web",
  filter: {
    event({ event: { container } }) {
      return container.metadata === "pending" ? "not yet" : container.labels["team"] === "web";
    },
  },
});
`;
