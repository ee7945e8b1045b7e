/**
 * Records by HTTP POST, many in one request: application/x-ndjson.
 *
 * @module
 */
import type { Target } from "../target.ts";
import { wholeLines } from "./lines.ts";

/** Bytes of a request's body, unless a single record has more. */
const MOST = 1 << 20;

/** ms for a request. */
const WITHIN = 30_000;

/** Posts records. What is answered by 429 or 5xx, or not at all, is posted again. */
export class HttpTarget implements Target {
  readonly name: string;
  readonly #url: string;
  readonly #say: (text: string) => void;
  #refused = 0;

  /** @param say Told of what the server does not want, at the end. */
  constructor(url: string, say: (text: string) => void) {
    // Not with what may be a password.
    const { protocol, host, pathname } = new URL(url);
    this.name = `${protocol}//${host}${pathname}`;
    this.#url = url;
    this.#say = say;
  }

  async write(bytes: Uint8Array): Promise<number> {
    let [length, count] = [0, 0];
    for (const line of wholeLines(bytes, MOST)) {
      length += line.length + 1;
      count++;
    }
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: bytes.slice(0, length),
      signal: AbortSignal.timeout(WITHIN),
    });
    await response.body?.cancel();
    const { ok, status } = response;
    if (ok) return length;
    if (status === 429 || status >= 500) throw new Error(`the server answers ${status}`);
    // It will not want it the next time either.
    if (this.#refused === 0) {
      this.#say(`${this.name}: the server answers ${status}: records that it refuses are dropped.`);
    }
    this.#refused += count;
    return length;
  }

  close(): Promise<void> {
    if (this.#refused > 0) this.#say(`${this.name}: ${this.#refused} records were refused.`);
    return Promise.resolve();
  }
}
