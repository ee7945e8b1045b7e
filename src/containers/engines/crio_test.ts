import assert from "node:assert/strict";
import { Crio } from "./crio.ts";
import { engineId, type Folder, identity, makeFolder, serve } from "./fake_engine.ts";

const id = engineId("4");
const container = identity("cri-o", id);

function open(folder: Folder): Crio {
  const storage = { path: `${folder.path}/graph`, runRoot: `${folder.path}/run` };
  return new Crio(() => Promise.resolve([storage]), `${folder.path}/s`);
}

function write(folder: Folder, annotations: Record<string, string>): void {
  folder.write(`run/overlay-containers/${id}/userdata/config.json`, {
    annotations: { "io.container.manager": "cri-o", ...annotations },
  });
}

Deno.test("a container of the kubelet's", async () => {
  using folder = makeFolder();
  write(folder, {
    "io.kubernetes.container.name": "app",
    "io.kubernetes.pod.name": "web-0",
    "io.kubernetes.pod.namespace": "shop",
    "io.kubernetes.pod.uid": "0aa0bb0c-1111-2222-3333-444455556666",
    "io.kubernetes.cri-o.ContainerType": "container",
    "io.kubernetes.cri-o.Image": "98bd7cfc",
    "io.kubernetes.cri-o.ImageName": "quay.io/crio/redis:alpine",
    "io.kubernetes.cri-o.ImageRef": "98bd7cfc",
    "io.kubernetes.cri-o.Labels": '{"io.kubernetes.container.name":"app","tier":"backend"}',
  });
  using engine = open(folder);
  assert.deepEqual(await engine.describe(container), {
    runtime: "cri-o",
    name: "app",
    image: { name: "quay.io/crio/redis:alpine", id: "98bd7cfc" },
    labels: { "io.kubernetes.container.name": "app", tier: "backend" },
    pod: {
      name: "web-0",
      namespace: "shop",
      uid: "0aa0bb0c-1111-2222-3333-444455556666",
      container: "app",
    },
  });
});

Deno.test("a container that crictl made, without the kubelet's labels", async () => {
  using folder = makeFolder();
  write(folder, {
    "io.kubernetes.cri-o.ContainerType": "container",
    "io.kubernetes.cri-o.ImageName": "quay.io/crio/redis:alpine",
    "io.kubernetes.cri-o.Labels": '{"tier":"backend"}',
    "io.kubernetes.cri-o.Metadata": '{"name":"redis"}',
    "io.kubernetes.cri-o.SandboxName": "k8s_web-0_shop_some-uid_1",
  });
  using engine = open(folder);
  assert.deepEqual(await engine.describe(container), {
    runtime: "cri-o",
    name: "redis",
    image: { name: "quay.io/crio/redis:alpine" },
    labels: { tier: "backend" },
    pod: { name: "web-0", namespace: "shop", uid: "some-uid", container: "redis" },
  });
});

Deno.test("a pod's own container", async () => {
  using folder = makeFolder();
  write(folder, {
    "io.kubernetes.container.name": "POD",
    "io.kubernetes.cri-o.ContainerType": "sandbox",
    "io.kubernetes.cri-o.ContainerName": "k8s_POD_web-0_shop_some-uid_1",
    "io.kubernetes.cri-o.ImageName": "registry.invalid/pause:3.6",
    "io.kubernetes.cri-o.KubeName": "web-0",
    "io.kubernetes.cri-o.Namespace": "shop",
    "io.kubernetes.cri-o.Labels": '{"group":"test"}',
    "io.kubernetes.cri-o.Metadata": '{"name":"web-0","uid":"some-uid","namespace":"shop"}',
  });
  using engine = open(folder);
  assert.deepEqual(await engine.describe(container), {
    runtime: "cri-o",
    name: "POD",
    image: { name: "registry.invalid/pause:3.6" },
    labels: { group: "test" },
    pod: { name: "web-0", namespace: "shop", uid: "some-uid", container: "POD" },
  });
});

Deno.test("Podman's containers in the same store are not CRI-O's", async () => {
  using folder = makeFolder();
  write(folder, { "io.container.manager": "libpod" });
  using engine = open(folder);
  assert.equal(await engine.describe(container), undefined);
  assert.equal(await engine.describe(identity("cri-o", "../x")), undefined);
});

Deno.test("no CRI-O", async () => {
  using folder = makeFolder();
  using engine = open(folder);
  await assert.rejects(engine.describe(container), /nothing at/);
  assert.equal((await engine.status()).state, "absent");
  await using _crio = serve(`${folder.path}/s`, () => new Response(""));
  assert.equal((await engine.status()).state, "reached");
});
