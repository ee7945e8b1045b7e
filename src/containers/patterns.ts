/**
 * Which container a cgroup path names: the table of DESIGN section 5, as data.
 *
 * @module
 */
import type { Identity, Runtime } from "./container.ts";

/** One way in which an engine names cgroups. */
interface Pattern {
  readonly runtime: Runtime;
  /**
   * Tried on the path down to each of its components, from the root on: the outermost container is the
   * one that everything below belongs to. Group `id` is the container's id.
   */
  readonly path: RegExp;
  /** True only of processes in a child pid namespace: the path alone is not telling enough. */
  readonly nestedOnly?: true;
}

const hex64 = "(?<id>[0-9a-f]{64})";
/** Suffixes of systemd.unit(5): a cgroup so named is a unit, not an engine's. */
const unit = "service|slice|scope|mount|socket|swap|device|automount|timer|path|target";

/** The order matters where two match the same component. */
const patterns: readonly Pattern[] = [
  // Ours: src/cli/workload.ts
  { runtime: "tallyman", path: /^\/tallyman-\d+\/(?<id>[^/]+)$/ },
  // docker, cgroupfs and systemd drivers
  { runtime: "docker", path: new RegExp(`/docker/${hex64}$`) },
  { runtime: "docker", path: new RegExp(`/docker-${hex64}\\.scope$`) },
  // podman: conmon's cgroup is libpod-conmon-<id>.scope, which none of these is
  { runtime: "podman", path: new RegExp(`/libpod-(?:payload-)?${hex64}(?:\\.scope)?$`) },
  // containerd's CRI plugin, by either driver, and nerdctl
  { runtime: "containerd", path: new RegExp(`/cri-containerd-${hex64}\\.scope$`) },
  { runtime: "containerd", path: new RegExp(`:cri-containerd:${hex64}$`) },
  { runtime: "containerd", path: new RegExp(`/nerdctl-${hex64}\\.scope$`) },
  // CRI-O: conmon's cgroup is crio-conmon-<id>.scope
  { runtime: "cri-o", path: new RegExp(`/crio-${hex64}(?:\\.scope)?$`) },
  // Kubernetes with the cgroupfs driver: the path does not say whose container it is
  { runtime: "oci", path: new RegExp(`/kubepods[^/]*(?:/[^/]+)*/pod[^/]+/${hex64}$`) },
  // lxc and incus: lxc.monitor.<name> is not the container
  { runtime: "lxc", path: /\/lxc\.payload[./](?<id>[^/]+)$/ },
  { runtime: "lxc", path: /^\/lxc\/(?<id>[^/]+)$/ },
  // systemd-nspawn, started by its unit or by hand; libvirt's machines are not containers
  { runtime: "systemd-nspawn", path: /\/systemd-nspawn@(?<id>[^/]+)\.service$/ },
  { runtime: "systemd-nspawn", path: /\/machine-(?!qemu\\x2d|libvirt)(?<id>[^/]+)\.scope$/ },
  // docker under --cgroup-parent, and whoever else uses 64 hex digits
  { runtime: "docker", path: new RegExp(`/${hex64}$`) },
  // runc and crun with the systemd driver
  { runtime: "plain", path: /\/(?:runc|crun)-(?<id>[^/]+)\.scope$/, nestedOnly: true },
  // containerd without Kubernetes: ctr's /<namespace>/<id>
  {
    runtime: "containerd",
    path: new RegExp(
      `^/(?<namespace>(?!tallyman-)[^/]+)(?<!\\.(?:${unit}))/(?<id>[^/]+)(?<!\\.(?:${unit}))$`,
    ),
    nestedOnly: true,
  },
];

/** Cgroups that engines and init systems make inside of a container's own. */
const innerNames = new Set(["container", "payload", "init.scope", "supervisor"]);

/** `…pod<uid>` as kubelet writes it: with dashes (cgroupfs) or underscores (systemd). */
const podComponent = /(?:^|-)pod(?<uid>[0-9a-f]{8}[-_0-9a-f]{24,28})(?:\.slice)?(?::|$)/;

/** systemd.unit(5): `\x2d` for what a unit's name can't hold. */
function unescapeUnit(name: string): string {
  return name.replace(
    /\\x([0-9a-f]{2})/g,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/**
 * @param path Path of a cgroup from the root of its hierarchy: `/docker/46cd…/init.scope`.
 * @param nested Whether the process is in a child pid namespace.
 * @returns undefined for what is in no container.
 */
export function identify(path: string, nested: boolean): Identity | undefined {
  const names = path.split("/").slice(1).filter((name) => name !== "");
  let prefix = "";
  let podUid: string | undefined;
  for (const name of names) {
    prefix += `/${name}`;
    podUid ??= podComponent.exec(name)?.groups?.["uid"]?.replaceAll("_", "-");
    for (const pattern of patterns) {
      if (pattern.nestedOnly && !nested) continue;
      const groups = pattern.path.exec(prefix)?.groups;
      const id = groups?.["id"];
      if (id === undefined) continue;
      const containerdNamespace = groups?.["namespace"];
      return {
        runtime: pattern.runtime,
        id: unescapeUnit(id),
        cgroup: prefix,
        ...(podUid !== undefined && { podUid }),
        ...(containerdNamespace !== undefined && { containerdNamespace }),
      };
    }
  }
  return nested ? plain(names) : undefined;
}

/** A process in a child pid namespace that no pattern knows: its cgroup is its container. */
function plain(names: readonly string[]): Identity {
  const own = [...names];
  while (own.length > 1 && innerNames.has(own.at(-1) ?? "")) own.pop();
  return { runtime: "plain", id: own.at(-1) ?? "/", cgroup: `/${own.join("/")}` };
}
