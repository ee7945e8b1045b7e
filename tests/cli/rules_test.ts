/** `monitor.ts rules`, and the configuration of rules, as their user meets them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Ended, recordsOf, root, run, Running } from "./monitor.ts";
import { Folder as TestFolder } from "../folder.ts";

/** A folder in which the monitor is run. */
class Folder extends TestFolder {
  names(folder = "."): string[] {
    return [...Deno.readDirSync(this.file(folder))].map(({ name }) => name).sort();
  }

  async run(args: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return await run(args.split(" "), { cwd: this.path, env });
  }
}

/** A rule that finds each file that is opened. */
const opened = `import { defineRule, z } from "tallyman";

export default defineRule({
  id: "any-opened",
  title: "A file was opened",
  severity: "info",
  description: "Finds every file that is opened, which is too much for anything but a test.",
  tags: ["test"],
  syscalls: ["openat"],
  filter: { outcome: "ok", containers: ["!none"] },
  options: z.object({
    word: z.string().default("opened").describe("How it is told."),
    most: z.int().default(3),
  }),
  limit: { burst: 2, per: "1m", by: (event) => event.process.comm },
  evaluate({ event, options, alert }) {
    alert(\`\${event.process.comm} \${options.word} \${event.args.path}\`);
  },
  onTally() {},
});
`;

function wrong({ code, stdout, stderr }: Ended, told: RegExp): void {
  match(stderr, told);
  strictEqual(stdout, "");
  strictEqual(code, 2, stderr);
  ok(!stderr.includes("    at "), "a stack helps nobody here");
}

function right({ code, stdout, stderr }: Ended): string {
  strictEqual(stderr, "");
  strictEqual(code, 0);
  return stdout;
}

interface Listed {
  readonly id: string;
  readonly on: boolean;
  readonly shipped: boolean;
  readonly severity: string;
  readonly limit: object;
}

async function listed(folder: Folder, args = ""): Promise<Map<string, Listed>> {
  const all: Listed[] = JSON.parse(right(await folder.run(`rules list --json${args}`)));
  return new Map(all.map((each) => [each.id, each]));
}

Deno.test("rules list: what is shipped, and somebody's own, on and off", async () => {
  using folder = new Folder({ "mine/opened.ts": opened });
  const text = right(await folder.run("rules list --rules mine --no-rule sensitive-file-read"));
  match(text, /^ +RULE +SEVERITY +LISTENS TO +FROM$/m);
  match(text, /^on +any-opened +info +openat, tallies +mine\/opened\.ts$/m);
  match(text, /^off +sensitive-file-read +\w+ +open, openat \+\d+ +shipped$/m);
  const none = await listed(folder, " --no-default-rules");
  ok(none.size > 0);
  for (const { on, shipped } of none.values()) deepStrictEqual([on, shipped], [false, true]);
  const one = await listed(folder, " --no-default-rules --rule sensitive-file-read");
  deepStrictEqual([...one.values()].filter(({ on }) => on).map(({ id }) => id), [
    "sensitive-file-read",
  ]);
});

Deno.test("config: in the current folder; flags win over it", async () => {
  const config = {
    rules: ["../mine"],
    defaultRules: false,
    rule: {
      "any-opened": { severity: "critical", limit: { burst: 1, per: "1h" } },
      "sensitive-file-read": { enabled: true },
    },
  };
  using folder = new Folder({
    "mine/opened.ts": opened,
    "here/tallyman.config.json": JSON.stringify({ ...config, rules: ["mine"] }),
    "tallyman.config.json": JSON.stringify({ ...config, rules: ["mine"] }),
    "etc/named.json": JSON.stringify(config),
  });
  for (const args of ["", " --config etc/named.json"]) {
    const rules = await listed(folder, args);
    strictEqual(rules.get("sensitive-file-read")?.on, true);
    const { on, shipped, severity, limit } = rules.get("any-opened") ?? {};
    deepStrictEqual([on, shipped, severity], [true, false, "critical"]);
    deepStrictEqual(limit, { burst: 1, per: "1h" });
    strictEqual([...rules.values()].filter(({ on }) => on).length, 2);
  }
  const rules = await listed(folder, " --no-rule sensitive-file-read --no-rule any-opened");
  deepStrictEqual([...rules.values()].filter(({ on }) => on), []);
});

