/**
 * What several targets on a network share: whole lines out of bytes, and a connection that is made again.
 *
 * @module
 */

/** A connection that was refused or broken is tried again by whoever delivers, later and later. */
export type Connect = () => Promise<Deno.Conn>;

const NEWLINE = 0x0a;

/** The whole lines at the beginning of some bytes, within so many bytes, but one at least; without newlines. */
export function* wholeLines(bytes: Uint8Array, most = Infinity): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0 || (start > 0 && end >= most)) return;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Connects to a unix socket's path, or to a host and port. */
export function connectTo(address: { readonly path: string } | Deno.ConnectOptions): Connect {
  return "path" in address
    ? () => Deno.connect({ transport: "unix", path: address.path })
    : () => Deno.connect(address);
}

/** A connection that is made when it is needed, and again after it broke. */
export class Connection {
  readonly #connect: Connect;
  #open: Deno.Conn | undefined;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /**
   * Writes all of some bytes.
   *
   * @throws if it can't; the next call connects again.
   */
  async write(bytes: Uint8Array): Promise<void> {
    const connection = this.#open ??= await this.#connected();
    try {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #connected(): Promise<Deno.Conn> {
    const connection = await this.#connect();
    void this.#watch(connection);
    return connection;
  }

  /** Somebody who only listens says nothing: what there is to read is the end. */
  async #watch(connection: Deno.Conn): Promise<void> {
    const nothing = new Uint8Array(512);
    try {
      while (await connection.read(nothing) !== null) { /* It is not ours to understand. */ }
    } catch {
      // Broken: that is an end, too.
    }
    if (this.#open === connection) this.close();
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.close();
    } catch {
      // It is closed.
    }
  }
}
