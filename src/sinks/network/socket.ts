/**
 * Lines to a unix or TCP socket, each with its newline.
 *
 * What is in the kernel's buffers when the other side goes away is lost, and nobody can say what it was: a stream
 * has no receipts.
 *
 * @module
 */
import type { Target } from "../target.ts";
import { type Connect, Connection, wholeLines } from "./lines.ts";

/** Bytes that are written together: after a connection broke, they are written again from their first line on. */
const TOGETHER = 1 << 16;

/** Newline-delimited records to a socket. */
export class SocketTarget implements Target {
  readonly name: string;
  readonly #connection: Connection;

  constructor(name: string, connect: Connect) {
    this.name = name;
    this.#connection = new Connection(connect);
  }

  async write(bytes: Uint8Array): Promise<number> {
    let length = 0;
    for (const line of wholeLines(bytes, TOGETHER)) length += line.length + 1;
    await this.#connection.write(bytes.subarray(0, length));
    return length;
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
