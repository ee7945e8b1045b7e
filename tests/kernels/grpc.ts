/**
 * Unary gRPC calls over a unix socket.
 *
 * @module
 */
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";

/** The server answered with a status that is not OK. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  /** @param status Of https://grpc.io/docs/guides/status-codes/ */
  constructor(readonly method: string, readonly status: number, reason: string) {
    super(`${method}: ${reason} (status ${status})`);
  }
}

/** A byte that says "not compressed", and four of length, before each message. */
const PREFIX = 5;

function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(PREFIX + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, PREFIX);
  return frame;
}

/** A connection to a server. */
export class GrpcClient implements AsyncDisposable {
  readonly #session: ClientHttp2Session;
  #broken: Error | undefined;

  /** @param path The server's socket. */
  constructor(path: string) {
    this.#session = connect("http://localhost", { createConnection: () => connectSocket(path) });
    // What waits for an answer is told by its own stream, what comes later by this.
    this.#session.on("error", (error: Error) => this.#broken = error);
  }

  /**
   * @param method `package.Service/Method`
   * @returns the answer's message.
   * @throws {GrpcError}
   */
  call(method: string, message: Uint8Array): Promise<Uint8Array> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: `/${method}`,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      [constants.HTTP2_HEADER_TE]: "trailers",
    });
    const chunks: Uint8Array[] = [];
    let status: unknown;
    let reason: unknown;
    // An answer without a message has its status in the headers, every other one in the trailers.
    for (const event of ["response", "trailers"]) {
      stream.on(event, (headers: Record<string, unknown>) => {
        status = headers["grpc-status"] ?? status;
        reason = headers["grpc-message"] ?? reason;
      });
    }
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      const answer = new Uint8Array(chunks.flatMap((chunk) => [...chunk])).subarray(PREFIX);
      if (Number(status) === 0) resolve(answer);
      else reject(new GrpcError(method, Number(status ?? NaN), decodeURIComponent(`${reason}`)));
    });
    stream.end(framed(message));
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#session.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#session.close(resolve);
    await promise;
  }
}
