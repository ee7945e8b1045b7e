import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { processEventAt } from "../process_event.ts";
import { packBlock, preamble, Torn } from "./blocks.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { RecordingError } from "./error.ts";
import { factText } from "./facts.ts";
import {
  callRecord,
  header,
  MemoryFile,
  processRecord,
  ringOf,
  smallRecording,
} from "./fixtures.ts";
import { BLOCK_HEADER, ENOUGH, PREAMBLE } from "./format.ts";
import { Packed, RecordingReader } from "./reader.ts";
import { RecordingWriter } from "./writer.ts";

/** All records, and what else there is, by kind. */
function readAll(file: MemoryFile) {
  const reader = new RecordingReader(file);
  const records: Uint8Array[] = [];
  const kinds: number[] = [];
  const facts: string[] = [];
  for (let block = reader.next(); block !== undefined; block = reader.next()) {
    for (let i = 0; i < block.count; i++) {
      const kind = block.kinds[i]!;
      kinds.push(kind);
      if (kind > Packed.process) continue;
      const offset = block.first[i]!;
      records.push(new Uint8Array(block.bytes.slice(offset, offset + block.second[i]!)));
    }
    facts.push(...block.facts.map(({ fact }) => fact.type));
  }
  return { records, kinds, facts, isEnded: reader.isEnded };
}

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const anyRecord = fc.record({
  slot: fc.nat({ max: 3 }),
  tid: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 0xffff_ffff })),
  time: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 9n }), u64),
  nr: fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: -1, max: 600 })),
  abi: fc.nat({ max: 1 }),
  // Refused, without memory, abandoned, and those that are yet to come.
  flags: fc.nat({ max: 0xffff }),
  result: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  duration: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 6n }), u64),
  args: fc.array(u64, { maxLength: 6 }),
  payload: fc.uint8Array({ maxLength: 40 }),
}).map(callRecord);

Deno.test("recording: numbers come back as they were", () => {
  const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  const signed = fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 });
  fc.assert(fc.property(fc.array(fc.tuple(whole, signed, fc.string())), (all) => {
    const to = new ByteWriter(1);
    for (const [a, b, text] of all) {
      to.number(a);
      to.signed(b);
      to.text(text.toWellFormed());
    }
    const from = new ByteReader(to.bytes);
    deepStrictEqual(
      all.map(() => [from.number(), from.signed(), from.text()]),
      all.map(([a, b, text]) => [a, b, text.toWellFormed()]),
    );
    ok(from.isAtEnd);
  }));
});

Deno.test("recording: not one bit of a call's record is lost, whatever came before it", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 30 }), fc.nat(29), (all, cut) => {
      const file = new MemoryFile();
      const writer = new RecordingWriter(file, header);
      const { ring, places } = ringOf(all);
      for (const [i, { offset, length }] of places.entries()) {
        writer.call(ring, offset, length, i % 3 === 0);
        if (i === cut) writer.flush();
      }
      writer.end();
      const { records, kinds, isEnded } = readAll(file);
      deepStrictEqual(records, all);
      deepStrictEqual(kinds, all.map((_, i) => i % 3 === 0 ? Packed.touched : Packed.call));
      ok(isEnded);
    }),
    { numRuns: 500 },
  );
});

Deno.test("recording: of an exec all that it says is kept, and nothing of what the ring had before", () => {
  const file = new MemoryFile();
  const writer = new RecordingWriter(file, header);
  const exec = processRecord("exec", 9);
  const { ring, places: [place] } = ringOf([exec]);
  writer.process(ring, place!.offset, place!.length);
  writer.end();
  const [kept] = readAll(file).records;
  ok(kept);
  const eventOf = (bytes: Uint8Array) => processEventAt(new DataView(bytes.slice().buffer), 0);
  deepStrictEqual(eventOf(kept), eventOf(exec));
  ok(!kept.includes(0xee), "what other records left in the ring is no business of ours");
});

Deno.test("recording: calls like the ones before cost a few bytes each", () => {
  const file = new MemoryFile();
  const writer = new RecordingWriter(file, header);
  const payload = new TextEncoder().encode("/srv/www/index.html\0");
  const all = Array.from({ length: 5000 }, (_, i) =>
    callRecord({
      time: BigInt(i * 10_000 + i % 17),
      tid: 100 + i % 4,
      nr: i % 3,
      duration: BigInt(500 + i * 7 % 100),
      args: [BigInt(i % 5), 0x7ffe_0000_1000n],
      payload,
    }));
  const { ring, places } = ringOf(all);
  for (const { offset, length } of places) writer.call(ring, offset, length, false);
  writer.end();
  ok(file.size / all.length < 12, `${file.size / all.length} bytes`);
  deepStrictEqual(readAll(file).records, all);
});

