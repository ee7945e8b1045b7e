import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineError } from "../engine.ts";
import { engineId, type Folder, identity, makeFolder } from "./fake_engine.ts";
import { PodmanStorage } from "./podman_storage.ts";
import { findStorages } from "./storage.ts";

const id = engineId("c");
const container = identity("podman", id);
const imageId = engineId("1");

function open(folder: Folder, uid?: number): PodmanStorage {
  const storage = { path: `${folder.path}/graph`, runRoot: `${folder.path}/run` };
  return new PodmanStorage(() =>
    Promise.resolve([uid === undefined ? storage : { ...storage, uid }])
  );
}

/** As Podman 4.3.1 writes it. */
const record = {
  id,
  names: ["web"],
  image: imageId,
  metadata: JSON.stringify({ "image-name": "localhost/bb:1", "image-id": imageId, name: "old" }),
};
const annotations = {
  "io.container.manager": "libpod",
  "io.kubernetes.cri-o.Created": "2026-11-22T13:36:00.473387567Z",
  "io.podman.annotations.autoremove": "FALSE",
  "org.opencontainers.image.stopSignal": "15",
};

Deno.test("name and image from containers.json, labels from annotations that are not Podman's", async () => {
  using folder = makeFolder();
  folder.write("graph/vfs-containers/containers.json", [{ id: "other" }, record]);
  folder.write(`graph/vfs-containers/${id}/userdata/config.json`, {
    annotations: { ...annotations, team: "a" },
  });
  using engine = open(folder);
  assert.deepEqual(await engine.describe(container), {
    runtime: "podman",
    name: "web",
    image: { name: "localhost/bb:1", id: imageId },
    labels: { team: "a" },
  });
  assert.equal(await engine.describe(identity("podman", engineId("d"))), undefined);
  assert.deepEqual(await engine.status(), { state: "reached", where: `${folder.path}/graph` });
});

Deno.test("a container of podman run --rm, which newer ones keep below the run root", async () => {
  using folder = makeFolder();
  folder.write("graph/overlay-containers/containers.json", []);
  folder.write("run/overlay-containers/volatile-containers.json", [record]);
  using engine = open(folder);
  assert.equal((await engine.describe(container))?.name, "web");
});

Deno.test("the image's name from images.json where the container's metadata has none", async () => {
  using folder = makeFolder();
  folder.write("graph/overlay-containers/containers.json", [{ ...record, metadata: "{" }]);
  folder.write("graph/overlay-images/images.json", [{ id: imageId, names: ["localhost/bb:2"] }]);
  using engine = open(folder);
  assert.deepEqual((await engine.describe(container))?.image, {
    name: "localhost/bb:2",
    id: imageId,
  });
});

Deno.test("CRI-O's containers in the same store are not Podman's", async () => {
  using folder = makeFolder();
  const metadata = JSON.stringify({ "pod-name": "p", "pod-id": "q", "image-name": "i" });
  folder.write("graph/overlay-containers/containers.json", [{ ...record, metadata }]);
  using engine = open(folder);
  assert.equal(await engine.describe(container), undefined);
  folder.write(`run/overlay-containers/${id}/userdata/config.json`, {
    annotations: { "io.container.manager": "cri-o" },
  });
  assert.equal(await engine.describe(container), undefined);
});

Deno.test("no store, one that is too large, and one of a user who is not asked", async () => {
  using folder = makeFolder();
  using engine = open(folder);
  await assert.rejects(engine.describe(container), /nothing at .*graph/);
  assert.equal((await engine.status()).state, "absent");
  folder.write("graph/overlay-containers/containers.json", " ".repeat(2 ** 20 + 1));
  await assert.rejects(engine.describe(container), /containers.json: larger than 1 MiB/);
  folder.write("graph/overlay-containers/containers.json", [record]);
  const uid = Deno.uid()! + 1;
  using ofUser = open(folder, uid);
  await assert.rejects(ofUser.describe(container), /nothing at/);
  // What root owns in a user's store is a link to elsewhere.
  const own = { ...container, cgroup: `/user.slice/user-${uid}.slice/x` };
  await assert.rejects(ofUser.describe(own), /owned by user/);
});

Deno.test("whatever the files hold, describe answers or throws an EngineError", async () => {
  using folder = makeFolder();
  using engine = open(folder);
  const content = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.record({ id: fc.constantFrom(id, 1), names: fc.jsonValue(), metadata: fc.json() }))
      .map((value) => JSON.stringify(value)),
    fc.record({ annotations: fc.dictionary(fc.string(), fc.jsonValue()) })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(content, content, async (containers, config) => {
      folder.write("graph/vfs-containers/containers.json", containers);
      folder.write(`graph/vfs-containers/${id}/userdata/config.json`, config);
      try {
        const description = await engine.describe(container);
        assert(description?.name === undefined || typeof description.name === "string");
      } catch (error) {
        assert(error instanceof EngineError, String(error));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("where the stores are, by storage.conf", async () => {
  using folder = makeFolder();
  folder.write("storage.conf", '[storage]\ndriver = "vfs"\n graphroot = "/g"\n# runroot = "/no"\n');
  const storages = await findStorages(`${folder.path}/storage.conf`);
  assert.deepEqual(storages.slice(0, 2), [
    { path: "/g", runRoot: "/run/containers/storage" },
    { path: "/var/lib/containers/storage", runRoot: "/run/containers/storage" },
  ]);
  for (const { uid, runRoot } of storages.slice(2)) {
    assert.equal(runRoot, `/run/user/${uid}/containers`);
  }
});
