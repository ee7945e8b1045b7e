/** Rules in a real child process, on calls from a made-up ring: what is promised where the child ends. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { OnProcess } from "../delivery.ts";
import { ProcessTable } from "../../processes/mod.ts";
import type { Alert } from "../../sinks/mod.ts";
import type { Settings } from "../config/mod.ts";
import { closeCall, container, exitedProcess, tickAt } from "../rules/fixtures.ts";
import type { EventSource } from "../rules/mod.ts";
import { IsolatedRules } from "./isolated_rules.ts";

const checkout = join(import.meta.dirname ?? ".", "../../..");

/** Calls, each handed over once, and now and then a process's end. */
class MadeUpRing implements EventSource {
  readonly processes = new ProcessTable();
  readonly bootTime = 1000n;
  wanted = 0;
  #next = 0;

  constructor(public count: number) {}

  want(specs: Parameters<EventSource["want"]>[0]): void {
    this.wanted = specs.size;
  }

  drain(
    onEvent: Parameters<EventSource["drain"]>[0],
    most = 4096,
    onProcess?: OnProcess,
  ): number {
    let taken = 0;
    for (; this.#next < this.count && taken < most; taken++) {
      const fd = this.#next++;
      if (fd % 1000 === 500) onProcess?.(exitedProcess(fd, BigInt(fd), 33), container("a"));
      onEvent(closeCall(fd, fd + 1), container("a"));
    }
    return taken;
  }
}

function rule(id: string, code: string, limit = "{ burst: 1000000, per: '1h' }"): string {
  return `import { defineRule } from "tallyman";
import { writeSync } from "node:fs";
export default defineRule({
  id: "${id}",
  title: "${id}",
  severity: "info",
  syscalls: ["close"],
  limit: ${limit},
  evaluate({ event, alert }) { const { fd } = event.args; ${code}; },
});
`;
}

/** Rules at work, and what they have told. */
class Trial implements AsyncDisposable {
  readonly alerts: Alert[] = [];
  readonly problems: string[] = [];
  readonly notices: string[] = [];
  readonly ring: MadeUpRing;
  readonly folder = Deno.makeTempDirSync({ prefix: "tallyman-isolated-" });
  #rules: IsolatedRules | undefined;

  constructor(count: number) {
    this.ring = new MadeUpRing(count);
  }

  /** Settings as they are without any. */
  settings(settings: Partial<Settings> = {}): Settings {
    return {
      file: "config",
      paths: [this.folder],
      defaultRules: false,
      rule: {},
      switched: new Map(),
      ruleTimeout: 1000,
      isolate: true,
      hasRules: true,
      plugins: [],
      sinks: [],
      ...settings,
    };
  }

  write(id: string, text: string): string {
    const file = join(this.folder, `${id}.ts`);
    Deno.writeTextFileSync(file, text);
    return file;
  }

