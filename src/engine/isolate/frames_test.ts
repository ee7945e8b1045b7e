/** Frames, whatever comes: a rule can write to the pipe that they come by. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type Frame, frame, FrameError, FrameReader, KEY } from "./frames.ts";

const key = new Uint8Array(KEY).map((_, i) => 7 * i + 1);

const anyFrame = fc.record({
  header: fc.dictionary(fc.string(), fc.jsonValue()),
  body: fc.uint8Array({ maxLength: 200 }),
});

/** The bytes in pieces of these lengths, again and again. */
function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

function read(reader: FrameReader, bytes: Uint8Array, lengths: readonly number[] = [1000]) {
  const frames: Frame[] = [];
  for (const piece of pieces(bytes, lengths)) frames.push(...reader.push(piece));
  return frames;
}

function joined(all: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(all.flatMap((bytes) => [...bytes]));
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

Deno.test("frames: what was put in comes out, in pieces of any size, the key known or not", () => {
  fc.assert(
    fc.property(fc.array(anyFrame), lengths, fc.boolean(), (all, sizes, isKnown) => {
      const bytes = joined(all.map(({ header, body }) => frame(key, header, body)));
      const reader = new FrameReader(isKnown ? key : undefined);
      const frames = read(reader, bytes, sizes);
      deepStrictEqual(
        frames.map(({ header, body }) => [header, [...body]]),
        all.map(({ header, body }) => [JSON.parse(JSON.stringify(header)), [...body]]),
      );
    }),
  );
});

Deno.test("frames: of one that is cut short there is nothing, and no error", () => {
  fc.assert(
    fc.property(anyFrame, anyFrame, fc.nat(), (first, second, cut) => {
      const whole = frame(key, first.header, first.body);
      const part = frame(key, second.header, second.body);
      const bytes = joined([whole, part.subarray(0, cut % part.length)]);
      strictEqual(read(new FrameReader(key), bytes).length, 1);
    }),
  );
});

Deno.test("frames: what is no frame is refused at its first wrong byte, wherever it stands", () => {
  fc.assert(
    fc.property(
      anyFrame,
      fc.uint8Array({ minLength: 1 }),
      lengths,
      ({ header, body }, garbage, sizes) => {
        fc.pre(garbage.some((byte, i) => i < KEY && byte !== key[i]));
        const bytes = joined([frame(key, header, body), garbage]);
        const reader = new FrameReader(key);
        const frames: Frame[] = [];
        throws(() => {
          for (const piece of pieces(bytes, sizes)) {
            for (const each of reader.push(piece)) frames.push(each);
          }
        }, FrameError);
        strictEqual(frames.length, 1);
      },
    ),
  );
});

Deno.test("frames: garbage behind the right key is no frame, or is not read as what it is not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 60 }), (garbage) => {
      const reader = new FrameReader(key, 1000);
      try {
        for (const { header } of reader.push(joined([key, garbage]))) {
          ok(header !== undefined);
        }
      } catch (error) {
        ok(error instanceof FrameError, String(error));
      }
    }),
  );
});

Deno.test("frames: one that is too long is refused before there is room made for it", () => {
  const head = new Uint8Array(KEY + 8);
  head.set(key);
  new DataView(head.buffer).setUint32(KEY, 0xffff_ffff, true);
  throws(() => [...new FrameReader(key).push(head)], /a frame of 4294967295 bytes/);
});
