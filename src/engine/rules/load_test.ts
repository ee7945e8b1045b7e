import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { type CodeImporter, importedOnce } from "../code/mod.ts";
import { rule } from "./fixtures.ts";
import { activate, importFile, loadFile, loadRules, RuleError, ruleFiles } from "./load.ts";

/** A folder of files that is gone when the test is. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tallyman-rules-" });

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): string {
    Deno.mkdirSync(join(this.at(name), ".."), { recursive: true });
    Deno.writeTextFileSync(this.at(name), text);
    return this.at(name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A file with one rule. */
function source(fields: string, before = ""): string {
  return `import { defineRule } from "tallyman";\n${before}
export default defineRule({ id: "x", title: "X", severity: "info", ${fields} } as never);\n`;
}

const whole = `syscalls: ["close"], evaluate() {}`;

async function failure(text: string): Promise<RuleError> {
  using folder = new Folder();
  const file = folder.write("bad.ts", text);
  const error: unknown = await loadFile(file).then(() => undefined, (error) => error);
  ok(error instanceof RuleError, String(error));
  strictEqual(error.file, file);
  ok(error.message.startsWith(`${file}: `), error.message);
  return error;
}

Deno.test("load: by default, as an array, by names, from folders, tests left out", async () => {
  using folder = new Folder({
    "a.ts": source(whole),
    "deep/b.ts": source(whole).replace(`"x"`, `"y"`).replace("export default", "export const y ="),
    "deep/b_test.ts": "throw new Error();",
    "node_modules/c.ts": "throw new Error();",
    "list.js": `import { defineRule } from "tallyman";
      const of = (id) => defineRule({ id, title: "t", severity: "info", ${whole} });
      export default [of("v"), of("w")]; export const helper = 5;`,
  });
  const ids = (await loadRules([folder.path])).map(({ rule }) => rule.id);
  deepStrictEqual(ids, ["x", "y", "v", "w"]);
  deepStrictEqual(ruleFiles(folder.path).length, 3);
});

Deno.test("load: a syntax error is told with its line and column, in plain text", async () => {
  const { message } = await failure(`export default {\n  a: 1,,\n};\n`);
  match(message, /bad\.ts:2:\d+/);
  // deno-lint-ignore no-control-regex
  ok(!/\x1b/.test(message));
});

Deno.test("load: an import that is missing is told, and where", async () => {
  const { message } = await failure(`\nimport { x } from "./nowhere.ts";\nexport default x;\n`);
  match(message, /nowhere\.ts/);
  match(message, /bad\.ts:2:\d+/);
  ok(!message.includes("\x1b"));
});

Deno.test("load: a file that throws is told with the place where it does", async () => {
  const { message, cause } = await failure(
    `const f = () => {\n  throw new Error("mine");\n};\nf();\n`,
  );
  match(message, /mine\n {4}at file:.*bad\.ts:2:9/);
  ok(cause instanceof Error);
});

Deno.test("load: a file that awaits what never comes is refused, and the wait ends", async () => {
  const never: CodeImporter = { urlOf: importedOnce.urlOf, import: () => new Promise(() => {}) };
  await rejects(importFile("/rules/never.ts", never, 20), {
    name: "RuleError",
    message: /^\/rules\/never\.ts: .*what it awaits had not come after 0\.02 s/,
  });
});