  async start(rules: Readonly<Record<string, string>>, settings: Partial<Settings> = {}) {
    for (const [id, text] of Object.entries(rules)) this.write(id, text);
    this.#rules = await IsolatedRules.start(this.ring, this.settings(settings), {
      onAlert: (alert) => this.alerts.push(alert),
      onProblem: ({ rule, message }) => this.problems.push(`${rule}: ${message}`),
      onNotice: (text) => this.notices.push(text),
      shipped: join(checkout, "rules"),
      config: join(checkout, "deno.json"),
      budget: 1e9,
    });
    return this.#rules;
  }

  /** fds that a rule has told of, in their order. */
  told(id: string): number[] {
    return this.alerts.filter(({ rule }) => rule === id).map(({ message }) => Number(message));
  }

  /** The child's pid. */
  get child(): number | undefined {
    const tasks = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => name);
    return tasks.flatMap((task) =>
      Deno.readTextFileSync(`/proc/self/task/${task}/children`).split(" ")
    ).map(Number).filter((pid) => pid > 0).find((pid) => {
      try {
        return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("--no-prompt");
      } catch {
        return false;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rules?.[Symbol.asyncDispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

async function pause(milliseconds = 5): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const COUNT = 5000;
const all = Array.from({ length: COUNT }, (_, fd) => fd);

Deno.test("isolated: each rule sees each event once, in their order, and the event is told", async () => {
  await using trial = new Trial(COUNT);
  const rules = await trial.start({ one: rule("one", "alert(`${fd}`)"), two: rule("two", "") });
  ok(trial.ring.wanted > 0);
  while (rules.drain() > 0) await pause();
  await rules.end();
  deepStrictEqual(trial.told("one"), all);
  const [first] = trial.alerts;
  strictEqual(first?.time, 1001n);
  match(JSON.stringify(first?.event), /"name":"nginx"[^]*"syscall":"close","args":\{"fd":0\}/);
  deepStrictEqual([trial.problems, trial.notices], [[], []]);
});

Deno.test("isolated: where the child dies of a rule, it is found, and all others see each event once", async () => {
  await using trial = new Trial(COUNT);
  const dies =
    'if (fd === 1500) { writeSync(1, "dead"); for (const t = Date.now(); Date.now() < t + 300;); }';
  const rules = await trial.start({
    before: rule("before", "alert(`${fd}`)"),
    dies: rule("dies", `alert(\`\${fd}\`); ${dies}`),
    later: rule("later", "alert(`${fd}`)"),
  });
  // Those before and behind it look at all, however long it takes to start two children.
  while (trial.alerts.length < 2 * COUNT + 1500) {
    rules.drain();
    await pause();
  }
  await rules.end();
  deepStrictEqual(trial.told("before"), all);
  deepStrictEqual(trial.told("later"), all);
  // What it told of the event that it died of is not known; nothing before that is lost.
  deepStrictEqual(trial.told("dies"), all.slice(0, 1500));
  strictEqual(trial.problems.length, 1);
  match(trial.problems[0] ?? "", /^dies: when it ran the rules' process wrote to its standard/);
  strictEqual(trial.notices.length, 2, trial.notices.join("\n"));
});

Deno.test("isolated: a child that is killed at any time costs no alert, and doubles none", async () => {
  await using trial = new Trial(COUNT);
  const slow = "if (fd % 50 === 0) for (const t = Date.now(); Date.now() < t + 10;);";
  const rules = await trial.start({ one: rule("one", `${slow} alert(\`\${fd}\`)`) });
  // Each in a batch of its own: who ends in the same one twice is taken to have done it.
  const moments = [0, 2000, 4000];
  while (trial.alerts.length < COUNT) {
    rules.drain();
    const pid = trial.child;
    if (trial.alerts.length >= (moments[0] ?? COUNT) && pid !== undefined) {
      Deno.kill(pid, "SIGKILL");
      moments.shift();
      await pause(50);
    }
    await pause();
  }
  await rules.end();
  deepStrictEqual(trial.told("one"), all);
  deepStrictEqual(moments, []);
  deepStrictEqual(trial.problems, []);
});

Deno.test("isolated: limits outlive the child, and what was held back is counted", async () => {
  await using trial = new Trial(COUNT);
  const limit = "{ burst: 3, per: '1h' }";
  const rules = await trial.start({ few: rule("few", "alert(`${fd}`)", limit) });
  while (trial.alerts.length < 3) {
    rules.drain();
    await pause();
  }
  Deno.kill(trial.child ?? 0, "SIGKILL");
  while (rules.drain() > 0) await pause();
  await rules.end();
  const about = trial.alerts.filter(({ event }) => event !== undefined);
  strictEqual(about.length, 3);
  const held = trial.alerts.reduce((sum, { suppressed }) => sum + suppressed, 0);
  strictEqual(about.length + held, COUNT);
});

Deno.test("isolated: ticks arrive whole, also those that had to wait", async () => {
  await using trial = new Trial(0);
  const text = `import { defineRule } from "tallyman";
let sum = 0;
export default defineRule({
  id: "sums",
  title: "sums",
  severity: "info",
  limit: { burst: 1000, per: "1h" },
  onTally({ tally, alert }) { sum += tally.newCalls("read"); alert(\`\${sum}\`); },
  onContainer({ action, container, alert }) { alert(\`\${action} \${container.name}\`); },
});
`;
  const rules = await trial.start({ sums: text });
  const a = container("a");
  const counts = new Map([["read", 2]]);
  for (let i = 1; i <= 50; i++) {
    rules.tick(tickAt(i * 1000, {
      changes: i === 20 ? [{ action: "started", container: a, time: 7n }] : [],
      tallies: [{ container: a, total: new Map([["read", 2 * i]]), new: counts }],
    }));
  }
  await rules.end();
  strictEqual(trial.told("sums").at(-1), 100);
  const started = trial.alerts.filter(({ message }) => message === "started a");
  deepStrictEqual(started.map(({ time, container }) => [time, container]), [[7n, a]]);
});

Deno.test("isolated: a configuration that JSON can't hold is refused; so are rules that are none", async () => {
  await using trial = new Trial(0);
  await rejects(
    trial.start({}, { rule: { one: { options: { since: new Date() } } } }),
    /^ConfigError: config: rule\.one\.options\.since: .* what JSON can hold$/,
  );
  await rejects(trial.start({ one: "export default 1;" }), /^RuleError: .*no rule/);
  await rejects(trial.start({ one: rule("One", "") }), /^RuleError: .*one\.ts: rule One: id: /);
});

const onProcess = `onProcess({ action, process, exit, alert }) {
    alert(\`\${action} \${process.comm} \${process.containerPid} \${exit?.signal}\`);
  },`;

Deno.test("isolated: rules hear of processes in order with calls, and alerts have them", async () => {
  await using trial = new Trial(COUNT);
  const both = rule("both", "if (fd % 1000 > 498 && fd % 1000 < 501) alert(`${fd}`)")
    .replace("evaluate", `${onProcess}\n  evaluate`);
  const others = both.replace('id: "both"', 'id: "others"')
    .replace("syscalls", "filter: { uid: 0 }, syscalls");
  const rules = await trial.start({ both, others });
  while (rules.drain() > 0) await pause();
  await rules.end();
  const of = (id: string) =>
    trial.alerts.filter(({ rule }) => rule === id).map(({ message }) => message);
  deepStrictEqual(of("both").slice(0, 3), ["499", "exited nginx 500 11", "500"]);
  strictEqual(of("both").length, 15);
  ok(of("others").every((message) => !message.includes("nginx")));
  const about = trial.alerts.find(({ message }) => message === "exited nginx 500 11");
  deepStrictEqual([about?.time, about?.event?.process.user.id, about?.event?.call], [
    1500n,
    33,
    undefined,
  ]);
  deepStrictEqual(trial.problems, []);
});

Deno.test("isolated: rules are replaced, and each event is seen by one version", async () => {
  await using trial = new Trial(COUNT);
  const version = (number: number) => rule("one", `alert(\`\${fd}\`, { version: ${number} })`);
  const kept = rule("kept", "if (fd === 10) throw new Error('no');");
  const rules = await trial.start({ one: version(1), kept, gone: rule("gone", "") });
  const edited = new Set<string>();
  const replace = () => rules.replace(trial.settings(), (file) => edited.has(file));
  // More comes while the other child loads.
  let isReplaced = false;
  edited.add(trial.write("one", version(2)));
  edited.add(trial.write("added", rule("added", "")));
  Deno.removeSync(join(trial.folder, "gone.ts"));
  const replaced = replace().finally(() => isReplaced = true);
  while (!isReplaced) {
    if (trial.alerts.length >= trial.ring.count - 1000) trial.ring.count += 1000;
    rules.drain();
    await pause();
  }
  const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id);
  const { changed, added, gone } = await replaced;
  deepStrictEqual([ids(changed), ids(added), ids(gone)], [["one"], ["added"], ["gone"]]);
  trial.ring.count += COUNT;
  while (rules.drain() > 0) await pause();
  // A broken one changes nothing.
  edited.add(trial.write("one", "export default {{"));
  await rejects(replace(), /one\.ts:1:\d+/);
  trial.ring.count += COUNT;
  while (rules.drain() > 0) await pause();
  await rules.end();
  deepStrictEqual(trial.told("one"), Array.from({ length: trial.ring.count }, (_, fd) => fd));
  const versions = trial.alerts.map(({ fields }) => Number(fields?.["version"]));
  strictEqual(versions.at(0), 1);
  strictEqual(versions.at(-1), 2);
  ok(versions.every((each, i) => each >= (versions[i - 1] ?? 1)), "none comes late");
  // It had failed, and has not changed: that is not told again.
  strictEqual(trial.problems.length, 1);
  deepStrictEqual(trial.notices, []);
});

Deno.test("isolated: a child that ends before it takes over from another is started again", async () => {
  await using trial = new Trial(1000);
  const slow = "for (const t = Date.now(); Date.now() < t + 1;);";
  const first = rule("one", `${slow} alert(\`\${fd}\`)`);
  const rules = await trial.start({ one: first });
  const file = trial.write(
    "one",
    `let isAtWork = false;
setTimeout(() => { if (!isAtWork) writeSync(1, "dead"); }, 300);
${rule("one", "isAtWork = true; alert(`${fd}`)")}`,
  );
  let isReplaced = false;
  const replaced = rules.replace(trial.settings(), (path) => path === file)
    .finally(() => isReplaced = true);
  // What the first one still has to do lets the other one wait.
  while (!isReplaced) {
    if (trial.alerts.length >= trial.ring.count - 1000) trial.ring.count += 500;
    rules.drain();
    await pause();
  }
  await replaced;
  while (trial.alerts.length < trial.ring.count) {
    rules.drain();
    await pause();
  }
  await rules.end();
  deepStrictEqual(trial.told("one"), Array.from({ length: trial.ring.count }, (_, fd) => fd));
  strictEqual(trial.notices.length, 1, trial.notices.join("\n"));
  match(trial.notices[0] ?? "", /^rules: their process wrote to its standard output/);
});

Deno.test("isolated: the kernel gives the child no more memory than it may have", async () => {
  await using trial = new Trial(0);
  const rules = await trial.start({ one: rule("one", "") });
  const limits = Deno.readTextFileSync(`/proc/${trial.child}/limits`);
  const [, soft, hard] = /^Max data size +(\d+) +(\d+) +bytes/m.exec(limits) ?? [];
  strictEqual(soft, hard);
  ok(Number(hard) < 1.5 * 1024 ** 3, limits);
  await rules.end();
});
