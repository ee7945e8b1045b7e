/** README.md and docs/: what they link to is there, and options that they name are options. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { dirname, join } from "node:path";

const checkout = join(import.meta.dirname ?? ".", "../..");
const read = (file: string) => Deno.readTextFileSync(join(checkout, file));
const pages = [
  "README.md",
  ...[...Deno.readDirSync(join(checkout, "docs"))].map(({ name }) => `docs/${name}`).sort(),
];

/** A page's headings, as links name them. */
function anchors(page: string): Set<string> {
  const headings = page.replaceAll(/^ *```.*?^ *```$/gms, "").matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

Deno.test("pages: what they link to is there", () => {
  let links = 0;
  for (const file of pages) {
    for (const [, target = ""] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const linked = path === "" ? file : join(dirname(file), path);
      const page = read(linked);
      ok(anchor === undefined || anchors(page).has(anchor), `${file}: ${target}`);
      links++;
    }
  }
  ok(links > 20);
});

Deno.test("pages: README leads to each page of docs/", () => {
  const readme = read("README.md");
  deepStrictEqual(pages.slice(1).filter((page) => !readme.includes(`](${page})`)), []);
});

/** Options of programs that are not ours, by the page that names them. */
const others: Readonly<Record<string, readonly string[]>> = {
  "docs/deploying.md": [
    "--cached-only",
    "--no-prompt",
    "--frozen",
    "--entrypoint",
    "--now",
  ],
  // Of unshare(1).
  "README.md": ["--pid", "--fork"],
  "docs/rules.md": ["--pid", "--fork"],
  // What it takes out of others' command lines.
  "docs/plugins.md": ["--password"],
};

/** Of `deno task bench`. */
const ofBench = ["--only", "--check", "--rounds", "--json"];

Deno.test("pages: options that they name are options", () => {
  const ours = new Set(
    [...read("docs/cli.md").matchAll(/^\| `(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = ""]) => name),
  );
  ok(ours.size > 30);
  for (const name of ["--help", "--version"]) ours.add(name);
  // What rules look for are options of others.
  for (const file of pages.filter((file) => file !== "docs/shipped_rules.md")) {
    const text = read(file).replaceAll(/deno task bench[^`\n]*/g, "");
    const foreign = new Set(others[file]);
    if (file === "README.md") foreign.add("--check");
    const unknown = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z](?![a-z-])/g)].map(([name]) =>
      name
    )
      .filter((name) => !ours.has(name) && !foreign.has(name));
    deepStrictEqual(unknown, [], file);
  }
});

Deno.test("pages: what README has measured by the bench is a part of it", () => {
  const parts = new Set(
    [...read("bench/main.ts").matchAll(/^ {2}(\w+): \[/gm)].map(([, name = ""]) => name),
  );
  const commands = [...read("README.md").matchAll(/`deno task bench(?: ([^`]*))?`/g)];
  ok(commands.length > 3);
  for (const [, words = ""] of commands) {
    const [option, part] = words.split(" ");
    ok(words === "" || (ofBench.includes(option ?? "") && (part === undefined || parts.has(part))));
  }
});