Deno.test("load: what is no rule is told with the field and the reason", async () => {
  const reasons: readonly [text: string, reason: RegExp][] = [
    [`export default { id: "x", severity: "info" };`, /rule x: kind: it is not made by defineRule/],
    [source(whole).replace(`"x"`, `"Bad Id"`), /rule Bad Id: id: lower case, words joined by -/],
    [source(whole).replace(`"X"`, `""`), /title: /],
    [source(whole).replace(`"info"`, `"bad"`), /severity: .*"info"/],
    [
      source(`syscalls: ["opeant"], evaluate() {}`),
      /syscalls\.0: there is no system call "opeant": did you mean openat\?/,
    ],
    [source(`evaluate() {}`), /syscalls: evaluate\(\) wants syscalls/],
    [source(`syscalls: [], evaluate() {}`), /evaluate\(\) wants syscalls/],
    [source(`tags: []`), /it does nothing/],
    [source(`${whole}, limit: { burst: 0, per: "1m" }`), /limit\.burst: /],
    [source(`${whole}, limit: { burst: 1, per: "soon" }`), /limit\.per: a length of time/],
    [source(`syscalls: ["close"], evaluate: 5`), /evaluate: it is no function/],
    [source(`syscalls: ["close"], async evaluate() {}`), /evaluate: it can't be async/],
    [source(`${whole}, filter: { args: { path: {} } }`), /filter\.args\.path: none of close has/],
  ];
  for (const [text, reason] of reasons) match((await failure(text)).message, reason);
});

Deno.test("load: two rules of one id are refused, whoever has them", async () => {
  using folder = new Folder({ "a.ts": source(whole), "b.ts": source(whole) });
  const message = `${folder.at("b.ts")}: rule x is also in ${folder.at("a.ts")}`;
  await rejects(loadRules([folder.path]), { name: "RuleError", message });
  // A file that is named twice is one file; two names for one rule are one rule.
  strictEqual((await loadRules([folder.at("a.ts"), folder.at("a.ts")])).length, 1);
  const twice = folder.write(
    "c.ts",
    `${source(whole)}${
      source(whole).split("\n")[2]?.replace("export default", "export const other =")
    }`,
  );
  await rejects(loadRules([twice]), /rule x is in it twice/);
});

Deno.test("load: folders without rules, files that are not there or can't be read", async () => {
  using folder = new Folder({ "helper.ts": "export const five = 5;", "empty/x.txt": "" });
  await rejects(loadRules([folder.at("empty")]), /empty: no rule: a rule is what defineRule/);
  await rejects(loadRules([folder.at("helper.ts")]), /helper\.ts: no rule/);
  await rejects(loadRules([folder.at("nowhere")]), /nowhere: no such file or folder/);
  await rejects(loadRules([folder.at("helper.ts/x")]), /helper\.ts\/x: can't be read: /);
  Deno.symlinkSync(folder.at("nowhere.ts"), folder.at("dangling.ts"));
  await rejects(loadRules([folder.at("dangling.ts")]), RuleError);
});

Deno.test("load: by another importer, which names the version in the URL, and not in errors", async () => {
  using folder = new Folder();
  const file = folder.write("a.ts", source(whole));
  const importer = (version: number): CodeImporter => {
    const urlOf = (file: string) => `${importedOnce.urlOf(file)}?v=${version}`;
    return { urlOf, import: (file) => import(urlOf(file)) };
  };
  const titleOf = async (version: number) =>
    (await loadFile(file, importer(version)))[0]?.rule.title;
  strictEqual(await titleOf(1), "X");
  folder.write("a.ts", source(whole).replace(`"X"`, `"Y"`));
  deepStrictEqual([await titleOf(1), await titleOf(2)], ["X", "Y"]);
  folder.write("a.ts", "export default {{;");
  await rejects(loadFile(file, importer(3)), ({ message }: Error) => /a\.ts:1:\d+/.test(message));
  folder.write("a.ts", "throw new Error('mine');");
  await rejects(loadFile(file, importer(4)), ({ message }: Error) => /a\.ts:1:7$/.test(message));
});

Deno.test("load: a file can't end the monitor or write to standard output while it is loaded", async () => {
  match((await failure(`Deno.exit(5);`)).message, /a rule can't end the monitor/);
  match((await failure(`Deno.stdout.writeSync(new Uint8Array(1));`)).message, /standard output/);
});

Deno.test("activate: options that don't fit are refused with path and reason", () => {
  const options = z.strictObject({
    paths: z.array(z.string()).default(["/x"]),
    most: z.number().max(5),
  });
  const loaded = { rule: rule("one", { options } as never), file: "/rules/one.ts" };
  const active = activate(loaded, { options: { most: 3 }, severity: "critical" });
  deepStrictEqual([active.options, active.severity, active.limit], [
    { paths: ["/x"], most: 3 },
    "critical",
    { burst: 5, per: "1m" },
  ]);
  const refused = (settings: object) => {
    const error = catchError(() => activate(loaded, { options: settings }));
    ok(error instanceof RuleError);
    return error.message;
  };
  match(refused({ most: 9 }), /^\/rules\/one\.ts: options of rule one: most: .*<=5/);
  match(refused({ most: 1, paths: ["a", 5] }), /paths\.1: .*expected string/);
  match(refused({ most: 1, pathes: [] }), /there is no pathes here\. Did you mean paths\?/);
  throws(
    () => activate({ rule: rule("none"), file: "f" }, { options: { a: 1 } }),
    /there is no a here/,
  );
});

function catchError(code: () => unknown): unknown {
  try {
    return code();
  } catch (error) {
    return error;
  }
}

Deno.test("load: a typo in what filters is refused, since it would let everything pass", async () => {
  const file = `syscalls: ["openat"], evaluate() {}`;
  const typos = {
    [`filter: { outcom: "ok" }, ${file}`]:
      /filter: there is no outcom here\. Did you mean outcome\?/,
    [`filter: { args: { path: { sufix: "x" } } }, ${file}`]: /filter\.args\.path: .*sufix.*suffix/,
    [`filter: { outcome: "okay" }, ${file}`]: /filter\.outcome: /,
    [`limt: { burst: 1, per: "1m" }, ${file}`]: /there is no limt here\. Did you mean limit\?/,
    [`onTaly() {}, ${file}`]: /there is no onTaly here\. Did you mean onTally\?/,
    [`options: {}, ${file}`]: /options: it is no schema/,
  };
  for (const [fields, told] of Object.entries(typos)) {
    match((await failure(source(fields))).message, told);
  }
});