Deno.test("config: in TypeScript, by defineConfig; explain says what it has set", async () => {
  using folder = new Folder({
    "mine/opened.ts": opened,
    "tallyman.config.ts": `import { defineConfig } from "tallyman";
export default defineConfig({
  rules: ["mine"],
  rule: { "any-opened": { severity: "error", enabled: false, options: { word: "took" } } },
  ruleTimeout: "500ms",
});
`,
  });
  const text = right(await folder.run("rules explain any-opened"));
  match(
    text,
    /^any-opened: A file was opened\n\nFinds every file that is opened, [^]*a test\.\n\n/,
  );
  match(text, /^state +off; on by --rule any-opened$/m);
  match(text, /^severity +error \(by itself info\)$/m);
  match(text, /^tags +test$/m);
  match(text, /^listens to +openat, tallies$/m);
  match(text, /^only if +outcome: "ok"; containers: \["!none"\]$/m);
  match(text, /^limit +2 in 1m, in each container, for each value of event\.process\.comm$/m);
  match(text, /^from +mine\/opened\.ts$/m);
  match(text, /^ {2}word: string = "opened"\n {6}How it is told\.\n {6}here: "took"$/m);
  match(text, /^ {2}most: integer = 3$/m);
  wrong(
    await folder.run("rules explain any-opnened"),
    /^There is no rule any-opnened\. Did you mean any-opened\?\n$/,
  );
});

const mistakes: Readonly<Record<string, readonly [config: unknown, told: RegExp]>> = {
  "a name that there is not": [
    { defaltRules: true },
    /^tallyman\.config\.json:1:2: there is no defaltRules here\. Did you mean/,
  ],
  "a name inside that there is not": [
    { rule: { "any-opened": { severty: "info" } } },
    /json:1:24: rule\.any-opened: there is no severty here\. Did you mean severity\?/,
  ],
  "a value of another kind": [
    { rules: "mine" },
    /json:1:2: rules: expected array, received string/,
  ],
  "a severity that there is not": [
    { rule: { "any-opened": { severity: "loud" } } },
    /json:1:24: rule\.any-opened\.severity: .*"critical"/,
  ],
  "an option of another kind": [
    { rules: ["mine"], rule: { "any-opened": { options: { word: 3 } } } },
    /json:1:52: rule\.any-opened\.options\.word: expected string, received number/,
  ],
  "an option that there is not": [
    { rules: ["mine"], rule: { "any-opened": { options: { wrod: "x" } } } },
    /json:1:52: rule\.any-opened\.options: there is no wrod here\. Did you mean word\?/,
  ],
  "a rule that there is not": [
    { rules: ["mine"], rule: { "any-opend": { enabled: false } } },
    /json:1:27: rule\.any-opend: there is no rule any-opend\. Did you mean any-opened\?/,
  ],
  "a path that there is not": [
    { rules: ["mine", "yours"] },
    /json:1:18: rules\.1: yours: no such file/,
  ],
  "a length of time that is none": [
    { ruleTimeout: "soon" },
    /json:1:2: ruleTimeout: expected a length/,
  ],
  "no object": [[], /json: expected object, received array/],
};

for (const [what, [config, told]] of Object.entries(mistakes)) {
  Deno.test(`config: ${what}: is told with its place, exit code 2`, async () => {
    using folder = new Folder({
      "mine/opened.ts": opened,
      "tallyman.config.json": JSON.stringify(config),
    });
    wrong(await folder.run("rules list"), told);
  });
}

Deno.test("config: in TypeScript, too, all that is wrong has its line", async () => {
  using folder = new Folder({
    "opened.ts": opened,
    "wrong.ts": `export default {
  rules: ["opened.ts"],
  // "rule": {}
  rule: {
    "any-opened": { severity: "loud" },
  },
  ruleTimeout: "soon",
};
`,
    "plugin.ts": `import { defineConfig } from "tallyman";
export default defineConfig({
  plugins: [
    "redact",
    ["dedupe", { pre: "10m" }],
  ],
});
`,
  });
  wrong(
    await folder.run("rules list --config wrong.ts"),
    /^wrong\.ts:5:21: rule\.any-opened\.severity: .*\nwrong\.ts:7:3: ruleTimeout: expected .*\n$/,
  );
  wrong(
    await folder.run("plugins list --config plugin.ts"),
    /^plugin\.ts:5:5: plugins\.1: options of plugin dedupe: there is no pre here\. Did you mean per\?\n$/,
  );
});

