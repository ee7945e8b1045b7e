import assert from "node:assert/strict";
import { makeFolder } from "./fake_engine.ts";
import { FileError, largestFile, largestFolder, readFolder, readJson, readText } from "./files.ts";

Deno.test("a file, one that is not there, and one below a file", async () => {
  using folder = makeFolder();
  folder.write("a", "text");
  assert.equal(await readText(`${folder.path}/a`), "text");
  assert.equal(await readText(`${folder.path}/b`), undefined);
  assert.equal(await readText(`${folder.path}/a/b`), undefined);
});

Deno.test("no more than 1 MiB is read", async () => {
  using folder = makeFolder();
  folder.write("just", new Uint8Array(largestFile).fill(0x20));
  folder.write("more", new Uint8Array(largestFile + 1).fill(0x20));
  assert.equal((await readText(`${folder.path}/just`))?.length, largestFile);
  await assert.rejects(readText(`${folder.path}/more`), /larger than 1 MiB/);
  // A sparse file, which says to be larger than the disk.
  const sparse = Deno.openSync(`${folder.path}/sparse`, { write: true, create: true });
  sparse.truncateSync(2 ** 40);
  sparse.close();
  await assert.rejects(readText(`${folder.path}/sparse`), /larger than 1 MiB/);
});

Deno.test("what is no file is not read, and not waited for", async () => {
  using folder = makeFolder();
  const fifo = `${folder.path}/fifo`;
  assert((await new Deno.Command("mkfifo", { args: [fifo] }).output()).success);
  folder.write("target", "{}");
  Deno.symlinkSync(`${folder.path}/target`, `${folder.path}/link`);
  await assert.rejects(readText(fifo), FileError);
  await assert.rejects(readText(folder.path), FileError);
  await assert.rejects(readText("/dev/zero"), /not a regular file/);
  await assert.rejects(readText(`${folder.path}/link`), /ELOOP/);
  assert.equal(await readText(`${folder.path}/link`, { follow: true }), "{}");
});

Deno.test("a file of somebody else is refused", async () => {
  using folder = makeFolder();
  folder.write("a", "{}");
  await assert.rejects(readText(`${folder.path}/a`, { owner: Deno.uid()! + 1 }), /owned by user/);
  assert.equal(await readText(`${folder.path}/a`, { owner: Deno.uid()! }), "{}");
});

Deno.test("a file that is half written is read again", async () => {
  using folder = makeFolder();
  folder.write("a", '{"a":');
  const timer = setTimeout(() => folder.write("a", '{"a":1}'), 5);
  assert.deepEqual(await readJson(`${folder.path}/a`), { a: 1 });
  clearTimeout(timer);
  folder.write("a", "");
  await assert.rejects(readJson(`${folder.path}/a`), /not JSON/);
});

Deno.test("a folder with too much in it is not read to its end", async () => {
  using folder = makeFolder();
  for (let i = 0; i <= largestFolder; i++) folder.write(`many/${i}`, "");
  assert.equal((await readFolder(`${folder.path}/many`))?.length, largestFolder);
  assert.equal(await readFolder(`${folder.path}/none`), undefined);
  assert.equal(await readFolder(`${folder.path}/many/1`), undefined);
});
