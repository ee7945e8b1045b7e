import assert from "node:assert/strict";
import type { Runtime } from "../container.ts";
import { engineId, identity, makeFolder, serve, until } from "./fake_engine.ts";
import { engineNames, enginesFor, openEngines } from "./mod.ts";

Deno.test("opening engines asks nobody, and finds them where the environment says", async () => {
  using folder = makeFolder();
  const id = engineId("a");
  let asked = 0;
  const answer = (name: string) => (request: Request) => {
    asked++;
    return new URL(request.url).pathname === "/version"
      ? Response.json({ Version: name })
      : Response.json({ Id: id, Name: name });
  };
  await using _docker = serve(`${folder.path}/d`, answer("of docker"));
  await using _podman = serve(`${folder.path}/p`, answer("of podman"));
  folder.write(`cd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`, {});
  folder.write("runc/web/state.json", { cgroup_paths: { "": "/sys/fs/cgroup/unified/web" } });
  folder.write("crun/web/status", { "cgroup-path": "/web" });
  folder.write("storage.conf", `graphroot = "${folder.path}/g"\nrunroot = "${folder.path}/r"\n`);
  folder.write("g/vfs-containers/containers.json", [{ id, names: ["on disk"] }]);
  const environment: Record<string, string> = {
    DOCKER_HOST: `unix://${folder.path}/d`,
    CONTAINER_HOST: `unix://${folder.path}/p`,
    CONTAINERS_STORAGE_CONF: `${folder.path}/storage.conf`,
    TALLYMAN_CONTAINERD_STATE: `${folder.path}/cd`,
    TALLYMAN_RUNC_ROOTS: `${folder.path}/runc:${folder.path}/crun`,
  };
  const engines = openEngines({ environment: (name) => environment[name], events: false });
  try {
    assert.deepEqual(engines.map(({ name }) => name), engineNames);
    assert.equal(asked, 0);
    const said: Record<string, string | undefined> = {};
    for (const engine of engines) {
      const oci = engine.name === "runc" || engine.name === "crun";
      const container = oci
        ? identity("plain", "web", { cgroup: "/web" })
        : identity("oci", id, { cgroup: `/kubepods/pod1/${id}` });
      const description = await engine.describe(container);
      said[engine.name] = description && `${description.runtime} ${description.name}`;
      assert.notEqual((await engine.status()).state, "failed");
    }
    assert.deepEqual(said, {
      docker: "docker of docker",
      podman: "podman of podman",
      "podman-storage": "podman on disk",
      containerd: "containerd undefined",
      "cri-o": undefined,
      runc: "runc web",
      crun: "crun web",
    });
    const [docker] = engines;
    assert.deepEqual(await docker?.status(), {
      state: "reached",
      where: `${folder.path}/d`,
      version: "of docker",
    });
  } finally {
    for (const engine of engines) engine[Symbol.dispose]();
  }
});

Deno.test("events are followed unless told otherwise", async () => {
  using folder = makeFolder();
  let followed = 0;
  await using _docker = serve(`${folder.path}/d`, () => {
    followed++;
    return new Response("");
  });
  const engines = openEngines({
    environment: (name) => name === "DOCKER_HOST" ? `unix://${folder.path}/d` : undefined,
  });
  await until(() => followed > 0);
  for (const engine of engines) engine[Symbol.dispose]();
});

Deno.test("who is asked about whom", () => {
  const engines = openEngines({ events: false });
  const names = (runtime: Runtime) =>
    enginesFor(identity(runtime, "x"), engines.toReversed()).map(({ name }) => name);
  assert.deepEqual(names("docker"), ["docker", "containerd", "runc", "crun"]);
  assert.deepEqual(names("podman"), ["podman", "podman-storage"]);
  assert.deepEqual(names("oci"), engineNames);
  assert.deepEqual(names("plain"), engineNames);
  for (const runtime of ["lxc", "systemd-nspawn", "tallyman", "host", "overflow"] as const) {
    assert.deepEqual(names(runtime), []);
  }
  for (const engine of engines) engine[Symbol.dispose]();
});