Deno.test("config: files that are none", async () => {
  using folder = new Folder({
    "bad.json": "{ rules: [",
    "empty.ts": "export const config = {};",
    "syntax.ts": "export default {",
    "throws.ts": 'throw new Error("no disk today");',
  });
  wrong(await folder.run("rules list --config bad.json"), /^bad\.json:1:3: SyntaxError: /);
  wrong(
    await folder.run("rules list --config empty.ts"),
    /^empty\.ts: .*export default defineConfig/,
  );
  const thrown = await folder.run("rules list --config throws.ts");
  match(thrown.stderr, /^throws\.ts:1:7: no disk today\n$/);
  strictEqual(thrown.code, 2);
  wrong(await folder.run("rules list --config none.ts"), /^--config: none\.ts: no such file/);
  const { code, stderr } = await folder.run("rules list --config syntax.ts");
  match(stderr, /^syntax\.ts:1:\d+: SyntaxError: /);
  strictEqual(code, 2);
});

Deno.test("watch: flags and configuration are checked before the kernel is opened", async () => {
  using folder = new Folder({ "wrong.json": '{ "ruls": [] }', "opened.ts": opened });
  // With this no BPF object can be loaded, and what comes first is told.
  const watch = async (args: string) =>
    await folder.run(`watch ${args} -d 1s`, { LIBBPF_PATH: "/nonexistent" });
  strictEqual((await watch("--rules opened.ts")).code, 3);
  wrong(await watch("--rules opend.ts"), /^--rules: opend\.ts: no such file or folder\n$/);
  wrong(await watch("--config wrong.json"), /^wrong\.json:1:3: there is no ruls here/);
  wrong(await watch("--rule a-b --no-rule a-b"), /^--rule: a-b is switched off by --no-rule, too/);
});

