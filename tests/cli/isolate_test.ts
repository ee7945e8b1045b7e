/** `--isolate`: whatever a rule does, the monitor counts on, and the other rules find what they look for. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Folder } from "../folder.ts";
import { recordsOf, root, run, start } from "./monitor.ts";

/** A rule on every file that is opened. */
function rule(id: string, code: string, before = ""): string {
  return `import { defineRule } from "tallyman";
${before}
let count = 0;
export default defineRule({
  id: "${id}",
  title: "A file was opened",
  severity: "info",
  syscalls: ["openat"],
  limit: { burst: 1000000, per: "1h" },
  evaluate: (({ event, alert }: any) => { count++; ${code} }) as any,
});
`;
}

const good = rule("good", `if (count % 50 === 0) alert("good");`);

const flags = (folder: string, ...more: string[]) => [
  "demo",
  "--isolate",
  "--no-default-rules",
  "--jsonl",
  "--interval=200ms",
  "--rules",
  folder,
  ...more,
];

/** What a bad rule does, and what is told of it. */
interface Case {
  readonly code: string;
  readonly before?: string;
  /** All of it, in this order. */
  readonly told: readonly RegExp[];
  /** Nothing like it. */
  readonly untold?: RegExp;
  /** s. */
  readonly for?: number;
  readonly timeout?: string;
}

const OFF = /^rule bad: .*; it is switched off$/m;
const RESTARTED = /^rules: their process .*; it is started again in 100 ms$/m;

/** What Deno refuses: code, the permission that it would need, and what stands before it. */
function refused(
  acts: Readonly<Record<string, readonly [code: string, permission: string, before?: string]>>,
): Record<string, Case> {
  return Object.fromEntries(
    Object.entries(acts).map(([what, [code, permission, before]]) => [what, {
      code,
      ...(before !== undefined && { before }),
      told: [new RegExp(`^rule bad: \\w+: Requires ${permission}`, "m"), OFF],
      untold: /rules: /,
    }]),
  );
}

