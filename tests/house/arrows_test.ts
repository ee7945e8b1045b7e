/** The arrows of DESIGN section 2: which folder may import which. */
import { deepStrictEqual } from "node:assert/strict";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? ".", "../..");

/** Pure: everybody may read them. */
const shared: readonly string[] = ["syscalls", "text"];

/** A folder of src/ may import these, and itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  ffi: [],
  syscalls: [],
  text: [],
  kernel: ["ffi"],
  containers: ["kernel"],
  processes: [],
  events: ["containers", "processes", "kernel"],
  sinks: ["containers", "processes", "events"],
  engine: ["containers", "processes", "events", "sinks", "kernel"],
  cli: ["engine", "containers", "processes", "events", "sinks", "kernel"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function* sources(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

function* imports(): Generator<Import> {
  for (const path of sources(join(root, "src"))) {
    const text = Deno.readTextFileSync(path);
    for (const [, to = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)) {
      yield { from: relative(root, path), to: relative(root, join(dirname(path), to)) };
    }
  }
}

function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

Deno.test("arrows: each folder imports only what DESIGN section 2 lets it", () => {
  const wrong = [...imports()].filter(({ from, to }) => {
    const [source, target] = [folderOf(from), folderOf(to)];
    return source !== target && !shared.includes(target) && !allowed[source]?.includes(target);
  });
  deepStrictEqual(wrong, []);
});

Deno.test("arrows: other folders are entered by their door", () => {
  const wrong = [...imports()].filter(({ from, to }) =>
    folderOf(from) !== folderOf(to) && !to.endsWith("/mod.ts")
  );
  deepStrictEqual(wrong, []);
});

Deno.test("arrows: only ffi/ opens libraries", () => {
  const wrong = [...sources(join(root, "src"))].filter((path) =>
    !path.includes("/src/ffi/") && !path.endsWith("_test.ts") &&
    /Deno\.dlopen\(/.test(Deno.readTextFileSync(path))
  );
  deepStrictEqual(wrong.map((path) => relative(root, path)), []);
});

Deno.test("arrows: rules and plugins that ship import what their authors' users can", () => {
  const wrong: Import[] = [];
  for (const folder of ["rules", "plugins"]) {
    for (const path of sources(join(root, folder))) {
      const text = Deno.readTextFileSync(path);
      for (const [, to = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
        const isOurs = to.startsWith(".") &&
          resolve(dirname(path), to).startsWith(join(root, folder));
        const isTest = path.endsWith("_test.ts") || path.endsWith("fixtures.ts");
        const isForTests = isTest &&
          (["fast-check", "tallyman/testing"].includes(to) || to.startsWith("../tests/"));
        if (to !== "tallyman" && !to.startsWith("node:") && !isOurs && !isForTests) {
          wrong.push({ from: relative(root, path), to });
        }
      }
    }
  }
  deepStrictEqual(wrong, []);
});

Deno.test("arrows: the test sees imports at all", () => {
  deepStrictEqual([...imports()].length > 50, true);
});
