import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isAmong, pathOf, type Place } from "./paths.ts";

const descriptors: Readonly<Record<number, string>> = {
  3: "/etc",
  4: "pipe:[1]",
  5: "/etc/shadow",
};
const place: Place = {
  process: { cwd: "/home/eve" },
  describe: (fd) => {
    const text = descriptors[fd];
    return text === undefined ? undefined : { text, from: "event" };
  },
};
const nowhere: Place = { process: { cwd: undefined }, describe: () => undefined };

Deno.test("paths: one file, many names", () => {
  const names = [
    "/etc/shadow",
    "//etc///shadow",
    "/etc/./shadow/",
    "/../etc/x/../shadow",
    "../../etc/shadow",
    "/proc/self/root/etc/shadow",
    "/proc/1/root/../etc/shadow",
    "/proc/self/task/7/root/etc/shadow",
    "/proc/self/cwd/../../etc/shadow",
    "/proc/thread-self/cwd/../../etc/shadow",
    "/proc/self/fd/5",
    "/dev/fd/3/shadow",
  ];
  deepStrictEqual(names.map((name) => pathOf(place, name)), names.map(() => "/etc/shadow"));
  strictEqual(pathOf(place, "shadow", 3), "/etc/shadow");
  strictEqual(pathOf(place, "", 5), "/etc/shadow");
});

Deno.test("paths: what nobody can know stays as it is", () => {
  strictEqual(pathOf(nowhere, "a/../b"), "b");
  strictEqual(pathOf(nowhere, "../b"), "../b");
  strictEqual(pathOf(place, "b", 4), "b");
  strictEqual(pathOf(place, "/dev/fd/4"), "/dev/fd/4");
  strictEqual(pathOf(place, "/proc/self/environ"), "/proc/self/environ");
  strictEqual(pathOf(place, { fault: true, address: 1n, why: "unreadable" }), undefined);
});

Deno.test("paths: an absolute path comes out clean, and stays so", () => {
  const part = fc.constantFrom(
    "",
    ".",
    "..",
    "...",
    "etc",
    "shadow",
    "proc",
    "self",
    "root",
    "fd",
    "é",
  );
  fc.assert(fc.property(fc.array(part), (parts) => {
    const path = pathOf(nowhere, `/${parts.join("/")}`);
    ok(path !== undefined && path.startsWith("/"));
    ok(!path.split("/").slice(1, -1).some((each) => ["", ".", ".."].includes(each)), path);
    strictEqual(pathOf(nowhere, path), path);
  }));
});

Deno.test("paths: patterns", () => {
  const matches = (pattern: string, ...paths: string[]) => {
    const patterns = [pattern];
    return paths.map((path) => isAmong(path, patterns));
  };
  deepStrictEqual(matches("/etc/shadow", "/etc/shadow", "/etc/shadow-", "/x/etc/shadow"), [
    true,
    false,
    false,
  ]);
  deepStrictEqual(matches("/bin/", "/bin/x", "/bin/x/y", "/bin", "/binx"), [
    true,
    true,
    false,
    false,
  ]);
  deepStrictEqual(
    matches("~/.ssh/id_*", "/root/.ssh/id_rsa", "/home/a/.ssh/id_x", "/srv/.ssh/id_x"),
    [
      true,
      true,
      false,
    ],
  );
  deepStrictEqual(matches("/etc/*.d/x", "/etc/a.d/x", "/etc/a/b.d/x"), [true, false]);
  deepStrictEqual(matches("**/release_agent", "/a/b/release_agent", "/a/release_agents"), [
    true,
    false,
  ]);
  deepStrictEqual(matches("/a.b+c", "/a.b+c", "/axb+c"), [true, false]);
  strictEqual(isAmong(undefined, ["**"]), false);
  strictEqual(isAmong("/x", []), false);
  strictEqual(isAmong("/a\n/etc/shadow", ["/etc/shadow"]), false);
});
