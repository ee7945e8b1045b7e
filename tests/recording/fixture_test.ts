/** A recording of a real container becomes a rule's test: it compiles, and the rule finds there what it found live. */
import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { checkout, root, run, Running, start } from "../cli/monitor.ts";
import { workload } from "../kernel/fixture.ts";

const NAME = `fixture-${Deno.pid}`;

const rule = `import { defineRule, isFault } from "tallyman";

export default defineRule({
  id: "secret-opened",
  title: "A secret was opened",
  severity: "warning",
  syscalls: ["openat"],
  evaluate({ event, alert }) {
    const { path } = event.args;
    if (isFault(path) || !path.endsWith("secret.txt")) return;
    alert(\`\${event.process.comm} \${event.process.argv?.join(" ")} in \${event.container.name}\`);
  },
});
`;

const test = `import { deepStrictEqual } from "node:assert/strict";
import { run } from "tallyman/testing";
import rule from "./rule.ts";
import { inputs } from "./inputs.ts";

Deno.test("the rule finds it", () => {
  const messages = run(rule, inputs).map(({ message }) => message);
  deepStrictEqual(messages, [Deno.env.get("EXPECTED")]);
});
`;

Deno.test("fixture: a stretch of a recording is a rule's test", root, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-fixture-" });
  try {
    const file = join(folder, "run.rec");
    const ruleFile = join(folder, "rule.ts");
    Deno.writeTextFileSync(ruleFile, rule);
    Deno.writeTextFileSync(join(folder, "secret.txt"), "x\n");
    await using recorder = start([
      ...["record", file, "-c", NAME, "--no-default-rules", "--rules", ruleFile],
      ...["--jsonl", join(folder, "live.jsonl")],
    ]);
    const alerts = () => {
      try {
        const text = Deno.readTextFileSync(join(folder, "live.jsonl"));
        return [...text.matchAll(/^{"type":"alert".*"message":"([^"]*)"/gm)].map(([, told]) =>
          told
        );
      } catch {
        return [];
      }
    };
    while (alerts().length === 0 && !recorder.isOver) {
      const script = `cat ${folder}/secret.txt; sleep 0.3`;
      using work = await workload(NAME, "/bin/sh", "-c", script);
      const over = work.status();
      work.resume();
      await over;
    }
    recorder.kill("SIGTERM");
    strictEqual((await recorder.ended()).code, 0);
    const [expected = ""] = alerts();
    match(expected, /^cat cat .*secret\.txt in fixture-\d+$/);

    const { code, stdout, stderr } = await run(["replay", file, "--as-fixture"]);
    strictEqual(code, 0, stderr);
    match(stdout, /^import { .*event, .*type Input } from "tallyman\/testing";$/m);
    match(stdout, /event\("openat", \{ dirfd: -100, path: ".*secret\.txt"/);
    const few = await run(["replay", file, "--as-fixture", "--first", "3"]);
    strictEqual([...few.stdout.matchAll(/^ {2}event\(/gm)].length, 3);
    const none = await run(["replay", file, "--as-fixture", "--from", "1h"]);
    ok(!none.stdout.includes("event("));

    Deno.writeTextFileSync(join(folder, "inputs.ts"), stdout);
    Deno.writeTextFileSync(join(folder, "rule_test.ts"), test);
    const config = join(checkout, "deno.json");
    await using tested = new Running([
      ...[Deno.execPath(), "test", "--allow-env", "--config", config] as const,
      join(folder, "rule_test.ts"),
    ], { env: { EXPECTED: expected } });
    const ended = await tested.ended();
    strictEqual(ended.code, 0, ended.stdout + ended.stderr);
    match(ended.stdout, /1 passed/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
