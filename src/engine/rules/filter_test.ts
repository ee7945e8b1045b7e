import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { RuleFilter } from "./define.ts";
import { compileFilter } from "./filter.ts";
import { call, container } from "./fixtures.ts";

/** O_RDONLY and what follows, by number: these tests have no tables of constants. */
const [O_WRONLY, O_CREAT, O_TRUNC] = [1, 0o100, 0o1000];

function opened(path: string, flags = 0, error?: string) {
  return call("openat", { path, flags }, error === undefined ? {} : { error });
}

function passes(filter: RuleFilter<"openat">, path: string, flags = 0, error?: string): boolean {
  return compileFilter(filter as RuleFilter).passes(opened(path, flags, error));
}

Deno.test("filter: none lets everything pass", () => {
  strictEqual(passes({}, "/x"), true);
  strictEqual(compileFilter().isOf(container("a")), true);
});

Deno.test("filter: outcome, of calls that are in flight neither", () => {
  const of = (outcome: "ok" | "failed") => [
    passes({ outcome }, "/x"),
    passes({ outcome }, "/x", 0, "ENOENT"),
    compileFilter({ outcome }).passes(call("openat", {}, { result: null })),
  ];
  deepStrictEqual([of("ok"), of("failed")], [[true, false, false], [false, true, false]]);
});

Deno.test("filter: users, one or several", () => {
  const of = (uid: number | readonly number[], own: number) =>
    compileFilter({ uid }).passes(call("close", {}, { process: { uid: own } }));
  deepStrictEqual([of(0, 0), of(0, 5), of([1, 5], 5), of([], 0)], [true, false, true, false]);
});

Deno.test("filter: containers by name, image or id, with those that are out", () => {
  const of = (containers: readonly string[]) =>
    ["web-1", "web-2", "db"].filter((name) => compileFilter({ containers }).isOf(container(name)));
  deepStrictEqual(of(["web-*"]), ["web-1", "web-2"]);
  deepStrictEqual(of(["!web-1"]), ["web-2", "db"]);
  deepStrictEqual(of(["web-*", "!web-1"]), ["web-2"]);
});

Deno.test("filter: texts", () => {
  const of = (path: NonNullable<RuleFilter<"openat">["args"]>["path"], text: string) =>
    passes({ args: { path: path! } }, text);
  strictEqual(of({ equals: "/a" }, "/a"), true);
  strictEqual(of({ equals: "/a" }, "/a/"), false);
  strictEqual(of({ in: ["/a", "/b"] }, "/b"), true);
  strictEqual(of({ in: [] }, "/b"), false);
  strictEqual(of({ prefix: "/etc/" }, "/etc/shadow"), true);
  strictEqual(of({ prefix: ["/usr/", "/etc/"], suffix: [".so", "w"] }, "/etc/shadow"), true);
  strictEqual(of({ prefix: "/etc/", suffix: ".so" }, "/etc/shadow"), false);
});

Deno.test("filter: what could not be read is none of a text's", () => {
  const unread = call("openat", { path: { fault: true, why: "unreadable", address: 1n } });
  for (const path of [{ equals: "" }, { prefix: "" }, { suffix: "" }, { in: [""] }]) {
    strictEqual(compileFilter({ args: { path } } as RuleFilter).passes(unread), false);
  }
});

Deno.test("filter: flags, all of them and any of them", () => {
  const of = (flags: NonNullable<RuleFilter<"openat">["args"]>["flags"], word: number) =>
    passes({ args: { flags: flags! } }, "/x", word);
  strictEqual(of({ has: "O_CREAT" }, O_WRONLY | O_CREAT), true);
  strictEqual(of({ has: ["O_CREAT", "O_TRUNC"] }, O_WRONLY | O_CREAT), false);
  strictEqual(of({ any: ["O_CREAT", "O_TRUNC"] }, O_WRONLY | O_TRUNC), true);
  strictEqual(of({ any: ["O_WRONLY", "O_RDWR"] }, 0), false);
  strictEqual(of({ has: "O_WRONLY", any: ["O_CREAT"] }, O_WRONLY), false);
});

Deno.test("filter: an argument that the call has not passes no check", () => {
  strictEqual(
    compileFilter({ args: { path: { equals: "/x" } } } as RuleFilter).passes(call()),
    false,
  );
});

const text = fc.string({ maxLength: 6, unit: fc.constantFrom("/", "a", "b", ".") })
  .map((each) => `/${each}`);

Deno.test("filter: texts as a plain program would check them", () => {
  const list = fc.array(text, { maxLength: 3 });
  fc.assert(fc.property(text, list, list, list, (path, some, prefix, suffix) => {
    const expected = some.includes(path) && prefix.some((each) => path.startsWith(each)) &&
      suffix.some((each) => path.endsWith(each));
    strictEqual(passes({ args: { path: { in: some, prefix, suffix } } }, path), expected);
  }));
});

Deno.test("filter: flags as a plain program would check them", () => {
  const names = ["O_CREAT", "O_TRUNC", "O_APPEND", "O_CLOEXEC"] as const;
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 0o7777777 }),
    fc.subarray([...names]),
    fc.subarray([...names]),
    (word, has, any) => {
      const event = opened("/x", word);
      const set: unknown = event.args["flags" as never];
      const isSet = (name: string) => `${set}`.split("|").includes(name);
      const expected = has.every(isSet) && any.some(isSet);
      strictEqual(
        compileFilter({ args: { flags: { has, any } } } as RuleFilter).passes(event),
        expected,
      );
    },
  ));
});

Deno.test("filter: whatever else it says, a stricter filter lets no more events pass", () => {
  fc.assert(fc.property(text, text, fc.boolean(), (path, prefix, failed) => {
    const event = opened(path, 0, failed ? "EACCES" : undefined);
    const loose = compileFilter({ args: { path: { prefix } } } as RuleFilter);
    const strict = compileFilter({ args: { path: { prefix } }, outcome: "ok" } as RuleFilter);
    if (strict.passes(event)) strictEqual(loose.passes(event), true);
  }));
});
