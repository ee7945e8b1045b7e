/**
 * For tests: an engine on a unix socket that answers what it is told to.
 *
 * @module
 */
import type { Identity, Runtime } from "../container.ts";

/** A folder that is gone afterwards. */
export interface Folder extends Disposable {
  readonly path: string;
  /** Writes a file, JSON unless it is a string or bytes, and the folders that it is in. */
  write(name: string, content: unknown): void;
}

export function makeFolder(): Folder {
  const path = Deno.makeTempDirSync({ prefix: "tallyman-" });
  return {
    path,
    write(name, content) {
      const file = `${path}/${name}`;
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      if (content instanceof Uint8Array) Deno.writeFileSync(file, content);
      else {Deno.writeTextFileSync(
          file,
          typeof content === "string" ? content : JSON.stringify(content),
        );}
    },
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/** An HTTP server on a unix socket. */
export function serve(
  socket: string,
  answer: (request: Request) => Response | Promise<Response>,
): AsyncDisposable {
  const stopping = new AbortController();
  const server = Deno.serve({
    transport: "unix",
    path: socket,
    signal: stopping.signal,
    onListen: () => {},
    onError: () => new Response("", { status: 500 }),
  }, answer);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await server.finished;
      removeIfThere(socket);
    },
  };
}

/** A server on a unix socket that knows no HTTP: says its bytes at once, then closes or hangs. */
export function serveBytes(
  socket: string,
  bytes: Uint8Array,
  end: "close" | "hang",
): AsyncDisposable {
  const listener = Deno.listen({ transport: "unix", path: socket });
  const connections = new Set<Deno.Conn>();
  const close = (connection: Deno.Conn) => {
    if (connections.delete(connection)) connection.close();
  };
  const talk = async (connection: Deno.Conn) => {
    connections.add(connection);
    // Closing before the question has come would be another error: that of a broken pipe.
    await connection.read(new Uint8Array(4_096)).catch(() => {});
    await connection.write(bytes).catch(() => {});
    if (end === "close") close(connection);
  };
  const accept = async () => {
    for await (const connection of listener) talk(connection);
  };
  const accepting = accept().catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of [...connections]) close(connection);
      await accepting;
      removeIfThere(socket);
    },
  };
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** 64 hex digits. */
export function engineId(digit: string): string {
  return digit.repeat(64);
}

export function identity(runtime: Runtime, id: string, more: Partial<Identity> = {}): Identity {
  return { runtime, id, cgroup: `/${runtime}/${id}`, ...more };
}

/** Waits until something is so. */
export async function until(
  so: () => boolean | Promise<boolean>,
  milliseconds = 5_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!await so()) {
    if (Date.now() > end) throw new Error(`not so within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
