/**
 * A Kubernetes pod without Kubernetes: we are the kubelet, and ask a containerd of our own over CRI for
 * what the kubelet would. So its cgroups, labels and state files are what a node has.
 *
 * It takes containerd, ctr, runc and static busybox, and root.
 *
 * @module
 */
import { IMAGE, makeBusyboxImage } from "./busybox_image.ts";
import * as cri from "./cri_api.ts";
import { GrpcClient } from "./grpc.ts";
import { run } from "./process.ts";
import { body, type Encoded, has, integer, map, mapIn, message, text, textIn } from "./protobuf.ts";

/** Who makes cgroups: systemd, asked over D-Bus, or the runtime itself. */
export type CgroupDriver = "systemd" | "cgroupfs";

/** A container, or the sandbox that holds a pod's namespaces. */
export interface PodContainer {
  readonly id: string;
  /** Of its first process, as the machine numbers it. */
  readonly pid: number;
}

/** A pod that runs until it is disposed of. */
export interface CriPod extends AsyncDisposable {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly containerName: string;
  readonly image: string;
  readonly container: PodContainer;
  readonly sandbox: PodContainer;
  /** containerd's own folders: its `state` and `root`. */
  readonly state: string;
  readonly root: string;
  /** containerd's socket. */
  readonly address: string;
}

/** Milliseconds until containerd must answer; it is slow on an emulated processor. */
const START_LIMIT = 60_000;
const RETRY_INTERVAL = 250;

const name = "web-0";
const namespace = "shop";
const containerName = "app";

/** containerd's namespace for what comes over CRI. */
const CRI_NAMESPACE = "k8s.io";

function configuration(directory: string, driver: CgroupDriver): string {
  const plugin = `plugins."io.containerd.grpc.v1.cri"`;
  return `version = 2
root = "${directory}/root"
state = "${directory}/state"

[grpc]
address = "${directory}/containerd.sock"

[${plugin}]
sandbox_image = "${IMAGE}"
disable_apparmor = true
# A container may not lower its score below its own.
restrict_oom_score_adj = true

[${plugin}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[${plugin}.containerd.runtimes.runc.options]
SystemdCgroup = ${driver === "systemd"}
`;
}

/** Where the kubelet puts a pod of the class "burstable". */
function cgroupParent(uid: string, driver: CgroupDriver): string {
  return driver === "systemd"
    ? `kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice`
    : `/kubepods/burstable/pod${uid}`;
}

async function until<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + START_LIMIT;
  let cause: unknown;
  while (performance.now() < deadline) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL));
  }
  throw new Error(`${what}: not within ${START_LIMIT / 1000} s`, { cause });
}

