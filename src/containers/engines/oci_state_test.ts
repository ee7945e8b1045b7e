import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineError } from "../engine.ts";
import { identity, makeFolder } from "./fake_engine.ts";
import { OciState } from "./oci_state.ts";

/** As runc 1.1.5 writes it on a machine with both versions of cgroups. */
function runcState(path: string, labels: readonly string[] = []) {
  return {
    cgroup_paths: {
      "": `/sys/fs/cgroup/unified${path}`,
      memory: `/sys/fs/cgroup/memory/deep${path}`,
    },
    config: { labels: [...labels, "bundle=/somewhere"] },
  };
}

Deno.test("runc: image and labels from the annotations, which its state repeats", async () => {
  using folder = makeFolder();
  const labels = ["org.opencontainers.image.ref.name=bb:1", "a=b=c", "nonsense"];
  folder.write("web/state.json", runcState("/web", labels));
  using engine = new OciState("runc", [folder.path]);
  const expected = {
    runtime: "runc",
    name: "web",
    image: { name: "bb:1" },
    labels: { "org.opencontainers.image.ref.name": "bb:1", a: "b=c" },
  };
  for (const cgroup of ["/web", "/deep/web", "/web/below", "/namespaced/web"]) {
    assert.deepEqual(await engine.describe(identity("plain", "web", { cgroup })), expected, cgroup);
  }
  assert.equal(await engine.describe(identity("plain", "web", { cgroup: "/other" })), undefined);
});

Deno.test("runc: a cgroup that is not called like the container", async () => {
  using folder = makeFolder();
  folder.write("broken/state.json", "{");
  folder.write("web/state.json", runcState("/a/b"));
  using engine = new OciState("runc", [folder.path]);
  const description = await engine.describe(identity("plain", "b", { cgroup: "/a/b" }));
  assert.deepEqual(description, { runtime: "runc", name: "web" });
});

Deno.test("runc: the only hierarchy, of cgroup v2", async () => {
  using folder = makeFolder();
  folder.write("web/state.json", { cgroup_paths: { "": "/sys/fs/cgroup/a.slice/x.scope" } });
  using engine = new OciState("runc", [folder.path]);
  const container = identity("plain", "x.scope", { cgroup: "/a.slice/x.scope" });
  assert.equal((await engine.describe(container))?.name, "web");
});

Deno.test("crun: annotations from its copy of the bundle, or the bundle", async () => {
  using folder = makeFolder();
  const annotations = { a: "b" };
  folder.write("root/one/status", { "cgroup-path": "/one", bundle: "/none" });
  folder.write("root/one/config.json", { annotations });
  folder.write("root/two/status", { "cgroup-path": "/x", bundle: `${folder.path}/bundle` });
  folder.write("bundle/config.json", { annotations });
  using engine = new OciState("crun", [`${folder.path}/root`]);
  for (const [name, cgroup] of [["one", "/one"], ["two", "/x"]] as const) {
    assert.deepEqual(await engine.describe(identity("plain", cgroup.slice(1), { cgroup })), {
      runtime: "crun",
      name,
      labels: annotations,
    });
  }
});

Deno.test("a container without a cgroup of its own is known by its id only", async () => {
  using folder = makeFolder();
  folder.write("web/status", { "cgroup-path": "" });
  using engine = new OciState("crun", [folder.path]);
  assert.equal((await engine.describe(identity("plain", "web")))?.name, "web");
  assert.equal(await engine.describe(identity("plain", "x", { cgroup: "/" })), undefined);
});

Deno.test("no state, and state that goes away", async () => {
  using folder = makeFolder();
  using engine = new OciState("runc", [`${folder.path}/none`]);
  await assert.rejects(engine.describe(identity("plain", "web")), /nothing at/);
  assert.equal((await engine.status()).state, "absent");
  Deno.mkdirSync(`${folder.path}/none/web`, { recursive: true });
  assert.equal(await engine.describe(identity("plain", "web")), undefined);
  assert.equal((await engine.status()).state, "reached");
});

Deno.test("whatever the state holds, describe answers or throws an EngineError", async () => {
  using folder = makeFolder();
  const state = fc.oneof(
    fc.string(),
    fc.json(),
    fc.record({
      cgroup_paths: fc.dictionary(fc.string(), fc.jsonValue()),
      config: fc.record({ labels: fc.array(fc.oneof(fc.string(), fc.jsonValue())) }),
      "cgroup-path": fc.jsonValue(),
      bundle: fc.jsonValue(),
    }).map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(state, async (content) => {
      for (const [kind, file] of [["runc", "state.json"], ["crun", "status"]] as const) {
        folder.write(`${kind}/web/${file}`, content);
        using engine = new OciState(kind, [`${folder.path}/${kind}`]);
        try {
          const description = await engine.describe(identity("plain", "web"));
          assert(description === undefined || description.name === "web");
        } catch (error) {
          assert(error instanceof EngineError, String(error));
        }
      }
    }),
    { numRuns: 50 },
  );
});
