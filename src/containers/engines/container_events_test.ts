import assert from "node:assert/strict";
import fc from "fast-check";
import { eventsTarget, lines, readEvent, Remembered } from "./container_events.ts";

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

Deno.test("lines come whole, however the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", ""))),
      fc.integer({ min: 1, max: 7 }),
      async (texts, size) => {
        const bytes = new TextEncoder().encode(texts.map((line) => `${line}\n`).join(""));
        assert.deepEqual(await Array.fromAsync(lines(cut(bytes, size))), texts);
      },
    ),
  );
});

Deno.test("no line makes the reader throw", () => {
  const id = "a".repeat(64);
  const attributes = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
  const event = fc.record({
    Type: fc.constantFrom("container", "image", 1),
    Action: fc.constantFrom("create", "die", null),
    Actor: fc.oneof(
      fc.jsonValue(),
      fc.record({ ID: fc.oneof(fc.jsonValue(), fc.constant(id)), Attributes: attributes }),
    ),
    time: fc.jsonValue(),
  });
  fc.assert(fc.property(
    fc.oneof(fc.string(), fc.json(), event.map((value) => JSON.stringify(value))),
    (line) => {
      const mention = readEvent(line);
      if (mention === undefined) return;
      assert.equal(mention.id, id);
      assert(Number.isFinite(mention.time));
    },
  ));
});

Deno.test("labels are the attributes that are not the engine's own", () => {
  const Attributes = { name: "web", image: "bb:1", podId: "", a: "b", oldName: "/x" };
  const line = JSON.stringify({
    Type: "container",
    Action: "rename",
    Actor: { ID: "a".repeat(64), Attributes },
    time: 7,
  });
  assert.deepEqual(readEvent(line), {
    id: "a".repeat(64),
    description: { name: "web", image: { name: "bb:1" }, labels: { a: "b" } },
    time: 7,
  });
});

Deno.test("no more containers are remembered than there is room for", () => {
  const remembered = new Remembered(3);
  for (const id of ["a", "b", "a", "c", "d"]) remembered.set(id, { name: id });
  assert.equal(remembered.size, 3);
  assert.equal(remembered.get("b"), undefined);
  assert.deepEqual(remembered.get("a"), { name: "a" });
});

Deno.test("what is past is asked for with an end, and of one container", () => {
  const target = new URL(eventsTarget(1, 2, "x"), "http://engine");
  assert.equal(target.searchParams.get("until"), "2");
  assert.deepEqual(JSON.parse(target.searchParams.get("filters") ?? "").container, ["x"]);
  assert.equal(new URL(eventsTarget(1), "http://engine").searchParams.has("until"), false);
});
