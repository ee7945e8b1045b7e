/** What README and docs/ tell a reader to run, runs; what they show as records, is JSON. */
import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { checkout, root, Running } from "./monitor.ts";

interface Block {
  readonly file: string;
  readonly language: string;
  readonly lines: readonly string[];
}

function blocks(file: string): Block[] {
  const text = Deno.readTextFileSync(join(checkout, file));
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", body = ""]) => ({
    file,
    language,
    lines: body.split("\n").filter((line) => line !== ""),
  }));
}

const docs = [...Deno.readDirSync(join(checkout, "docs"))].map(({ name }) => `docs/${name}`);
const all = ["README.md", ...docs].flatMap(blocks);

/** A command of the docs, made to end by itself; what it would leave behind goes to a folder of ours. */
function ending(line: string, folder: string): [string, ...string[]] {
  const words = line.replace(/\s+#.*$/, "").replaceAll("/tmp/", `${folder}/`).split(" ")
    .map((word) => word.replace(/^'(.*)'$/, "$1"));
  const [command = ""] = words.slice(4);
  const endsAlone = words.includes("--") || words.includes("--duration") ||
    ["containers", "doctor"].includes(command);
  const args = endsAlone ? words.slice(1) : [...words.slice(1), "--duration", "1s"];
  return [Deno.execPath(), ...args.map((arg) => arg === "10s" ? "1s" : arg)];
}

for (const { file, lines } of all.filter(({ language }) => language === "sh")) {
  for (const line of lines.filter((each) => each.startsWith("deno run -A monitor.ts"))) {
    Deno.test({
      name: `docs: ${file}: ${line}`,
      ...root,
      fn: async () => {
        const folder = Deno.makeTempDirSync();
        try {
          await using running = new Running(ending(line, folder));
          const { code, stderr } = await running.ended();
          strictEqual(code, 0, stderr);
        } finally {
          Deno.removeSync(folder, { recursive: true });
        }
      },
    });
  }
}

for (const { file, lines } of all.filter(({ language }) => language === "json")) {
  for (const line of lines) {
    Deno.test(`docs: ${file}: a record: ${line.slice(0, 60)}`, () => {
      const record: { type?: string } = JSON.parse(line);
      strictEqual(typeof record.type, "string");
    });
  }
}

Deno.test("docs: there is something to run", () => {
  strictEqual(all.filter(({ language }) => language === "sh").length >= 5, true);
});
