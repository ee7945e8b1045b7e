/**
 * Compresses files beside the program: a file is read and written piece by piece, and has its own name and no `.gz`
 * until all of it is there.
 *
 * @module
 */
/// <reference lib="deno.worker" />

/** What is said when a file is done. */
export interface Compressed {
  readonly file: string;
  readonly error?: string;
}

async function compress(file: string): Promise<void> {
  const unfinished = `${file}.gz.unfinished`;
  const from = await Deno.open(file);
  const to = await Deno.open(unfinished, {
    write: true,
    create: true,
    truncate: true,
    mode: 0o600,
  });
  const { readable } = from;
  await readable.pipeThrough(new CompressionStream("gzip")).pipeTo(to.writable);
  const written = await Deno.open(unfinished, { write: true });
  await written.syncData();
  written.close();
  await Deno.rename(unfinished, `${file}.gz`);
  await Deno.remove(file);
}

self.addEventListener("message", async ({ data }: MessageEvent<string>) => {
  try {
    await compress(data);
    self.postMessage({ file: data });
  } catch (error) {
    self.postMessage({ file: data, error: String(error) });
  }
});