/** A containerd of our own, which ends with its owner. */
async function startContainerd(directory: string, driver: CgroupDriver): Promise<AsyncDisposable> {
  await Deno.writeTextFile(`${directory}/containerd.toml`, configuration(directory, driver));
  const child = new Deno.Command("containerd", {
    args: ["--config", `${directory}/containerd.toml`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const logged = Deno.writeFile(`${directory}/containerd.log`, child.stderr);
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await logged;
    },
  };
}

/** A connection on which the CRI plugin answers. */
function connect(address: string): Promise<GrpcClient> {
  return until("containerd's CRI service", async () => {
    await using stack = new AsyncDisposableStack();
    const client = stack.use(new GrpcClient(address));
    await client.call(`${cri.RUNTIME_SERVICE}/Version`, body());
    stack.move();
    return client;
  });
}

/** containerd tells its CRI plugin of an import by an event, some time after it. */
async function importImage(client: GrpcClient, directory: string, address: string): Promise<void> {
  const image = await makeBusyboxImage(directory);
  const ctr = ["--address", address, "--namespace", CRI_NAMESPACE];
  await run("ctr", [...ctr, "images", "import", image]);
  const request = message(cri.ImageStatusRequest.image, text(cri.ImageSpec.image, IMAGE));
  await until(`image ${IMAGE}`, async () => {
    const answer = await client.call(`${cri.IMAGE_SERVICE}/ImageStatus`, body(request));
    return has(answer, cri.ImageStatusResponse.image) || undefined;
  });
}

/** No CNI plugin is needed on the machine's own network. */
const namespaces = [
  integer(cri.NamespaceOption.network, cri.NamespaceMode.NODE),
  integer(cri.NamespaceOption.pid, cri.NamespaceMode.CONTAINER),
  integer(cri.NamespaceOption.ipc, cri.NamespaceMode.POD),
];

function podLabels(uid: string): Record<string, string> {
  return {
    app: "web",
    "io.kubernetes.pod.name": name,
    "io.kubernetes.pod.namespace": namespace,
    "io.kubernetes.pod.uid": uid,
  };
}

function sandboxConfig(uid: string, directory: string, driver: CgroupDriver): readonly Encoded[] {
  const { PodSandboxConfig, PodSandboxMetadata, LinuxPodSandboxConfig } = cri;
  return [
    message(
      PodSandboxConfig.metadata,
      text(PodSandboxMetadata.name, name),
      text(PodSandboxMetadata.uid, uid),
      text(PodSandboxMetadata.namespace, namespace),
    ),
    text(PodSandboxConfig.log_directory, `${directory}/logs`),
    map(PodSandboxConfig.labels, podLabels(uid)),
    message(
      PodSandboxConfig.linux,
      text(LinuxPodSandboxConfig.cgroup_parent, cgroupParent(uid, driver)),
      message(
        LinuxPodSandboxConfig.security_context,
        message(cri.LinuxSandboxSecurityContext.namespace_options, ...namespaces),
      ),
    ),
  ];
}

function containerConfig(uid: string, command: readonly string[]): readonly Encoded[] {
  const { ContainerConfig, LinuxContainerConfig } = cri;
  return [
    message(ContainerConfig.metadata, text(cri.ContainerMetadata.name, containerName)),
    message(ContainerConfig.image, text(cri.ImageSpec.image, IMAGE)),
    ...command.map((word) => text(ContainerConfig.command, word)),
    map(ContainerConfig.labels, {
      ...podLabels(uid),
      "io.kubernetes.container.name": containerName,
    }),
    text(ContainerConfig.log_path, `${containerName}.log`),
    message(
      ContainerConfig.linux,
      message(LinuxContainerConfig.resources),
      message(
        LinuxContainerConfig.security_context,
        message(cri.LinuxContainerSecurityContext.namespace_options, ...namespaces),
      ),
    ),
  ];
}

/** The pid in a status' `info`, which is containerd's own. */
function pidIn(answer: Uint8Array): number {
  const info: unknown = JSON.parse(mapIn(answer, cri.StatusResponse.info).get("info") ?? "null");
  if (info instanceof Object && "pid" in info && typeof info.pid === "number") return info.pid;
  throw new Error("containerd's status has no pid");
}

/** What a pod is to be. */
export interface CriPodOptions {
  readonly driver: CgroupDriver;
  /** What the container `app` runs; by default it sleeps. */
  readonly command?: readonly string[];
}

/**
 * Starts containerd and, in it, the pod `web-0` in the namespace `shop` with the container `app`.
 * Temporary files must lie on a file system that an overlay can be put on.
 */
export async function startCriPod(options: CriPodOptions): Promise<CriPod> {
  const { driver, command = ["/bin/sleep", "2147483647"] } = options;
  const uid = crypto.randomUUID();
  const directory = await Deno.makeTempDir({ prefix: "tallyman-cri-" });
  const address = `${directory}/containerd.sock`;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  stack.use(await startContainerd(directory, driver));
  const client = stack.use(await connect(address));
  const call = (method: string, ...fields: readonly Encoded[]) =>
    client.call(`${cri.RUNTIME_SERVICE}/${method}`, body(...fields));
  await importImage(client, directory, address);

  const pod = sandboxConfig(uid, directory, driver);
  const sandbox = textIn(
    await call("RunPodSandbox", message(cri.RunPodSandboxRequest.config, ...pod)),
    cri.RunPodSandboxResponse.pod_sandbox_id,
  );
  stack.defer(async () => {
    await call("StopPodSandbox", text(cri.StopPodSandboxRequest.pod_sandbox_id, sandbox));
    await call("RemovePodSandbox", text(cri.RemovePodSandboxRequest.pod_sandbox_id, sandbox));
  });
  const container = textIn(
    await call(
      "CreateContainer",
      text(cri.CreateContainerRequest.pod_sandbox_id, sandbox),
      message(cri.CreateContainerRequest.config, ...containerConfig(uid, command)),
      message(cri.CreateContainerRequest.sandbox_config, ...pod),
    ),
    cri.CreateContainerResponse.container_id,
  );
  await call("StartContainer", text(cri.StartContainerRequest.container_id, container));
  const containerStatus = await call(
    "ContainerStatus",
    text(cri.ContainerStatusRequest.container_id, container),
    integer(cri.ContainerStatusRequest.verbose, 1),
  );
  const sandboxStatus = await call(
    "PodSandboxStatus",
    text(cri.PodSandboxStatusRequest.pod_sandbox_id, sandbox),
    integer(cri.PodSandboxStatusRequest.verbose, 1),
  );
  const resources = stack.move();
  return {
    name,
    namespace,
    uid,
    containerName,
    image: IMAGE,
    container: { id: container, pid: pidIn(containerStatus) },
    sandbox: { id: sandbox, pid: pidIn(sandboxStatus) },
    state: `${directory}/state`,
    root: `${directory}/root`,
    address,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