const cases: Readonly<Record<string, Case>> = {
  "throws always": {
    code: 'throw new Error("always");',
    told: [/^rule bad: Error: always$/m, /bad\.ts:\d+:\d+/, OFF],
    untold: /rules: /,
  },
  "throws once": {
    code: 'if (count === 1) throw new Error("once");',
    told: [/^rule bad: Error: once$/m],
    untold: /switched off|rules: /,
  },
  "loops forever": {
    code: "for (;;);",
    told: [/^rule bad: ran for more than 300 ms; it is switched off$/m],
    untold: /rules: /,
  },
  "eats regex time": {
    code: 'if (/^(a+)+$/.test("a".repeat(50) + "!")) count++;',
    told: [/^rule bad: ran for more than 300 ms; it is switched off$/m],
    untold: /rules: /,
  },
  "allocates without end": {
    code:
      "kept.push(new Array(1000).fill(count)); while (kept.length < 1e9) kept.push([...kept[0]!]);",
    before: "const kept: number[][] = [];",
    told: [
      /^rules: their process had no more memory: 256 MB .*; it is started again in 100 ms$/m,
      /^rule bad: when it ran the rules' process had no more memory: .*; it is switched off$/m,
    ],
    untold: /GC|heap|0x/,
    for: 10,
    timeout: "5s",
  },
  "allocates buffers without end": {
    code: "for (;;) kept.push(new Uint8Array(1 << 24).fill(1));",
    before: "const kept: Uint8Array[] = [];",
    told: [
      /^rules: their process took more than 512 MB of memory; it is started again in 100 ms$/m,
      /^rule bad: when it ran the rules' process took .*; it is switched off$/m,
    ],
    for: 10,
    timeout: "5s",
  },
  "rejects a promise that it returns": {
    code: 'return Promise.reject(new Error("later"));',
    told: [/^rule bad: is async: .*; it is switched off$/m],
    untold: /rules: /,
  },
  "rejects a promise that nobody has": {
    code: 'void Promise.reject(new Error("later"));',
    told: [/^rule bad: Error: later$/m, OFF],
    untold: /rules: /,
  },
  "fails in a timer": {
    code: 'setTimeout(() => { throw new Error("timer"); }, 1);',
    told: [/^rule bad: Error: timer$/m, OFF],
    untold: /rules: /,
  },
  "calls Deno.exit": {
    code: "Deno.exit(7);",
    told: [/^rule bad: Error: a rule can't end the monitor$/m, OFF],
    untold: /rules: /,
  },
  "kills its own process": {
    code: 'process.kill(process.pid, "SIGKILL");',
    before: 'import process from "node:process";',
    told: [/^rule bad: Error: a rule can't send signals$/m, OFF],
    untold: /rules: /,
  },
  "writes to standard output": {
    code: 'Deno.stdout.writeSync(new TextEncoder().encode("forged\\n"));',
    told: [/^rule bad: Error: a rule can't write to standard output/m, OFF],
    untold: /rules: /,
  },
  "writes to the console": {
    code: 'if (count === 1) console.log("\\x1b[2Jseen");',
    told: [/^\\x1b\[2Jseen$/m],
    untold: /rules: |switched off/,
  },
  "finds another way to standard output": {
    code: 'writeSync(1, "forged\\n");',
    before: 'import { writeSync } from "node:fs";',
    told: [
      /^rules: their process wrote to its standard output .*; it is started again in 100 ms$/m,
      /^rule bad: when it ran the rules' process wrote .*; it is switched off$/m,
    ],
  },
  "reads standard input": {
    code: "Deno.stdin.readSync(new Uint8Array(100));",
    told: [/^rule bad: Error: a rule can't read standard input$/m, OFF],
    untold: /rules: /,
  },
  "mutates the event": {
    code: 'event.process.comm = "mine";',
    told: [/^rule bad: TypeError: /m, OFF],
    untold: /rules: /,
  },
  "loops in a promise, where no time is measured": {
    code: "void Promise.resolve().then(() => { for (;;); });",
    told: [
      /^rules: their process did not answer for [\d.]+ s; it is started again in 100 ms$/m,
      /^rule bad: when it ran the rules' process did not answer .*; it is switched off$/m,
    ],
    for: 14,
  },
  ...refused({
    "reads a file": ['Deno.readTextFileSync("/etc/passwd");', 'read access to "/etc/passwd"'],
    "writes a file": [
      'Deno.writeTextFileSync("/tmp/tallyman-isolate-forged", "");',
      "write access",
    ],
    "reads a file by node's ways": [
      'readFileSync("/etc/passwd");',
      'read access to "/etc/passwd"',
      'import { readFileSync } from "node:fs";',
    ],
    "reads the environment": ['Deno.env.get("HOME");', "env access"],
    "opens the network": [
      'void fetch("http://127.0.0.1:8080/");',
      'net access to "127.0.0.1:8080"',
    ],
    "opens a socket": ["Deno.listen({ port: 0 });", "net access"],
    "runs a command": ['new Deno.Command("true").outputSync();', 'run access to "true"'],
    "imports something dynamically": ['void import("./" + "other.ts");', "read access to "],
    "loads a library": ['Deno.dlopen("libc.so.6", {});', "ffi access"],
  }),
};

for (const [what, { code, before, told, untold, ...rest }] of Object.entries(cases)) {
  const { for: seconds = 4, timeout = "300ms" } = rest;
  Deno.test(`isolate: a rule that ${what}`, root, async () => {
    using rules = new Folder({
      "bad.ts": rule("bad", code, before),
      "good.ts": good,
    });
    const ended = await run(
      flags(rules.path, `--rule-timeout=${timeout}`, `--duration=${seconds}s`),
    );
    strictEqual(ended.code, 0, ended.stderr);
    for (const each of told) match(ended.stderr, each);
    if (untold !== undefined) ok(!untold.test(ended.stderr), ended.stderr);
    const records = recordsOf(ended.stdout);
    const tallies = records.filter(({ type }) => type === "tally");
    ok(tallies.length > 5 * seconds / 2, "it counts on");
    const alerts = records.filter(({ type }) => type === "alert");
    const names = alerts.map((alert) => Object(alert["security_rule"]).name as unknown);
    deepStrictEqual([...new Set(names)], ["good"]);
    // Not only before it happened: in the last part, too.
    const end = Date.parse(String(tallies.at(-1)?.["time"]));
    const last = Date.parse(String(alerts.at(-1)?.["time"]));
    ok(end - last < 2500, `the last alert is ${end - last} ms before the end\n${ended.stderr}`);
  });
}

Deno.test("isolate: a child that is killed is started again, and rules go on", root, async () => {
  using rules = new Folder({ "good.ts": good });
  await using monitor = start(flags(rules.path));
  const count = () => monitor.stdout.split('"type":"alert"').length - 1;
  const children = () =>
    Deno.readTextFileSync(`/proc/${monitor.pid}/task/${monitor.pid}/children`).split(" ")
      .filter((pid) => {
        try {
          return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("--no-prompt");
        } catch {
          return false;
        }
      }).map(Number);
  await monitor.until("an alert", () => count() > 0);
  const [first] = children();
  ok(first !== undefined);
  Deno.kill(first, "SIGKILL");
  await monitor.until("the word of it", () => RESTARTED.test(monitor.stderr));
  match(monitor.stderr, /^rules: their process was ended by SIGKILL; it is started again/m);
  await monitor.until("another child", () => children().some((pid) => pid !== first));
  const before = count();
  await monitor.until("more alerts", () => count() > before + 1);
  monitor.kill("SIGTERM");
  const { code, stderr } = await monitor.ended();
  strictEqual(code, 0, stderr);
  ok(!stderr.includes("switched off"), stderr);
});

Deno.test(
  "isolate: rules that can't be loaded are told with their place, exit code 2",
  root,
  async () => {
    const wrong: Readonly<Record<string, readonly [text: string, told: RegExp]>> = {
      "no rule": ["export default 1;", /no rule: a rule is what defineRule\(\) makes/],
      "a wrong id": [rule("Not An Id", ""), /wrong\.ts: rule Not An Id: id: lower case/],
      "no syntax": ["export default {", /wrong\.ts:1:\d+/],
      "throws": [
        'const a = 1;\nthrow new Error("no disk today");',
        /no disk today[^]*wrong\.ts:2:\d+/,
      ],
      "reads a file": [
        'Deno.readTextFileSync("/etc/passwd");',
        /Requires read access to "\/etc\/passwd"[^]*wrong\.ts:1:\d+/,
      ],
    };
    for (const [what, [text, told]] of Object.entries(wrong)) {
      using rules = new Folder({ "wrong.ts": text });
      const { code, stderr } = await run(flags(rules.path, "--duration=1s"));
      match(stderr, told);
      strictEqual(code, 2, what);
    }
  },
);

Deno.test("isolate: a configuration says it as well, and its options arrive", root, async () => {
  using rules = new Folder({
    "word.ts": `import { defineRule, z } from "tallyman";
export default defineRule({
  id: "word",
  title: "A word",
  severity: "info",
  options: z.object({ word: z.string() }),
  onTally: ({ tally, options, alert }) =>
    alert(options.word + " " + typeof tally.newCalls("read"), { place: tally.container.name }),
});
`,
    "tallyman.config.json": JSON.stringify({
      rules: ["word.ts"],
      defaultRules: false,
      isolate: true,
      rule: { word: { severity: "critical", options: { word: "hello" } } },
    }),
  });
  const { code, stdout, stderr } = await run([
    "demo",
    "--jsonl",
    "--interval=200ms",
    "--duration=2s",
    "--config",
    rules.file("tallyman.config.json"),
  ]);
  strictEqual(code, 0, stderr);
  const alerts = recordsOf(stdout).filter(({ type }) => type === "alert");
  ok(alerts.some(({ message, severity }) => message === "hello number" && severity === "critical"));
});
