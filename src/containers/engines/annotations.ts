/**
 * What the annotations of an OCI bundle, or the labels of a container, say in each engine's words.
 *
 * @module
 */
import type { Description } from "../container.ts";
import { at, jsonIn, present, text, texts } from "./answers.ts";

/** What is taken from annotations. */
type Field =
  | "name"
  | "imageName"
  | "imageId"
  | "podName"
  | "podNamespace"
  | "podUid"
  | "podContainer";

/** An engine's words. */
export interface Vocabulary {
  /** The annotations that hold a field, the best first. */
  readonly fields: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** How the keys begin that are the engine's own business, and nobody's labels. */
  readonly own: readonly string[];
  /** The annotation that holds the labels, as JSON. Without one, what is not the engine's own is a label. */
  readonly labels?: string;
  /** The annotation that is `sandbox` for a pod's own container. */
  readonly kind?: string;
  /** The annotation that holds the CRI metadata, as JSON: `{"name": …, "namespace": …, "uid": …}`. */
  readonly metadata?: string;
  /** The annotation that holds `k8s_POD_NAMESPACE_UID_ATTEMPT`. */
  readonly sandbox?: string;
}

/** What the kubelet labels containers with: k8s.io/kubelet, pkg/types/labels.go. */
const kubelet = {
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  podUid: "io.kubernetes.pod.uid",
  podContainer: "io.kubernetes.container.name",
} as const;

export const vocabularies = {
  /** Labels, as cri-dockerd sets them. */
  docker: {
    fields: {
      podName: [kubelet.podName],
      podNamespace: [kubelet.podNamespace],
      podUid: [kubelet.podUid],
      podContainer: [kubelet.podContainer],
    },
    own: [],
  },
  /** containerd/containerd, pkg/cri/annotations; containerd/nerdctl, pkg/labels. */
  containerd: {
    fields: {
      name: ["io.kubernetes.cri.container-name", "nerdctl/name"],
      imageName: ["io.kubernetes.cri.image-name", "io.kubernetes.cri.podsandbox.image-name"],
      podName: ["io.kubernetes.cri.sandbox-name"],
      podNamespace: ["io.kubernetes.cri.sandbox-namespace"],
      podUid: ["io.kubernetes.cri.sandbox-uid"],
      podContainer: ["io.kubernetes.cri.container-name"],
    },
    own: ["io.kubernetes.cri.", "io.containerd.", "nerdctl/"],
    kind: "io.kubernetes.cri.container-type",
  },
  /** cri-o/cri-o, pkg/annotations. */
  crio: {
    fields: {
      name: [kubelet.podContainer],
      imageName: ["io.kubernetes.cri-o.ImageName", "io.kubernetes.cri-o.Image"],
      imageId: ["io.kubernetes.cri-o.ImageRef"],
      podName: [kubelet.podName, "io.kubernetes.cri-o.KubeName"],
      podNamespace: [kubelet.podNamespace, "io.kubernetes.cri-o.Namespace"],
      podUid: [kubelet.podUid],
      podContainer: [kubelet.podContainer],
    },
    own: ["io.kubernetes.cri-o.", "io.container.manager", "org.systemd.property."],
    labels: "io.kubernetes.cri-o.Labels",
    kind: "io.kubernetes.cri-o.ContainerType",
    metadata: "io.kubernetes.cri-o.Metadata",
    sandbox: "io.kubernetes.cri-o.SandboxName",
  },
  /** containers/podman, pkg/annotations and libpod/define/annotations.go. */
  podman: {
    fields: {},
    own: [
      "io.container.manager",
      "io.kubernetes.cri-o.",
      "io.podman.annotations.",
      "org.opencontainers.image.stopSignal",
      "org.systemd.property.",
      "run.oci.",
    ],
  },
  /** opencontainers/image-spec, annotations.md; `bundle` is what runc adds. */
  oci: {
    fields: { imageName: ["org.opencontainers.image.ref.name", "org.opencontainers.image.title"] },
    own: ["bundle"],
  },
} as const satisfies Record<string, Vocabulary>;

/** What Kubernetes calls the container that holds a pod's namespaces. */
const sandboxName = "POD";

/** What annotations say; undefined if nothing. */
export function describeAnnotations(
  annotations: Readonly<Record<string, string>>,
  vocabulary: Vocabulary,
): Description | undefined {
  const { fields, own, kind, metadata, sandbox } = vocabulary;
  const labels = vocabulary.labels === undefined
    ? Object.fromEntries(
      Object.entries(annotations).filter(([key]) => !own.some((start) => key.startsWith(start))),
    )
    : texts(jsonIn(at(annotations, vocabulary.labels)));
  const isSandbox = kind !== undefined && at(annotations, kind) === "sandbox";
  const cri = metadata === undefined ? undefined : jsonIn(at(annotations, metadata));
  const said = (field: Field, inMetadata?: string, inSandbox?: string) => {
    for (const key of fields[field] ?? []) {
      const value = text(at(annotations, key)) ?? text(at(labels, key));
      if (value !== undefined) return value;
    }
    return (inMetadata === undefined ? undefined : text(at(cri, inMetadata))) ?? inSandbox;
  };
  const pod = sandbox === undefined ? [] : sandboxParts(at(annotations, sandbox));
  // The metadata are a container's, or a pod's.
  const ofPod = (name: string) => isSandbox ? name : undefined;
  const container = isSandbox ? sandboxName : said("podContainer", "name");
  const podFields = present<NonNullable<Description["pod"]>>({
    name: said("podName", ofPod("name"), pod[0]),
    namespace: said("podNamespace", ofPod("namespace"), pod[1]),
    uid: said("podUid", ofPod("uid"), pod[2]),
    container: undefined,
  });
  return present<Description>({
    runtime: undefined,
    name: isSandbox ? sandboxName : said("name", "name"),
    image: present<NonNullable<Description["image"]>>({
      name: said("imageName"),
      id: said("imageId"),
    }),
    labels: labels !== undefined && Object.keys(labels).length > 0 ? labels : undefined,
    // A container's name makes no pod.
    pod: podFields === undefined || container === undefined
      ? podFields
      : { ...podFields, container },
  });
}

/** Name, namespace and uid of the pod; no name in Kubernetes has an underscore. */
function sandboxParts(value: unknown): readonly string[] {
  const parts = text(value)?.split("_") ?? [];
  return parts.length === 5 && parts[0] === "k8s" ? parts.slice(1, 4) : [];
}
