/** Files that are imported by Deno, edited, and imported again. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { defineRule } from "tallyman";
import { codeErrorText } from "./error_text.ts";
import { VersionedCode } from "./versioned_code.ts";

/** A folder of files that are imported, which is gone when the test is. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tallyman-code-" });
  readonly code = new VersionedCode();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    Deno.mkdirSync(join(this.path, name, ".."), { recursive: true });
    Deno.writeTextFileSync(join(this.path, name), text);
  }

  async import(name: string): Promise<Readonly<Record<string, unknown>>> {
    this.code.versions.refresh();
    return await this.code.import(join(this.path, name));
  }

  names(): string[] {
    const { path } = this;
    return [...this.code.versions.files].map((file) => file.slice(path.length + 1)).sort();
  }

  [Symbol.dispose](): void {
    this.code[Symbol.dispose]();
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("versioned code: an edited helper is imported again, and who imports it; others are not", async () => {
  using folder = new Folder({
    "a.ts": `import { b } from "./lib/b.ts"; import { c } from "./lib/c.ts";
      export { c }; export const value: string = \`a \${b}\`;`,
    "lib/b.ts": `import { d } from "../d.js"; export const b = \`b \${d}\`;`,
    "lib/c.ts": `export const c = {};`,
    "d.js": `export const d = 1;`,
  });
  const first = await folder.import("a.ts");
  strictEqual(first["value"], "a b 1");
  deepStrictEqual(folder.names(), ["a.ts", "d.js", "lib/b.ts", "lib/c.ts"]);
  strictEqual(await folder.import("a.ts"), first);
  folder.write("d.js", `export const d = 2;`);
  const second = await folder.import("a.ts");
  strictEqual(second["value"], "a b 2");
  // Its state would be lost with it.
  strictEqual(second["c"], first["c"]);
  folder.write("lib/b.ts", `export const b = "alone";`);
  strictEqual((await folder.import("a.ts"))["value"], "a alone");
  folder.write("d.js", `export const d = 3;`);
  strictEqual(folder.code.versions.refresh().has(join(folder.path, "a.ts")), false);
});

Deno.test("versioned code: JSON, imports at run time, cycles, names with spaces", async () => {
  using folder = new Folder({
    "a b.ts": `import data from "./da#ta.json" with { type: "json" }; import "./cycle.ts";
      export const n = data.n; export const later = async () => (await import("./later.ts")).n;`,
    "cycle.ts": `import "./a b.ts";`,
    "da#ta.json": `{ "n": 1 }`,
    "later.ts": `export const n = 1;`,
  });
  // A name with # is written by its URL's rules.
  folder.write(
    "a b.ts",
    Deno.readTextFileSync(join(folder.path, "a b.ts")).replace("da#ta", "da%23ta"),
  );
  const both = async () => {
    const { n, later } = await folder.import("a b.ts");
    return [n, await (later as () => Promise<unknown>)()];
  };
  deepStrictEqual(await both(), [1, 1]);
  folder.write("da#ta.json", `{ "n": 2 }`);
  deepStrictEqual(await both(), [2, 1]);
  folder.write("later.ts", `export const n = 3;`);
  deepStrictEqual(await both(), [2, 3]);
});

Deno.test("versioned code: tallyman and packages are one, and no code of their user's", async () => {
  const text = `import { defineRule, z } from "tallyman"; import { z as same } from "zod";
    export { defineRule, same, z };`;
  using folder = new Folder({ "a.ts": text });
  const first = await folder.import("a.ts");
  folder.write("a.ts", `${text}\n`);
  const second = await folder.import("a.ts");
  ok(first !== second);
  strictEqual(second["defineRule"], defineRule);
  strictEqual(second["z"], first["z"]);
  strictEqual(second["same"], first["same"]);
  deepStrictEqual(folder.names(), ["a.ts"]);
});

Deno.test("versioned code: what is broken is told without its version, and mended", async () => {
  using folder = new Folder({
    "a.ts": `export { n } from "./b.ts";`,
    "b.ts": `export const n = 1;`,
  });
  await folder.import("a.ts");
  const told = async () => {
    const error: unknown = await folder.import("a.ts").then(() => undefined, (error) => error);
    ok(error instanceof Error);
    const text = codeErrorText(error, join(folder.path, "a.ts"));
    ok(!text.includes("?v="), text);
    return text;
  };
  folder.write("b.ts", `\nexport const n = ;`);
  match(await told(), /b\.ts:2:18/);
  folder.write("b.ts", `export const m = 1;`);
  match(await told(), /does not provide an export named 'n'.*a\.ts:1:\d+/);
  folder.write("b.ts", `export const n = 2;\n\nthrow new Error("mine");`);
  match(await told(), /mine\n {4}at file:.*b\.ts:3:7$/);
  folder.write("b.ts", `export * from "./nowhere.ts";`);
  match(await told(), /nowhere\.ts/);
  // Nothing has changed but that what was missed is there.
  folder.write("nowhere.ts", `export const n = 5;`);
  strictEqual((await folder.import("a.ts"))["n"], 5);
});

Deno.test("versioned code: whatever is broken and mended in which order, what is whole is imported as it is", async () => {
  const state = fc.constantFrom("good", "good", "good", "broken", "throws", "gone");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(state, state, state), { minLength: 1, maxLength: 12 }),
      async (steps) => {
        using folder = new Folder({});
        for (const [i, states] of steps.entries()) {
          const texts = {
            "a.ts": `import { b } from "./b.ts"; export const value = b + ${i};`,
            "b.ts": `import { c } from "./c.ts"; export const b: number = c + ${i};`,
            "c.ts": `export const c = ${i};`,
          };
          for (const [j, [name, text]] of Object.entries(texts).entries()) {
            if (states[j] === "good") folder.write(name, text);
            if (states[j] === "broken") folder.write(name, `${text} ]`);
            if (states[j] === "throws") folder.write(name, `${text} null.x;`);
            if (states[j] === "gone") {
              folder.write(name, "");
              Deno.removeSync(join(folder.path, name));
            }
          }
          if (states.every((each) => each === "good")) {
            strictEqual((await folder.import("a.ts"))["value"], 3 * i);
          } else await rejects(folder.import("a.ts"));
        }
      },
    ),
    {
      numRuns: 40,
      examples: [
        // What is in a version that could not be imported as a whole, and what Deno keeps of it.
        [[["good", "good", "broken"], ["good", "gone", "good"], ["good", "good", "good"]]],
        [[
          ["good", "broken", "good"],
          ["good", "good", "good"],
          ["good", "broken", "broken"],
          ["good", "good", "good"],
        ]],
      ],
    },
  );
});

Deno.test("versioned code: who is disposed leaves imports alone", async () => {
  const folder = new Folder({ "a.ts": `export const n = 1;` });
  folder[Symbol.dispose]();
  using other = new Folder({ "b.ts": `import "./c.ts";`, "c.ts": "" });
  await other.import("b.ts");
  deepStrictEqual(folder.names(), []);
});
