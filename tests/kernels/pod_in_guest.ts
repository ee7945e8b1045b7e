/**
 * The pod is what a node's would be: its cgroups, its labels on disk.
 *
 * Runs in the guest that has systemd, see matrix.ts, which names it: it takes unified cgroups and root, and is
 * not called a test, so that nobody else finds it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { enginesFor, openEngines } from "../../src/containers/mod.ts";
import { displayName } from "../../src/sinks/mod.ts";
import { Watched } from "../kernel/fixture.ts";
import { startCriPod } from "./cri_pod.ts";

function cgroupOf(pid: number): string | undefined {
  return Deno.readTextFileSync(`/proc/${pid}/cgroup`).match(/^0::(.*)$/m)?.[1];
}

Deno.test("a pod over CRI", async (t) => {
  await using pod = await startCriPod({ driver: "systemd" });
  const { container, sandbox, uid } = pod;

  await t.step("cgroups lie as the systemd driver lays them", () => {
    const slice = `kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice`;
    const parent = `/kubepods.slice/kubepods-burstable.slice/${slice}`;
    assert.equal(cgroupOf(container.pid), `${parent}/cri-containerd-${container.id}.scope`);
    assert.equal(cgroupOf(sandbox.pid), `${parent}/cri-containerd-${sandbox.id}.scope`);
  });

  await t.step("its first process is 1 in a pid namespace of its own", () => {
    const status = Deno.readTextFileSync(`/proc/${container.pid}/status`);
    assert.match(status, new RegExp(`^NSpid:\t${container.pid}\t1$`, "m"));
  });

  await t.step("its bundle tells the pod's name", () => {
    const bundle = `${pod.state}/io.containerd.runtime.v2.task/k8s.io/${container.id}/config.json`;
    const { annotations } = JSON.parse(Deno.readTextFileSync(bundle));
    assert.equal(annotations["io.kubernetes.cri.sandbox-name"], "web-0");
    assert.equal(annotations["io.kubernetes.cri.sandbox-namespace"], "shop");
    assert.equal(annotations["io.kubernetes.cri.container-name"], "app");
  });

  await t.step("the monitor sees it, with its pod's names", async () => {
    const environment: Readonly<Record<string, string>> = { TALLYMAN_CONTAINERD_STATE: pod.state };
    const engines = openEngines({ environment: (name) => environment[name], events: false });
    using watched = new Watched({ engines: (identity) => enginesFor(identity, engines) });
    await watched.monitor.metadataSettled(10_000);
    const seen = (await watched.tick()).tallies.map((tally) => tally.container);
    const app = seen.find(({ identity }) => identity.id === container.id);
    assert.equal(app?.identity.runtime, "containerd");
    assert.equal(app?.identity.podUid, uid);
    assert(app?.metadata.state === "known");
    assert.deepEqual(app.metadata.description.pod, {
      name: "web-0",
      namespace: "shop",
      uid,
      container: "app",
    });
    assert.equal(displayName(app), "shop/web-0/app");
    assert(seen.some(({ identity }) => identity.id === sandbox.id), "the sandbox is one too");
    for (const engine of engines) engine[Symbol.dispose]();
  });
});