Deno.test("recording: blocks end by themselves", () => {
  const file = new MemoryFile();
  const writer = new RecordingWriter(file, header);
  for (let i = 0; i <= ENOUGH.entries; i++) writer.round();
  ok(file.size > 0);
  const blocks = readAll(file);
  strictEqual(blocks.kinds.length, ENOUGH.entries);
  strictEqual(blocks.isEnded, false);
});

Deno.test("recording: cut at any byte, all whole blocks are read, and the rest is told of", () => {
  const { bytes } = smallRecording();
  const { kinds } = readAll(new MemoryFile(bytes));
  let most = 0;
  for (let length = 0; length < bytes.length; length++) {
    const file = new MemoryFile(bytes.slice(0, length));
    let read = 0;
    try {
      const reader = new RecordingReader(file);
      for (let block = reader.next(); block !== undefined; block = reader.next()) {
        read += block.count;
      }
      strictEqual(reader.isEnded, false);
      strictEqual(reader.offset, length);
    } catch (error) {
      ok(error instanceof RecordingError, String(error));
      ok(error.offset <= length, error.message);
      if (read > 0) ok(error instanceof Torn, error.message);
    }
    ok(read >= most && read <= kinds.length);
    most = read;
  }
  strictEqual(most, kinds.length);
});

Deno.test("recording: with any bit turned it is refused at its place, or read as it is", () => {
  const { bytes } = smallRecording();
  const whole = readAll(new MemoryFile(bytes));
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const turned = bytes.slice();
    turned[bit >> 3]! ^= 1 << (bit & 7);
    throws(() => readAll(new MemoryFile(turned)), (error) => {
      ok(error instanceof RecordingError, String(error));
      ok(error.offset <= bit >> 3, `bit ${bit}: ${error.message}`);
      return true;
    });
  }
  ok(whole.isEnded);
});

Deno.test("recording: rubbish in blocks that are whole is refused at its place", () => {
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Kinds that there are, with what does not fit.
    fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.uint8Array({ maxLength: 60 })), {
      maxLength: 8,
    }).map((parts) => Uint8Array.from(parts.flatMap(([kind, rest]) => [kind, ...rest]))),
    // Facts that are none.
    fc.oneof(fc.json(), fc.string()).map((text) => {
      const to = new ByteWriter();
      to.u8(5);
      to.text(text.toWellFormed());
      return to.bytes.slice();
    }),
  );
  let refused = 0;
  fc.assert(
    fc.property(contents, fc.nat(2 ** 16), (garbage, recordBytes) => {
      const file = new MemoryFile();
      file.write(preamble());
      file.write(packBlock("header", new TextEncoder().encode(factText(header)), 0));
      const { size } = file;
      file.write(packBlock("entries", garbage, recordBytes));
      try {
        readAll(file);
      } catch (error) {
        ok(error instanceof RecordingError, String(error));
        strictEqual(error.offset, size);
        refused++;
      }
    }),
    { numRuns: 3000 },
  );
  ok(refused > 1000);
});

Deno.test("recording: any bytes at all", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isBegun) => {
    const file = new MemoryFile();
    if (isBegun) file.write(preamble());
    file.write(bytes);
    throws(() => readAll(file), RecordingError);
  }));
});

Deno.test("recording: a block that says it is large is no reason to make room for it", () => {
  const { bytes } = smallRecording();
  const bombs = [
    packBlock("entries", new Uint8Array(64 * 2 ** 20), 0),
    packBlock("entries", new Uint8Array(), 2 ** 32 - 1),
  ];
  for (const bomb of bombs) {
    const file = new MemoryFile(bytes.slice(0, PREAMBLE));
    file.write(bomb);
    throws(() => new RecordingReader(file), /at byte 12: a block of more than 16777216 bytes/);
  }
});

Deno.test("recording: what is wrong is told", () => {
  const { bytes } = smallRecording();
  const read = (change: (bytes: Uint8Array) => Uint8Array) => () =>
    readAll(new MemoryFile(change(bytes.slice())));
  throws(read(() => new Uint8Array()), /at byte 0: it is empty/);
  throws(read(() => new TextEncoder().encode('{"type":"alert"}')), /at byte 0: .* no recording/);
  throws(
    read((all) => {
      all[8] = 9;
      return all;
    }),
    /at byte 8: it is of version 9, and this tallyman reads version 1/,
  );
  const with_ = (changed: object) => () => {
    const file = new MemoryFile();
    new RecordingWriter(file, { ...header, ...changed });
    return new RecordingReader(file);
  };
  throws(with_({ architecture: "pdp11" }), /at byte 12: it was recorded on pdp11/);
  throws(with_({ layout: "0123" }), /at byte 12: its records are laid out otherwise \(0123/);
  throws(read((all) => all.slice(0, PREAMBLE)), /at byte 12: nothing was recorded/);
  throws(read((all) => all.slice(0, PREAMBLE + BLOCK_HEADER)), Torn);
});
