import assert from "node:assert/strict";
import { Containerd } from "./containerd.ts";
import { engineId, type Folder, identity, makeFolder } from "./fake_engine.ts";

const id = engineId("e");

function write(folder: Folder, namespace: string, name: string, bundle: unknown): void {
  folder.write(`io.containerd.runtime.v2.task/${namespace}/${name}/config.json`, bundle);
}

const cri = {
  "io.kubernetes.cri.container-type": "container",
  "io.kubernetes.cri.container-name": "app",
  "io.kubernetes.cri.image-name": "registry.invalid/nginx:1.27",
  "io.kubernetes.cri.sandbox-id": engineId("5"),
  "io.kubernetes.cri.sandbox-name": "web-0",
  "io.kubernetes.cri.sandbox-namespace": "shop",
  "io.kubernetes.cri.sandbox-uid": "0aa0bb0c-1111-2222-3333-444455556666",
};

Deno.test("a container of the CRI, in whichever namespace", async () => {
  using folder = makeFolder();
  write(folder, "default", "other", {});
  write(folder, "k8s.io", id, { annotations: { ...cri, team: "a" } });
  using engine = new Containerd([`${folder.path}/none`, folder.path]);
  const pod = {
    name: "web-0",
    namespace: "shop",
    uid: "0aa0bb0c-1111-2222-3333-444455556666",
    container: "app",
  };
  for (const container of [identity("oci", id), identity("containerd", id)]) {
    assert.deepEqual(await engine.describe(container), {
      runtime: "containerd",
      name: "app",
      image: { name: "registry.invalid/nginx:1.27" },
      labels: { team: "a" },
      pod,
    });
  }
  assert.equal(await engine.describe(identity("oci", engineId("0"))), undefined);
});

Deno.test("a pod's own container", async () => {
  using folder = makeFolder();
  const annotations = { ...cri, "io.kubernetes.cri.container-type": "sandbox" };
  write(folder, "k8s.io", id, { annotations });
  using engine = new Containerd([folder.path]);
  const description = await engine.describe(identity("oci", id));
  assert.equal(description?.name, "POD");
  assert.equal(description?.pod?.container, "POD");
});

Deno.test("nerdctl's name and labels", async () => {
  using folder = makeFolder();
  write(folder, "default", id, {
    annotations: { "nerdctl/name": "web", "nerdctl/namespace": "default", team: "a" },
  });
  using engine = new Containerd([folder.path]);
  assert.deepEqual(await engine.describe(identity("containerd", id)), {
    runtime: "containerd",
    name: "web",
    labels: { team: "a" },
  });
});

Deno.test("ctr's ids are names, and no more than that: the cgroup must fit, or the namespace", async () => {
  using folder = makeFolder();
  write(folder, "one", "web", { linux: { cgroupsPath: "/one/web" } });
  write(folder, "two", "web", { linux: { cgroupsPath: "/two/web" }, annotations: { a: "b" } });
  using engine = new Containerd([folder.path]);
  const expected = { runtime: "containerd", name: "web", labels: { a: "b" } };
  const byCgroup = identity("plain", "web", { cgroup: "/two/web" });
  assert.deepEqual(await engine.describe(byCgroup), expected);
  const byNamespace = identity("containerd", "web", { containerdNamespace: "two" });
  assert.deepEqual(await engine.describe(byNamespace), expected);
  assert.equal(await engine.describe(identity("plain", "web", { cgroup: "/web" })), undefined);
});

Deno.test("Docker's containers are left to Docker", async () => {
  using folder = makeFolder();
  write(folder, "moby", id, { annotations: { a: "b" } });
  using engine = new Containerd([folder.path]);
  assert.deepEqual(await engine.describe(identity("oci", id)), { runtime: "docker" });
});

Deno.test("no containerd, and bundles that make no sense", async () => {
  using folder = makeFolder();
  using engine = new Containerd([folder.path]);
  await assert.rejects(engine.describe(identity("oci", id)), /nothing at/);
  assert.equal((await engine.status()).state, "absent");
  write(folder, "k8s.io", id, "{");
  await assert.rejects(engine.describe(identity("oci", id)), /config.json: not JSON/);
  assert.equal((await engine.status()).state, "reached");
  for (const bundle of [[], null, 1, { annotations: [1] }, { annotations: { a: {} } }]) {
    write(folder, "k8s.io", id, bundle);
    assert.deepEqual(await engine.describe(identity("oci", id)), { runtime: "containerd" });
  }
  for (const name of ["..", ".", "a/b", "", "x".repeat(300)]) {
    assert.equal(await engine.describe(identity("plain", name)), undefined);
  }
});
