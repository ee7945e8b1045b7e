/** A stream to somewhere: a unix socket's, or TCP's. */
import { z } from "tallyman";

/** What Deno connects to. */
type Place = { readonly transport: "unix"; readonly path: string } | {
  readonly hostname: string;
  readonly port: number;
};

/** Where a stream goes to, and what it is called. */
export interface Address {
  readonly name: string;
  readonly place: Place;
}

/** How addresses of streams are written. */
const forms = "unix:/PATH or tcp://HOST:PORT";

function placeOf(url: string): Place | undefined {
  const [, path] = /^unix:(\/.+)$/s.exec(url) ?? [];
  if (path !== undefined) return { transport: "unix", path };
  const [, six, four, digits = ""] =
    /^tcp:\/\/(?:\[([0-9a-f:.]+)\]|([^:/[\]]+)):(\d+)$/i.exec(url) ?? [];
  const [hostname, port] = [six ?? four, Number(digits)];
  return hostname === undefined || port < 1 || port > 65_535 ? undefined : { hostname, port };
}

/**
 * An option that says where to: `unix:/run/x.sock`, `tcp://host:5170`.
 *
 * @param prefix What stands before that.
 */
export const address = (prefix = "") =>
  z.string().transform((name, { addIssue }): Address => {
    const place = name.startsWith(prefix) ? placeOf(name.slice(prefix.length)) : undefined;
    if (place !== undefined) return { name, place };
    const expected = forms.replaceAll(/\b(?:unix|tcp):/g, `${prefix}$&`);
    addIssue({ code: "custom", message: `expected ${expected}` });
    return z.NEVER;
  });

/** A connection that is made when it is needed, and again after it broke. */
export class Connection {
  readonly #place: Place;
  #open: Deno.Conn | undefined;

  constructor({ place }: Address) {
    this.#place = place;
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
    const place = this.#place;
    const connection = await ("path" in place ? Deno.connect(place) : Deno.connect(place));
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
