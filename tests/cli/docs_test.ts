/** What README and docs/ tell a reader to run, runs; their code compiles and loads; their records are JSON. */
import { ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { loadFile } from "../../src/engine/rules/mod.ts";
import { line } from "../../src/sinks/mod.ts";
import { anyRecord } from "../../src/sinks/schema/mod.ts";
import { checkout, root, Running } from "./monitor.ts";

interface Block {
  readonly file: string;
  readonly language: string;
  readonly text: string;
  readonly lines: readonly string[];
}

function blocks(file: string): Block[] {
  const text = Deno.readTextFileSync(join(checkout, file));
  return [...text.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map((
    [, indent = "", language = "", body = ""],
  ) => {
    const plain = body.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    return { file, language, text: plain, lines: plain.split("\n").filter((line) => line !== "") };
  });
}

const docs = [...Deno.readDirSync(join(checkout, "docs"))].map(({ name }) => `docs/${name}`).sort();
const all = ["README.md", ...docs].flatMap(blocks);
const ofLanguage = (wanted: string) => all.filter(({ language }) => language === wanted);

/** A page's `ts` block that says how its file is called is there when what follows on the page is run. */
const named = (block: Block) => /^\/\/ file: (\S+)\n/.exec(block.text)?.[1];

/** Ends without being told to. */
const ending = new Set([
  ...["containers", "doctor", "rules", "plugins", "schema", "completion", "replay"],
]);

/** A command of the docs, made to end by itself; what it would leave behind goes to a folder of ours. */
function commandOf(line: string, folder: string): [string, ...string[]] {
  const words = line.replace(/\s+#.*$/, "").replaceAll("/tmp/", `${folder}/`).split(" ")
    .map((word) => word.replace(/^'(.*)'$/, "$1"))
    .map((word) => word === "monitor.ts" ? join(checkout, word) : word);
  const [command = ""] = words.slice(4);
  const endsAlone = words.includes("--") || words.includes("--duration") || ending.has(command);
  const args = endsAlone ? words.slice(1) : [...words.slice(1), "--duration", "1s"];
  return [Deno.execPath(), ...args.map((arg) => /^\d+[smh]$/.test(arg) ? "1s" : arg)];
}

for (const file of new Set(all.map((block) => block.file))) {
  Deno.test(`docs: ${file}: what it tells to run runs, in its order`, async (test) => {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
    try {
      // The reference has no files of its own: its examples are about those of other pages.
      for (const block of file === "docs/cli.md" ? all : []) {
        const name = named(block);
        if (name === "night_shift.ts") Deno.writeTextFileSync(join(folder, name), block.text);
      }
      for (const block of all.filter((each) => each.file === file)) {
        const name = named(block);
        if (name !== undefined) Deno.writeTextFileSync(join(folder, name), block.text);
        if (block.language !== "sh") continue;
        for (const line of block.lines) {
          if (!line.startsWith("deno run -A monitor.ts")) continue;
          const needsRoot = !/^deno run -A monitor\.ts (?:rules|plugins)\b/.test(line);
          await test.step({
            name: line,
            ignore: needsRoot && root.ignore,
            fn: async () => {
              await using running = new Running(commandOf(line, folder), { cwd: folder });
              const { code, stdout, stderr } = await running.ended();
              strictEqual(code, 0, stdout + stderr);
            },
          });
        }
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

Deno.test("docs: their code compiles, and their rules load", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-docs-" });
  try {
    const files: string[] = [];
    for (const [i, block] of ofLanguage("ts").entries()) {
      const path = join(folder, dirname(block.file), named(block) ?? `block_${i}.ts`);
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

Deno.test("docs: there is something to run, and to compile", () => {
  ok(ofLanguage("sh").length >= 5);
  ok(ofLanguage("ts").length >= 5);
});

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
