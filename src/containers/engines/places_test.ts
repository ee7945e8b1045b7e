import assert from "node:assert/strict";
import { identity, makeFolder } from "./fake_engine.ts";
import { expand, expandAll, socketIn, speaksFor } from "./places.ts";

Deno.test("a star stands for each user", async () => {
  using folder = makeFolder();
  for (const name of ["1000", "0", "notes", "10a"]) folder.write(`${name}/x`, "");
  const places = await expand(`${folder.path}/*/podman/podman.sock`);
  assert.deepEqual(places.toSorted((a, b) => (a.uid ?? 0) - (b.uid ?? 0)), [
    { path: `${folder.path}/0/podman/podman.sock`, uid: 0 },
    { path: `${folder.path}/1000/podman/podman.sock`, uid: 1000 },
  ]);
  assert.deepEqual(await expand("/none/*/x"), []);
  assert.deepEqual(await expand("/a/b"), [{ path: "/a/b" }]);
  for (const { path, uid } of await expand("~*/x")) {
    assert.match(path, /^\/.*\/x$/);
    assert.notEqual(uid, 0);
  }
});

Deno.test("each place is one place, at its first turn", async () => {
  assert.deepEqual(await expandAll(["/a", "/b", "/a"]), [{ path: "/a" }, { path: "/b" }]);
});

Deno.test("a user speaks for the containers in the user's own cgroups", () => {
  const own = identity("podman", "x", {
    cgroup: "/user.slice/user-7.slice/user@7.service/x.scope",
  });
  const similar = identity("podman", "x", { cgroup: "/user.slice/user-77.slice/x.scope" });
  assert(speaksFor({ path: "/p", uid: 7 }, own));
  assert(!speaksFor({ path: "/p", uid: 7 }, similar));
  assert(speaksFor({ path: "/p", uid: 0 }, similar));
  assert(speaksFor({ path: "/p" }, similar));
});

Deno.test("only a unix socket is an engine of this machine", () => {
  assert.equal(socketIn("unix:///run/x.sock"), "/run/x.sock");
  for (const host of [undefined, "", "tcp://other:2375", "ssh://other", "unix://relative"]) {
    assert.equal(socketIn(host), undefined);
  }
});
