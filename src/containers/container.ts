/**
 * What a container is to the monitor: an identity, which its cgroup path gives at once, and a description,
 * which its engine gives when it can.
 *
 * @module
 */

/** Who made a container, as its cgroup path or its engine tells. */
export type Runtime =
  | "docker"
  | "podman"
  | "containerd"
  | "cri-o"
  | "lxc"
  | "systemd-nspawn"
  | "runc"
  | "crun"
  /** Ours: `monitor.ts count -- CMD` and `monitor.ts demo`. */
  | "tallyman"
  /** An OCI container whose path does not say of which engine: `/kubepods/…/pod…/<64 hex>`. */
  | "oci"
  /** A process in a child pid namespace, in a cgroup that matches no pattern. */
  | "plain"
  /** All that is in no container. */
  | "host"
  /** All for which there was no slot left. */
  | "overflow";

/** What a cgroup path says. */
export interface Identity {
  readonly runtime: Runtime;
  /** The engine's own id, whole: 64 hex digits, or a name where the engine uses names (lxc, nspawn, ctr). */
  readonly id: string;
  /** Path of the container's own cgroup, from the hierarchy's root; what is below belongs to it. */
  readonly cgroup: string;
  /** Kubernetes: the pod's uid, with dashes. */
  readonly podUid?: string;
  /** containerd: the namespace that the container is in, where the path has it. */
  readonly containerdNamespace?: string;
}

/** What an engine says of a container. A field that it does not have is absent. */
export interface Description {
  /** Corrects the path's, where the engine knows better: "oci" becomes "containerd", "plain" "runc". */
  readonly runtime?: Runtime;
  readonly name?: string;
  readonly image?: {
    /** As the user wrote it: `nginx:1.27`. */
    readonly name?: string;
    readonly id?: string;
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    /** The container's name in the pod. */
    readonly container?: string;
  };
}

/** A container's metadata: known, not yet known, or unknown for a reason. Nothing waits for it. */
export type Metadata =
  | { readonly state: "known"; readonly description: Description }
  | { readonly state: "pending" }
  | { readonly state: "unknown"; readonly reason: string };
