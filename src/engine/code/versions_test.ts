import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Versions } from "./versions.ts";

/** Files in memory. */
function files(...names: string[]) {
  const texts = new Map(names.map((name) => [name, "0"]));
  return { texts, versions: new Versions((file) => texts.get(file)) };
}

Deno.test("versions: a file that has changed is new, and who imports it, through others too", () => {
  const { texts, versions } = files("rule", "other", "helper", "deep");
  for (const file of texts.keys()) strictEqual(versions.of(file), 0);
  versions.link("rule", "helper");
  versions.link("helper", "deep");
  deepStrictEqual([...versions.refresh()], []);
  texts.set("deep", "1");
  deepStrictEqual([...versions.refresh()].sort(), ["deep", "helper", "rule"]);
  deepStrictEqual(
    ["rule", "other", "helper", "deep"].map((file) => versions.of(file)),
    [1, 0, 1, 1],
  );
  deepStrictEqual([...versions.refresh()], []);
});

Deno.test("versions: a version never comes back, even if what the file holds does", () => {
  const { texts, versions } = files("rule");
  versions.of("rule");
  const seen = [0];
  for (const text of ["1", "0", "1"]) {
    texts.set("rule", text);
    versions.refresh();
    seen.push(versions.of("rule"));
  }
  deepStrictEqual(seen, [0, 1, 2, 3]);
});

Deno.test("versions: files that go and come, and that are empty for a moment", () => {
  const { texts, versions } = files("rule");
  versions.of("rule");
  deepStrictEqual(versions.vanished(), []);
  texts.set("rule", "");
  deepStrictEqual(versions.vanished(), ["rule"]);
  texts.delete("rule");
  deepStrictEqual(versions.vanished(), ["rule"]);
  texts.set("rule", "1");
  deepStrictEqual(versions.vanished(), []);
  texts.delete("rule");
  deepStrictEqual([...versions.refresh()], ["rule"]);
  deepStrictEqual(versions.vanished(), []);
  texts.set("rule", "0");
  deepStrictEqual([...versions.refresh()], ["rule"]);
});

Deno.test("versions: a file that is missed makes who asked for it new when it comes", () => {
  const { texts, versions } = files("rule");
  versions.of("rule");
  versions.link("rule", "helper");
  texts.set("helper", "0");
  deepStrictEqual([...versions.refresh()].sort(), ["helper", "rule"]);
});

Deno.test("versions: what could not be imported is tried again with any change", () => {
  const { texts, versions } = files("rule", "other");
  for (const file of texts.keys()) versions.of(file);
  versions.failed("rule");
  deepStrictEqual([...versions.refresh()], []);
  texts.set("other", "1");
  deepStrictEqual([...versions.refresh()].sort(), ["other", "rule"]);
  texts.set("other", "2");
  deepStrictEqual([...versions.refresh()], ["other"]);
});

Deno.test("versions: of any graph, what was edited and all that lead to it are new, nothing else", () => {
  const size = 8;
  const file = fc.nat({ max: size - 1 });
  const edges = fc.array(fc.tuple(file, file), { maxLength: 20 });
  fc.assert(fc.property(edges, fc.uniqueArray(file), (edges, edited) => {
    const { texts, versions } = files(...Array.from({ length: size }, (_, i) => String(i)));
    for (const name of texts.keys()) versions.of(name);
    for (const [from, to] of edges) versions.link(String(from), String(to));
    for (const each of edited) texts.set(String(each), "1");
    const fresh = versions.refresh();
    const reaches = (from: number): boolean => {
      const met = new Set([from]);
      for (const each of met) for (const [a, b] of edges) if (a === each) met.add(b);
      return edited.some((each) => met.has(each));
    };
    for (let i = 0; i < size; i++) strictEqual(fresh.has(String(i)), reaches(i));
    for (const each of fresh) strictEqual(versions.of(each), 1);
    ok([...versions.files].length === size);
  }));
});
