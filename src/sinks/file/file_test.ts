import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { LineFile } from "./file.ts";
import { rotatedFiles } from "./rotated.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("file: rotated at the hour, only between lines, and never over another's name", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "x.jsonl");
    let now = Date.UTC(2026, 10, 22, 20, 59, 59);
    const rotation = { size: undefined, interval: 3_600_000, keep: 10, gzip: false };
    const file = new LineFile(path, { rotation, say: () => {}, now: () => now });
    await file.write(bytes('{"i":1}\n{"i"'));
    now += 2000;
    const taken = `${path}.20261122T210001.000Z`;
    Deno.writeTextFileSync(taken, '{"other":1}\n');
    // The hour is over, and the line is not.
    await file.write(bytes(":2}\n"));
    await file.write(bytes('{"i":3}\n'));
    now += 3_600_000;
    await file.write(bytes('{"i":4}\n'));
    await file.close();
    strictEqual(Deno.readTextFileSync(path), '{"i":4}\n');
    const rotated = rotatedFiles(path);
    strictEqual(rotated[0], taken);
    strictEqual(Deno.readTextFileSync(taken), '{"other":1}\n');
    deepStrictEqual(rotated.slice(1).map((each) => Deno.readTextFileSync(each)), [
      '{"i":1}\n{"i":2}\n{"i":3}\n',
    ]);
  });
});

Deno.test("file: opened again in the middle of a line, all of the line is in the new file", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "x.jsonl");
    const file = new LineFile(path, { rotation: undefined, say: () => {} });
    await file.write(bytes('{"i":1}\n{"i"'));
    Deno.renameSync(path, `${path}.old`);
    await file.reopen();
    await file.write(bytes(":2}\n"));
    await file.close();
    strictEqual(Deno.readTextFileSync(`${path}.old`), '{"i":1}\n');
    strictEqual(Deno.readTextFileSync(path), '{"i":2}\n');
  });
});
