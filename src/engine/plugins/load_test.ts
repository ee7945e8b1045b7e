import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { activatePlugin, loadPlugins } from "./load.ts";

/** What is wrong with a plugin's file, by its definition. */
const wrong: Readonly<Record<string, readonly [definition: string, told: RegExp]>> = {
  "a name that is none": [`name: "No Name", title: "t", alert() {}`, /name: lower case/],
  "no title": [`name: "p", alert() {}`, /plugin p: title: /],
  "no hook": [`name: "p", title: "t"`, /plugin p: it does nothing/],
  "a hook that is none": [`name: "p", title: "t", alert: 3`, /plugin p: alert: it is no function/],
  "an async hook": [`name: "p", title: "t", async alert() {}`, /alert: it can't be async/],
  "a call that there is not": [
    `name: "p", title: "t", filter: { syscalls: ["opneat"], event: () => true }`,
    /filter\.syscalls\.0: there is no system call "opneat"/,
  ],
  "a filter that there is not": [
    `name: "p", title: "t", filter: { events: () => true }`,
    /filter: .*events/,
  ],
  "a need that there is not": [`name: "p", title: "t", needs: ["more"], alert() {}`, /needs\.0/],
};

async function inFile<T>(text: string, run: (file: string) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "plugin.ts");
    Deno.writeTextFileSync(file, text);
    return await run(file);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const source = (definition: string) => `export default { kind: "plugin", ${definition} };`;

for (const [what, [definition, told]] of Object.entries(wrong)) {
  Deno.test(`load: ${what} is told, with file and field`, async () => {
    await inFile(source(definition), async (file) => {
      await rejects(loadPlugins(file), (error: Error) => {
        strictEqual(error.message.startsWith(`${file}: `), true, error.message);
        strictEqual(told.test(error.message), true, error.message);
        return true;
      });
    });
  });
}

Deno.test("load: a file without a plugin, and one that does not compile", async () => {
  await inFile("export const a = 1;", (file) => rejects(loadPlugins(file), /no plugin: /));
  await inFile("export const a = ;", (file) => rejects(loadPlugins(file), /plugin\.ts:1:18/));
  await inFile(`Deno.exit(5);`, (file) => rejects(loadPlugins(file), /can't end the monitor/));
});

Deno.test("load: start, stop may be async; all plugins of a file are loaded, each once", async () => {
  const text =
    `const one = { kind: "plugin", name: "one", title: "t", async start() {}, async stop() {} };
    export { one }; export default one; export const two = { ...one, name: "two" };`;
  await inFile(text, async (file) => {
    const loaded = await loadPlugins(file);
    deepStrictEqual(loaded.map(({ plugin }) => plugin.name).toSorted(), ["one", "two"]);
    const [first] = loaded;
    if (first !== undefined) {
      throws(() => activatePlugin(first, { speed: 3 }), /options of plugin .*speed/);
    }
  });
});
