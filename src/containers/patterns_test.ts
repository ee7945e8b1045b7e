import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { identify } from "./patterns.ts";

const id = "46cdd5404e55205470110a55adb4b9ae12a6431d1fca5115a16707c374f2e55c";
const other = "b322197a61acbf9b8ae8dcd653b4ebe8694bdec1092b7f40ee7716fdb9db5a18";
const uid = "5e1f0d3c-1111-2222-3333-444455556666";
const uidUnderscored = uid.replaceAll("-", "_");
const systemdPod =
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uidUnderscored}.slice`;

interface Case {
  readonly path: string;
  /** Default: not. */
  readonly nested?: boolean;
  /** `runtime id`, with ` pod` where the pod's uid is found; undefined: no container. */
  readonly is: string | undefined;
  /** Where the container's own cgroup ends, if not at the end. */
  readonly cgroup?: string;
}

const cases: readonly Case[] = [
  // docker
  { path: `/docker/${id}`, is: `docker ${id}` },
  { path: `/system.slice/docker-${id}.scope`, is: `docker ${id}` },
  {
    path: `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`,
    is: `docker ${id}`,
  },
  { path: `/custom/${id}`, is: `docker ${id}` },
  { path: `/custom.slice/docker-${id}.scope`, is: `docker ${id}` },
  { path: "/docker", is: undefined },
  { path: "/system.slice/docker.service", is: undefined },
  // podman
  { path: `/machine.slice/libpod-${id}.scope`, is: `podman ${id}` },
  {
    path: `/machine.slice/libpod-${id}.scope/container`,
    is: `podman ${id}`,
    cgroup: `/machine.slice/libpod-${id}.scope`,
  },
  { path: `/libpod_parent/libpod-${id}`, is: `podman ${id}` },
  {
    path: `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`,
    is: `podman ${id}`,
    cgroup: `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`,
  },
  { path: `/system.slice/web.service/libpod-payload-${id}`, is: `podman ${id}` },
  { path: `/machine.slice/libpod-conmon-${id}.scope`, is: undefined },
  { path: `/libpod_parent/conmon`, is: undefined },
  // containerd
  { path: "/default/c1", nested: true, is: "containerd c1" },
  { path: "/default/c1", is: undefined },
  { path: `/k8s.io/${id}`, is: `docker ${id}` },
  { path: `${systemdPod}/cri-containerd-${id}.scope`, is: `containerd ${id} pod` },
  {
    path:
      `/system.slice/containerd.service/kubepods-burstable-pod${uidUnderscored}.slice:cri-containerd:${id}`,
    is: `containerd ${id} pod`,
  },
  { path: `/system.slice/nerdctl-${id}.scope`, is: `containerd ${id}` },
  // CRI-O
  { path: `${systemdPod}/crio-${id}.scope`, is: `cri-o ${id} pod` },
  {
    path: `${systemdPod}/crio-${id}.scope/container`,
    is: `cri-o ${id} pod`,
    cgroup: `${systemdPod}/crio-${id}.scope`,
  },
  { path: `/kubepods/burstable/pod${uid}/crio-${id}`, is: `cri-o ${id} pod` },
  { path: `${systemdPod}/crio-conmon-${id}.scope`, is: undefined },
  // Kubernetes, by which engine the path does not say
  { path: `/kubepods/burstable/pod${uid}/${id}`, is: `oci ${id} pod` },
  { path: `/kubepods/pod${uid}/${id}`, is: `oci ${id} pod` },
  { path: `/kubepods/besteffort/pod${uid.replaceAll("-", "")}/${id}`, is: `oci ${id} pod` },
  {
    path: `/kubepods.slice/kubepods-pod${uidUnderscored}.slice/docker-${id}.scope`,
    is: `docker ${id} pod`,
  },
  { path: `/kubelet/kubepods/burstable/pod${uid}/${id}`, is: `oci ${id} pod` },
  { path: `/kubepods/burstable/pod${uid}`, is: undefined },
  { path: systemdPod, is: undefined },
  // lxc
  { path: "/lxc/web", is: "lxc web" },
  { path: "/lxc.payload.web", is: "lxc web" },
  {
    path: "/lxc.payload.web-1/system.slice/cron.service",
    is: "lxc web-1",
    cgroup: "/lxc.payload.web-1",
  },
  { path: "/lxc.payload/web", is: "lxc web" },
  { path: "/lxc.monitor.web", is: undefined },
  { path: "/user.slice/user-1000.slice/session-2.scope/lxc.payload.web", is: "lxc web" },
  // systemd-nspawn
  {
    path: "/machine.slice/systemd-nspawn@web.service/payload",
    is: "systemd-nspawn web",
    cgroup: "/machine.slice/systemd-nspawn@web.service",
  },
  { path: "/machine.slice/systemd-nspawn@my\\x2dweb.service", is: "systemd-nspawn my-web" },
  {
    path: "/machine.slice/machine-n1.scope/payload",
    is: "systemd-nspawn n1",
    cgroup: "/machine.slice/machine-n1.scope",
  },
  { path: "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", is: undefined },
  // plain runc and crun
  { path: "/rq-runc", nested: true, is: "plain rq-runc" },
  { path: "/rq-runc", is: undefined },
  { path: "/system.slice/runc-web.scope", nested: true, is: "plain web" },
  { path: "/a/b/c", nested: true, is: "containerd b", cgroup: "/a/b" },
  { path: "/user.slice/user-0.slice/session-1.scope", nested: true, is: "plain session-1.scope" },
  { path: "/web.slice/container", nested: true, is: "plain web.slice", cgroup: "/web.slice" },
  {
    path: "/web/payload/init.scope",
    nested: true,
    is: "containerd payload",
    cgroup: "/web/payload",
  },
  { path: "/", nested: true, is: "plain /" },
  { path: `/${id}`, is: `docker ${id}` },
  // nested: what is in a container belongs to the outermost
  { path: `/docker/${id}/docker/${other}`, is: `docker ${id}`, cgroup: `/docker/${id}` },
  {
    path: `/docker/${id}/kubelet/kubepods/burstable/pod${uid}/${other}`,
    is: `docker ${id}`,
    cgroup: `/docker/${id}`,
  },
  { path: `/docker/${id}/init.scope`, is: `docker ${id}`, cgroup: `/docker/${id}` },
  {
    path: `/system.slice/docker-${id}.scope/system.slice/cron.service`,
    is: `docker ${id}`,
    cgroup: `/system.slice/docker-${id}.scope`,
  },
  // ours
  { path: "/tallyman-812/demo-web", is: "tallyman demo-web" },
  // the host
  { path: "/", is: undefined },
  { path: "/init.scope", is: undefined },
  { path: "/system.slice/cron.service", is: undefined },
  { path: "/system.slice/cron.service", nested: true, is: "plain cron.service" },
  { path: "/user.slice/user-1000.slice/session-3.scope", is: undefined },
  { path: "/process_api/81fd4c3ed2f865eeded8979c6377dd96", is: undefined },
];

for (const { path, nested = false, is, cgroup } of cases) {
  Deno.test(`identify: ${path}${nested ? " (nested)" : ""}`, () => {
    const found = identify(path, nested);
    if (is === undefined) return strictEqual(found, undefined);
    const [runtime, containerId, pod] = is.split(" ");
    strictEqual(found?.runtime, runtime);
    strictEqual(found?.id, containerId);
    strictEqual(found?.cgroup, cgroup ?? path);
    strictEqual(
      found?.podUid,
      pod && (path.includes(uid.replaceAll("-", "")) ? uid.replaceAll("-", "") : uid),
    );
  });
}

Deno.test("identify: whatever a path holds, what is below a container belongs to it", () => {
  const name = fc.string({ minLength: 1 }).map((text) => text.replaceAll("/", "_"));
  fc.assert(fc.property(fc.array(name), fc.boolean(), (below, nested) => {
    const container = `/docker/${id}`;
    const found = identify([container, ...below].join("/"), nested);
    deepStrictEqual(found, { runtime: "docker", id, cgroup: container });
  }));
});

Deno.test("identify: a found cgroup is the path or an ancestor of it", () => {
  const name = fc.constantFrom(
    "a",
    "docker",
    id,
    "lxc",
    "kubepods",
    `pod${uid}`,
    "payload",
    "x.scope",
  );
  fc.assert(fc.property(fc.array(name), fc.boolean(), (names, nested) => {
    const path = `/${names.join("/")}`;
    const cgroup = identify(path, nested)?.cgroup ?? "/";
    strictEqual(cgroup === "/" || path === cgroup || path.startsWith(`${cgroup}/`), true);
  }));
});
