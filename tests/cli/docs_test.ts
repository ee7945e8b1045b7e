/**
 * What README and docs/ tell a reader to run, runs; their code compiles and loads; their records are records; what
 * they show of output looks like output. No block is left out.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { loadFile } from "../../src/engine/rules/mod.ts";
import { line } from "../../src/sinks/mod.ts";
import { anyRecord } from "../../src/sinks/schema/mod.ts";
import { workload } from "../kernel/fixture.ts";
import { type Block, blocks, nameOf, pages } from "./docs/blocks.ts";
import { commandOf, isKnown, makesAContainer, needsRoot } from "./docs/commands.ts";
import { shapeOf } from "./docs/shapes.ts";
import { checkout, root, run, Running, start } from "./monitor.ts";

const ofLanguage = (wanted: string) => blocks.filter(({ language }) => language === wanted);

/** Who looks at blocks of a language. */
const checkedBy: Readonly<Record<string, string>> = {
  sh: "this file: they are run",
  ts: "this file: they are compiled, and loaded",
  json: "this file: they are records",
  text: "this file: they look like output",
  drawing: "this file: what it names is there",
  python: "this file: docs/jsonl.md's is run",
  systemd: "tests/shippers/unit_test.ts",
  rsyslog: "tests/shippers/shippers_test.ts",
  "syslog-ng": "tests/shippers/shippers_test.ts",
  logrotate: "tests/shippers/shippers_test.ts",
};

Deno.test("docs: every block is looked at by a test", () => {
  const others = blocks.filter(({ language }) => !Object.hasOwn(checkedBy, language));
  deepStrictEqual(others.map(({ file, language, text }) => [file, language, text]), []);
  const lines = ofLanguage("sh").flatMap(({ file, lines }) => lines.map((each) => [file, each]));
  deepStrictEqual(lines.filter(([, each = ""]) => !isKnown(each)), []);
  // One that has nothing in it would pass all that follows.
  deepStrictEqual(blocks.filter((block) => block.lines.length === 0), []);
});

/** What a block's commands are shown to write, if that follows. */
function outputOf(block: Block): Block | undefined {
  const next = blocks[blocks.indexOf(block) + 1];
  return next?.file === block.file && next.isBehindBlock && next.language === "text"
    ? next
    : undefined;
}

function unknownLines(lines: readonly string[]): string[] {
  return lines.filter((each) => each !== "" && shapeOf(each) === undefined);
}

for (const block of ofLanguage("text")) {
  Deno.test(`docs: ${block.file}: it looks like output: ${block.lines[0]}`, () => {
    deepStrictEqual(unknownLines(block.lines), []);
  });
}

for (const { file, text } of ofLanguage("drawing")) {
  Deno.test(`docs: ${file}: what its drawing names is there`, () => {
    const named = /\b(?:src\/)?[a-z]+(?:\/|\.ts)(?!\w)|\bsrc\/\w+/g;
    const paths = [...text.matchAll(named)].map(([path]) => path);
    ok(paths.includes("bpf/") && paths.includes("src/engine"));
    for (const path of paths) Deno.statSync(join(checkout, path));
  });
}

/** The page's code that has a name, in its order. */
function write(block: Block, folder: string): void {
  const name = nameOf(block);
  if (name !== undefined) Deno.writeTextFileSync(join(folder, name), block.text);
}