Deno.test("watch: options of the configuration arrive, and alerts are records", root, async () => {
  using folder = new Folder({
    "opened.ts": opened,
    "tallyman.config.json": JSON.stringify({
      rules: ["opened.ts"],
      defaultRules: false,
      rule: { "any-opened": { severity: "critical", options: { word: "took" } } },
    }),
  });
  const records = recordsOf(right(await folder.run("demo --jsonl -d 2s")));
  const alerts = records.filter(({ type }) => type === "alert");
  ok(alerts.length > 0);
  for (const { security_rule, severity } of alerts) {
    const { name } = security_rule as { name: string };
    deepStrictEqual([name, severity], ["any-opened", "critical"]);
  }
  ok(alerts.some(({ message }) => / took \//.test(String(message))));
  wrong(await folder.run("demo --rule any-opend -d 2s --jsonl out"), /no rule any-opend\. Did you/);
});

Deno.test("watch: what loading rules takes is no part of the duration", root, async () => {
  const slow = `await new Promise((resolve) => setTimeout(resolve, 2500));\n${opened}`;
  using folder = new Folder({ "slow.ts": slow });
  const records = recordsOf(
    right(await folder.run("demo --no-default-rules --rules slow.ts --jsonl -d 2s")),
  );
  ok(records.some(({ type }) => type === "alert"));
});

Deno.test("rules new, check, test: what is written runs as it is, and by Deno alone", async () => {
  using folder = new Folder();
  const text = right(await folder.run("rules new HostsWritten --dir my/rules"));
  match(text, /^wrote my\/rules\/HostsWritten\.ts$/m);
  match(text, /monitor\.ts rules test my\/rules\/HostsWritten_test\.ts/);
  const names = ["HostsWritten.ts", "HostsWritten_test.ts", "deno.json"];
  deepStrictEqual(folder.names("my/rules"), names);
  match(folder.read("my/rules/HostsWritten.ts"), /id: "hosts-written"/);
  wrong(
    await folder.run("rules new HostsWritten --dir my/rules"),
    /^my\/rules\/HostsWritten\.ts is there already\.\n$/,
  );
  // A second one has what it needs.
  right(await folder.run("rules new second --dir my/rules/below"));
  deepStrictEqual(folder.names("my/rules/below"), ["second.ts", "second_test.ts"]);
  strictEqual(
    right(await folder.run("rules check my")),
    "ok: 2 rules in 2 files: hosts-written, second\n",
  );
  const tested = await folder.run("rules test my/rules/HostsWritten.ts");
  strictEqual(tested.code, 0, tested.stderr);
  match(tested.stdout, /1 passed/);
  // As an editor sees it: nothing but the files that were written.
  await using deno = new Running([Deno.execPath(), "check", "--quiet", "."], {
    cwd: folder.file("my/rules"),
  });
  const { code, stderr } = await deno.ended();
  strictEqual(code, 0, stderr);
});

Deno.test("rules new: names that are none, and a folder that is Deno's already", async () => {
  using folder = new Folder({ "deno.json": '{ "imports": {} }' });
  for (const name of ["../up", "a/b", "_", "mine_test"]) {
    wrong(await folder.run(`rules new ${name}`), /can't be a rule's name/);
  }
  deepStrictEqual(folder.names(), ["deno.json"]);
  const text = right(await folder.run("rules new mine.ts"));
  match(text, /deno\.json is for this folder, too[^]*"tallyman": "file:\/\/\//);
  deepStrictEqual(folder.names(), ["deno.json", "mine.ts", "mine_test.ts"]);
  strictEqual(folder.read("deno.json"), '{ "imports": {} }');
});

Deno.test("rules check: what the compiler finds, with file, line and column", async () => {
  using folder = new Folder({
    "mine/typo.ts": opened.replace("event.args.path", "event.args.pth")
      .replace('severity: "info"', 'severity: "inform"'),
  });
  const ended = await folder.run("rules check mine");
  match(ended.stderr, /^mine\/typo\.ts:6:3: TS\d+: .*"inform"/m);
  match(ended.stderr, /^mine\/typo\.ts:17:\d+: TS\d+: Property 'pth' does not exist/m);
  strictEqual(ended.stdout, "");
  strictEqual(ended.code, 2);
});

Deno.test("rules check: what the compiler can't find, all of it", async () => {
  using folder = new Folder({
    "mine/throws.ts": 'const list = "a,b".split(";");\nif (list.length < 2) {\n' +
      '  throw new Error("too short");\n}\nexport {};\n',
    "mine/id.ts": opened.replace("any-opened", "Any Opened"),
    "mine/twice.ts": opened,
    "mine/zwice.ts": opened,
    "none/helper.ts": "export const list = [];\n",
  });
  wrong(
    await folder.run("rules check mine none"),
    new RegExp(
      "^mine/id\\.ts: rule Any Opened: id: lower case, words joined by -\n" +
        "mine/throws\\.ts:3:9: too short\n" +
        "mine/zwice\\.ts: rule any-opened is also in mine/twice\\.ts\n" +
        "none: no rule: [^\n]*\n$",
    ),
  );
  wrong(await folder.run("rules check nowhere"), /nowhere: no such file or folder/);
  wrong(await folder.run("rules check"), /^Name a file with rules, or a folder of them\.\n$/);
  wrong(await folder.run("rules check mine/twice.ts --config none.ts"), /none\.ts: no such file/);
});

Deno.test("rules check: a configuration alone, all that it says of rules, plugins and sinks", async () => {
  const config = (said: string) =>
    `import { defineConfig } from "tallyman";\nexport default defineConfig({\n  ${said}\n});\n`;
  using folder = new Folder({
    "right.ts": config('rule: { "root-process": { enabled: true } }, plugins: ["redact"],'),
    "rule.ts": config('rule: { "root-proces": { enabled: true } },'),
    "plugin.ts": config('plugins: [["dedupe", { pre: "1m" }]],'),
    "sink.ts": config('sinks: ["tcp://host"],'),
  });
  strictEqual(right(await folder.run("rules check --config right.ts")), "ok: right.ts\n");
  const told = {
    "rule.ts":
      /^rule\.ts:3:11: rule\.root-proces: there is no rule root-proces\. Did you mean root-/,
    "plugin.ts": /^plugin\.ts:3:13: plugins\.0: options of plugin dedupe: there is no pre here\. /,
    "sink.ts": /^sink\.ts:3:11: sinks\.0: tcp:\/\/host: options of plugin socket: url: expected/,
  };
  for (const [file, line] of Object.entries(told)) {
    wrong(await folder.run(`rules check --config ${file}`), line);
  }
  wrong(await folder.run("rules test --config right.ts"), /^Name a file with rules/);
});

Deno.test("rules test: the exit code is that of the tests; none is wrong usage", async () => {
  using folder = new Folder({
    "mine/opened.ts": opened,
    "mine/opened_test.ts": 'Deno.test("fails", () => {\n  throw new Error("as it should");\n});\n',
    "none/opened.ts": opened,
  });
  const { code, stdout } = await folder.run("rules test mine");
  match(stdout, /as it should/);
  strictEqual(code, 1);
  wrong(await folder.run("rules test none"), /^none: no tests: those of rule\.ts are in rule_test/);
});
