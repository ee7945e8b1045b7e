import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Delivery } from "./delivery.ts";
import { container } from "./fixtures.ts";
import { type Lines, single } from "./outlet.ts";
import type { Target } from "./target.ts";

/** Takes as much at once as it is told, in turn, and the rest later, in pieces. */
class Moody implements Target {
  readonly name = "moody";
  readonly #room: readonly number[];
  readonly #decoder = new TextDecoder();
  #turn = 0;
  text = "";
  atOnce = 0;
  #isWriting = false;

  constructor(room: readonly number[]) {
    this.#room = room;
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.#isWriting = true;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#isWriting = false;
    return this.#take(bytes.subarray(0, 50));
  }

  writeNow(bytes: Uint8Array): number {
    ok(!this.#isWriting, "two write at the same time");
    const room = this.#room[this.#turn++ % this.#room.length] ?? 0;
    const taken = this.#take(bytes.subarray(0, room));
    this.atOnce += taken;
    return taken;
  }

  #take(bytes: Uint8Array): number {
    this.text += this.#decoder.decode(bytes, { stream: true });
    return bytes.length;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Puts the bytes of lines, which mean something else afterwards. */
function putBytes(delivery: Delivery, { type, text, owners }: Lines): void {
  const bytes = new TextEncoder().encode(text);
  delivery.putBlock({ type, bytes, owners });
  bytes.fill(0x21);
}

const options = { limit: 1 << 24, dropped: () => [], say: () => {} };

Deno.test("delivery: what is taken at once, partly, or later arrives once, in its order", async () => {
  const rooms = fc.array(fc.constantFrom(0, 1, 7, 30, 1000), { minLength: 1, maxLength: 6 });
  const pauses = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(rooms, pauses, async (room, pauses) => {
      const target = new Moody(room);
      const delivery = new Delivery(target, options);
      let put = "";
      for (const [i, isPause] of pauses.entries()) {
        const text = `${i} ${"ä".repeat(i % 20)}\n`;
        put += text;
        const lines = single(i % 3 === 0 ? "tally" : "event", text, container("a"));
        if (i % 2 === 0) delivery.put(lines);
        else putBytes(delivery, lines);
        if (isPause) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      strictEqual(await delivery.close(), undefined);
      strictEqual(target.text, put);
    }),
    { numRuns: 50 },
  );
});

Deno.test("delivery: while all is taken at once nothing waits", async () => {
  const target = new Moody([1000]);
  const delivery = new Delivery(target, options);
  for (const text of ["one\n", "two\n"]) delivery.put(single("event", text, container("a")));
  deepStrictEqual([target.text, target.atOnce], ["one\ntwo\n", 8]);
  strictEqual(await delivery.close(), undefined);
});
