/** Real files, in folders that are watched. */
import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Changes, existingFolder } from "./changes.ts";

/** A folder that is watched. */
class Watched implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tallyman-changes-" });
  readonly errors: unknown[] = [];
  count = 0;
  readonly changes = new Changes(() => this.count++, (error) => this.errors.push(error));

  /** Does something, and waits until it is told. */
  async told(what: () => void): Promise<void> {
    const before = this.count;
    what();
    const deadline = performance.now() + 20_000;
    while (this.count === before) {
      ok(performance.now() < deadline, `not told: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  [Symbol.dispose](): void {
    this.changes[Symbol.dispose]();
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("changes: files that are written, renamed and removed, and folders that are made", async () => {
  using folder = new Watched();
  const { path, changes } = folder;
  const file = join(path, "a.ts");
  ok(changes.watch([path]));
  await folder.told(() => Deno.writeTextFileSync(file, "1"));
  await folder.told(() => Deno.renameSync(file, `${file}~`));
  await folder.told(() => Deno.renameSync(`${file}~`, file));
  await folder.told(() => Deno.removeSync(file));
  await folder.told(() => Deno.mkdirSync(join(path, "deep")));
  strictEqual(folder.errors.length, 0);
});

Deno.test("changes: what is no code is not told, nor is reading", async () => {
  using folder = new Watched();
  const { path, changes } = folder;
  Deno.writeTextFileSync(join(path, "a.ts"), "1");
  ok(changes.watch([path]));
  for (let i = 0; i < 20; i++) {
    Deno.writeTextFileSync(join(path, "out.jsonl"), String(i));
    Deno.readTextFileSync(join(path, "a.ts"));
  }
  // Whatever was told of these comes before this.
  await folder.told(() => Deno.writeTextFileSync(join(path, "b.json"), "{}"));
  ok(folder.count <= 3, `${folder.count} were told`);
});

Deno.test("changes: other folders, more of them and fewer", async () => {
  using folder = new Watched();
  const { path, changes } = folder;
  const deep = join(path, "deep");
  Deno.mkdirSync(deep);
  ok(changes.watch([path]));
  ok(!changes.watch([path, path]));
  ok(changes.watch([path, deep]));
  await folder.told(() => Deno.writeTextFileSync(join(deep, "a.ts"), "1"));
  ok(changes.watch([path]));
  strictEqual(folder.errors.length, 0);
});

Deno.test("changes: the folder of a path, or the nearest that there is", () => {
  using folder = new Watched();
  const file = join(folder.path, "a.ts");
  Deno.writeTextFileSync(file, "");
  strictEqual(existingFolder(folder.path), folder.path);
  for (const path of [file, join(folder.path, "no/such/folder")]) {
    strictEqual(existingFolder(path), folder.path);
  }
});