for (const file of pages) {
  Deno.test(`docs: ${file}: what it tells to run runs, in its order`, async (test) => {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
    try {
      // The reference has no files of its own: its examples are about those of other pages.
      for (const block of file === "docs/cli.md" ? blocks : []) {
        if (nameOf(block) === "night_shift.ts") write(block, folder);
      }
      for (const block of blocks.filter((each) => each.file === file)) {
        write(block, folder);
        if (block.language !== "sh") continue;
        const output = outputOf(block);
        for (const each of block.lines) {
          const command = commandOf(each, folder);
          if (command === undefined) continue;
          await test.step({
            name: each,
            ignore: needsRoot(each) && root.ignore,
            fn: async () => {
              const { argv, env = {} } = command;
              await using running = new Running(argv, { cwd: folder, env });
              const { code, stdout, stderr } = await running.ended();
              strictEqual(code, 0, stdout + stderr);
              // What `count -- CMD` runs writes what it likes.
              const written = argv.includes("--") ? stderr : stdout + stderr;
              if (output !== undefined) deepStrictEqual(unknownLines(written.split("\n")), []);
            },
          });
        }
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

Deno.test("README: its first rule's alert comes, as it is shown", root, async () => {
  const shown = /NOTICE my-date-run demo-clock: .+/.exec(
    ofLanguage("text").find(({ file }) => file === "README.md")?.text ?? "",
  )?.[0] ?? "";
  match(shown, / ran /);
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
  try {
    for (const block of ofLanguage("ts").filter(({ file }) => file === "README.md")) {
      write(block, folder);
    }
    await using monitor = start(["demo", "--rules", "date_run.ts", "--no-default-rules"], {
      cwd: folder,
    });
    await monitor.until("the alert", () => monitor.stdout.includes(shown));
    monitor.kill("SIGINT");
    strictEqual((await monitor.ended()).code, 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("docs/rules.md: from nothing to an alert", root, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
  try {
    const options = { cwd: folder };
    strictEqual((await run(["rules", "new", "my_first", "--dir", "my_rules"], options)).code, 0);
    const name = `docs-${Deno.pid}`;
    const opens = `while :; do ${makesAContainer.at(-1)}; sleep 0.1; done`;
    using container = await workload(name, "/bin/sh", "-c", opens);
    container.resume();
    const args = ["--no-default-rules", "--rules", "my_rules", "-c", name];
    await using monitor = start(args, options);
    const shown = / WARNING my-first (\S+): sh opened \/etc\/hosts for writing$/m.exec(
      ofLanguage("text").find(({ file }) => file === "docs/rules.md")?.text ?? "",
    );
    const [alert = "", where = ""] = shown ?? [];
    match(alert, /my-first/);
    await monitor.until("the alert", () => monitor.stdout.includes(alert.replace(where, name)));
    monitor.kill("SIGINT");
    strictEqual((await monitor.ended()).code, 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("docs: their code compiles, and their rules load", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
  try {
    const files: string[] = [];
    for (const [i, block] of ofLanguage("ts").entries()) {
      const path = join(folder, dirname(block.file), nameOf(block) ?? `block_${i}.ts`);
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(path, block.text);
      files.push(path);
    }
    const config = join(checkout, "deno.json");
    await using deno = new Running(
      [Deno.execPath(), "check", "--quiet", "--config", config, ...files],
    );
    const { code, stderr } = await deno.ended();
    strictEqual(code, 0, stderr);
    for (const file of files) {
      if (!Deno.readTextFileSync(file).includes("defineRule(")) continue;
      ok((await loadFile(file)).length > 0, file);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/** A block is a record that was laid out, or has one a line. */
function recordsIn({ text, lines }: Block): unknown[] {
  return text.startsWith("{\n") ? [JSON.parse(text)] : lines.map((line) => JSON.parse(line));
}

for (const block of ofLanguage("json")) {
  for (const record of recordsIn(block)) {
    Deno.test(`docs: ${block.file}: a record: ${JSON.stringify(record).slice(0, 60)}`, () => {
      const { error } = anyRecord.safeParse(record);
      strictEqual(error, undefined);
    });
  }
}

Deno.test("docs: what was meant is got back by the Python that docs/jsonl.md has", async () => {
  const python = ofLanguage("python").find(({ file }) => file === "docs/jsonl.md")?.text ?? "";
  const lines = [
    line({ type: "event", args: { path: "/caf\udce9", argv: ["a", "\udcff/~"] } }),
    line({ type: "event", args: { path: "/café" } }),
  ];
  const child = new Deno.Command("python3", {
    args: ["-c", python],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines.join("")));
  await writer.close();
  const [stdout, { code }] = await Promise.all([child.stdout.text(), child.status]);
  strictEqual(code, 0);
  strictEqual(
    stdout,
    String.raw`{'type': 'event', 'args': {'path': b'/caf\xe9', 'argv': ['a', b'\xff/~']}}` + "\n" +
      "{'type': 'event', 'args': {'path': '/café'}}\n",
  );
});
