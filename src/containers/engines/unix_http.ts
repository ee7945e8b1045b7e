/**
 * HTTP over a unix socket, for servers that are not trusted to end, to be brief or to make sense.
 *
 * @module
 */

/** No more is taken of one answer. In bytes. */
const largestAnswer = 1024 * 1024;

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Each question has its own connection: an engine that has restarted since must not be asked over an old one.
 *
 * @param target Path and query.
 * @throws {Error} if nobody answers there, or the answer breaks off or is larger than 1 MiB.
 */
export async function get(socket: string, target: string, signal: AbortSignal): Promise<Answer> {
  const { status, chunks, [Symbol.dispose]: close } = await openStream(socket, target, signal);
  try {
    const bytes = new Uint8Array(largestAnswer);
    let length = 0;
    for await (const chunk of chunks) {
      if (length + chunk.length > largestAnswer) throw new Error("the answer is larger than 1 MiB");
      bytes.set(chunk, length);
      length += chunk.length;
    }
    return { status, body: new TextDecoder().decode(bytes.subarray(0, length)) };
  } finally {
    close();
  }
}

/** An answer that comes in pieces, until it is disposed of. */
export interface Stream extends Disposable {
  readonly status: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * @param target Path and query.
 * @throws {Error} if nobody answers there.
 */
export async function openStream(
  socket: string,
  target: string,
  signal: AbortSignal,
): Promise<Stream> {
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  // The connection's own way to end: what is left of the answer must not keep it open.
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const dispose = () => {
    signal.removeEventListener("abort", end);
    ending.abort();
    client.close();
  };
  try {
    // HTTP wants a host. Deno 2.9 looks a name up even for a socket, and waits 5 s where no name server answers.
    const response = await fetch(`http://127.0.0.1${target}`, {
      client,
      signal: ending.signal,
      // Nobody is followed to other places.
      redirect: "manual",
    });
    return { status: response.status, chunks: response.body ?? empty(), [Symbol.dispose]: dispose };
  } catch (cause) {
    dispose();
    throw cause;
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}
