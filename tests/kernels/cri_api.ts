/**
 * The part of the Kubernetes Container Runtime Interface that starting one pod takes: field numbers of
 * `runtime.v1`, each table named like its message in k8s.io/cri-api's api.proto.
 *
 * @module
 */

/** The service that runs pods. */
export const RUNTIME_SERVICE = "runtime.v1.RuntimeService";
/** The service that has their images. */
export const IMAGE_SERVICE = "runtime.v1.ImageService";

/** Which namespace a container is in: its pod's, its own, or the machine's. */
export const NamespaceMode = { POD: 0, CONTAINER: 1, NODE: 2 } as const;

export const NamespaceOption = { network: 1, pid: 2, ipc: 3 } as const;

export const PodSandboxMetadata = { name: 1, uid: 2, namespace: 3, attempt: 4 } as const;

export const LinuxSandboxSecurityContext = { namespace_options: 1 } as const;

export const LinuxPodSandboxConfig = { cgroup_parent: 1, security_context: 2 } as const;

export const PodSandboxConfig = {
  metadata: 1,
  hostname: 2,
  log_directory: 3,
  labels: 6,
  annotations: 7,
  linux: 8,
} as const;

export const RunPodSandboxRequest = { config: 1 } as const;
export const RunPodSandboxResponse = { pod_sandbox_id: 1 } as const;

export const ImageSpec = { image: 1 } as const;
export const ImageStatusRequest = { image: 1 } as const;
export const ImageStatusResponse = { image: 1 } as const;

export const ContainerMetadata = { name: 1, attempt: 2 } as const;

export const LinuxContainerSecurityContext = { namespace_options: 3 } as const;

export const LinuxContainerConfig = { resources: 1, security_context: 2 } as const;

export const ContainerConfig = {
  metadata: 1,
  image: 2,
  command: 3,
  labels: 9,
  annotations: 10,
  log_path: 11,
  linux: 15,
} as const;

export const CreateContainerRequest = { pod_sandbox_id: 1, config: 2, sandbox_config: 3 } as const;
export const CreateContainerResponse = { container_id: 1 } as const;

export const StartContainerRequest = { container_id: 1 } as const;

export const ContainerStatusRequest = { container_id: 1, verbose: 2 } as const;
export const PodSandboxStatusRequest = { pod_sandbox_id: 1, verbose: 2 } as const;
/** The same in the answers to both: JSON texts that are the runtime's own affair. */
export const StatusResponse = { info: 2 } as const;

export const StopPodSandboxRequest = { pod_sandbox_id: 1 } as const;
export const RemovePodSandboxRequest = { pod_sandbox_id: 1 } as const;
