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

Deno.test("file: opened again when somebody has truncated it, nothing is put into the old one", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "x.jsonl");
    const file = new LineFile(path, { rotation: undefined, say: () => {} });
    await file.write(bytes('{"i":1}\n{"i"'));
    Deno.truncateSync(path);
    Deno.renameSync(path, `${path}.old`);
    await file.reopen();
    await file.write(bytes(":2}\n"));
    await file.close();
    strictEqual(Deno.readTextFileSync(`${path}.old`), "");
    strictEqual(Deno.readTextFileSync(path), '{"i":2}\n');
  });
});

Deno.test("file: names are in the order of time, whatever the clock says; what is newest stays", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "x.jsonl");
    let now = Date.UTC(2031, 0, 1, 23, 59, 59, 999);
    const rotation = { size: 1, interval: undefined, keep: 3, gzip: false };
    const file = new LineFile(path, { rotation, say: () => {}, now: () => now });
    for (let i = 0; i < 6; i++) {
      await file.write(bytes(`{"i":${i}}\n`));
      // It was wrong by years, and is put right; afterwards it goes on.
      now = i === 2 ? Date.UTC(2026, 10, 22) : now + 1000;
    }
    await file.close();
    deepStrictEqual(rotatedFiles(path).map((each) => Deno.readTextFileSync(each)), [
      '{"i":2}\n',
      '{"i":3}\n',
      '{"i":4}\n',
    ]);
  });
});

Deno.test("file: what could not be rotated is tried again, also if the clock is set back", async () => {
  await inFolder(async (folder) => {
    // There is room for its name, and none for that of a rotated one.
    const path = join(folder, "x".repeat(250));
    let now = Date.UTC(2031, 0, 1);
    const told: string[] = [];
    const rotation = { size: 1, interval: undefined, keep: 3, gzip: false };
    const file = new LineFile(path, {
      rotation,
      say: (text) => void told.push(text),
      now: () => now,
    });
    for (let i = 0; i < 3; i++) await file.write(bytes(`{"i":${i}}\n`));
    strictEqual(told.length, 1);
    now = Date.UTC(2026, 10, 22);
    await file.write(bytes('{"i":3}\n'));
    strictEqual(told.length, 2);
    await file.close();
    strictEqual(Deno.readTextFileSync(path).split("\n").length, 5);
  });
});

Deno.test("file: one that somebody has removed is begun anew when it is to be rotated, and that is told", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "x.jsonl");
    const told: string[] = [];
    const rotation = { size: 1, interval: undefined, keep: 3, gzip: false };
    const file = new LineFile(path, { rotation, say: (text) => void told.push(text) });
    await file.write(bytes('{"i":1}\n'));
    Deno.removeSync(path);
    await file.write(bytes('{"i":2}\n'));
    await file.close();
    strictEqual(Deno.readTextFileSync(path), '{"i":2}\n');
    deepStrictEqual(told, [`${path}: somebody has removed it: a new one is begun.`]);
  });
});
