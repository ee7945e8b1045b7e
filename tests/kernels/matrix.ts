/**
 * What is booted, and what is run there. Everything else in this folder is made from these tables.
 *
 * @module
 */

/** Where Debian keeps the kernels of a series: its meta package there names the release of the day. */
export interface KernelSource {
  readonly suite: string;
  /** The suite of the same release's security updates; backports have none. */
  readonly security?: string;
}

/** A name for each kernel, and the suites that have it. Releases are not pinned: old ones are removed. */
export const kernels = {
  /** bpf_get_current_task_btf came with 5.11: here `tp_btf` is refused and `raw_tp` has to do. */
  "5.10": { suite: "bullseye", security: "bullseye-security" },
  "6.1": { suite: "bookworm", security: "bookworm-security" },
  /** Whatever is newest: a change of the kernel's that breaks us shows here first. */
  newest: { suite: "trixie-backports" },
} as const satisfies Record<string, KernelSource>;

/** One of the kernels. */
export type KernelName = keyof typeof kernels;

/** What the tests of a guest need on the host, whose file system the guest sees. */
export type Tool =
  | "busybox"
  | "containerd"
  | "crun"
  | "dbus"
  | "docker"
  | "libbpf"
  | "podman"
  | "qemu"
  | "runc"
  | "setpriv"
  | "systemd"
  | "virtiofsd"
  | "xz";

/** One `deno test`. */
export interface TestRun {
  readonly name: string;
  /** Files and folders, from the root of the checkout. */
  readonly paths: readonly string[];
  /** Only the tests whose names have this in them. */
  readonly filter?: string;
  /** Seconds after which it is ended, which is a failure. */
  readonly limit: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A machine that is booted for a list of test runs. */
export interface Guest {
  readonly name: string;
  readonly kernel: KernelName;
  /** Is PID 1 systemd, and cgroups its own? Otherwise there is nobody, and cgroups are anybody's. */
  readonly systemd: boolean;
  /** MiB. */
  readonly memory: number;
  readonly tools: readonly Tool[];
  readonly runs: readonly TestRun[];
}

/** Loading, attaching, counting; no engines. */
const bpf: TestRun = { name: "bpf", paths: ["tests/kernel/"], limit: 600 };

/** Events: their memory, and that none is lost untold. */
const events: TestRun = {
  name: "events",
  paths: ["capture", "edges", "monitor", "refused"].map((name) => `tests/events/${name}_test.ts`),
  limit: 480,
};

/** Each engine's containers are seen, named and counted; the rest is the machine's own to test. */
const engines: TestRun = {
  name: "engines",
  paths: ["tests/engines/count_test.ts"],
  filter: "seen, named",
  limit: 420,
};

const pod: TestRun = {
  name: "pod",
  paths: ["tests/kernels/pod_in_guest.ts"],
  limit: 120,
};

/** What every guest needs. */
export const commonTools: readonly Tool[] = [
  "busybox",
  "libbpf",
  "qemu",
  "setpriv",
  "virtiofsd",
  "xz",
];

/** The matrix. Guests are booted one after another, in this order. */
export const guests: readonly Guest[] = [
  { name: "5.10", kernel: "5.10", systemd: false, memory: 1024, tools: [], runs: [bpf, events] },
  { name: "6.1", kernel: "6.1", systemd: false, memory: 1024, tools: [], runs: [bpf, events] },
  {
    name: "newest",
    kernel: "newest",
    systemd: false,
    memory: 1024,
    tools: [],
    runs: [bpf, events],
  },
  {
    name: "engines",
    kernel: "newest",
    systemd: true,
    memory: 3072,
    tools: ["containerd", "crun", "dbus", "docker", "podman", "runc", "systemd"],
    runs: [engines, pod],
  },
];
