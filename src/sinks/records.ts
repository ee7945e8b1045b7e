/**
 * JSONL records, as they are before they are a line. Nested so that a dotted path is OpenTelemetry's name
 * wherever it has one: `container.image.name`, `k8s.pod.name`.
 *
 * @module
 */
import type { Container, Description } from "../containers/mod.ts";
import type { ContainerChange, ContainerLoss, ContainerTally, Counts } from "./sink.ts";

/** A container as every record names it. */
export interface ContainerRecordPart {
  readonly id: string;
  readonly runtime: { readonly name: string };
  /** "pending": its engine has not answered yet; "unknown": no engine knows it. */
  readonly metadata: "known" | "pending" | "unknown";
  readonly name?: string;
  readonly image?: ImageRecordPart;
}

/** An image, by the parts of its name. */
export interface ImageRecordPart {
  /** With its registry, and without tag and digest. */
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly repo_digests?: readonly string[];
  readonly id?: string;
}

/** Kubernetes' names for a container. */
export interface KubernetesRecordPart {
  readonly pod: { readonly name?: string; readonly uid?: string };
  readonly namespace?: { readonly name: string };
  readonly container?: { readonly name: string };
}

/** A container came, went, or became known. */
export interface ContainerRecord {
  readonly type: "container";
  readonly time: string;
  readonly action: ContainerChange["action"];
  readonly container: ContainerRecordPart & {
    readonly cgroup: string;
    readonly label?: Readonly<Record<string, string>>;
    /** Why its metadata is unknown. */
    readonly reason?: string;
  };
  readonly k8s?: KubernetesRecordPart;
}

/** What a container has called. */
export interface TallyRecord {
  readonly type: "tally";
  readonly time: string;
  readonly container: ContainerRecordPart;
  readonly k8s?: KubernetesRecordPart;
  /** Calls by syscall since the monitor began to see the container. */
  readonly total: Readonly<Record<string, number>>;
  /** Calls by syscall since the last tick. */
  readonly new: Readonly<Record<string, number>>;
  /** Those of `total` and `new` that were made on a terminal, if that was counted and there were any. */
  readonly terminal?: {
    readonly total: Readonly<Record<string, number>>;
    readonly new: Readonly<Record<string, number>>;
  };
  /** Since the last tick. */
  readonly interval_ms: number;
}

/** What was not counted, or not delivered: told, so that nothing is lost in silence. */
export interface LossRecord {
  readonly type: "loss";
  readonly time: string;
  /** Whose events; absent where that is not known. */
  readonly container?: ContainerRecordPart;
  /**
   * "program_missed": the kernel made calls without running the counting program (Linux 7.0 and later).
   * "ring_full", "rate_limited", "no_state", "no_exit", "decode_error": events that were not delivered.
   * "filtered": events that `plugin` did not want.
   * "queue_full": records that were made, and not taken in time by who reads them.
   * "process_ring_full": the fork, exec or end of a process that was not told; the next look at it asks /proc.
   */
  readonly reason: string;
  /** Of which call, where that is known. */
  readonly syscall?: string;
  /** Which plugin left them out. */
  readonly plugin?: string;
  /** Since the last such record. */
  readonly count: number;
}

/** RFC 3339, UTC, with nanoseconds. */
export function rfc3339(time: bigint): string {
  return new Temporal.Instant(time).toString({ smallestUnit: "nanosecond" });
}

/**
 * `registry:5000/shop/web:1.27@sha256:…` in OpenTelemetry's parts. What follows the last slash has the tag: before it
 * a colon is a port's.
 */
export function imagePart({ name, id }: NonNullable<Description["image"]>): ImageRecordPart {
  if (name === undefined) return id === undefined ? {} : { id };
  const at = name.indexOf("@");
  const tagged = at < 0 ? name : name.slice(0, at);
  // An image that has no name is called by its id.
  const colon = tagged.startsWith("sha256:") ? -1 : tagged.indexOf(":", tagged.lastIndexOf("/"));
  const bare = colon < 0 ? tagged : tagged.slice(0, colon);
  return {
    name: bare,
    ...(colon >= 0 && { tags: [tagged.slice(colon + 1)] }),
    ...(at >= 0 && { repo_digests: [`${bare}${name.slice(at)}`] }),
    ...(id !== undefined && { id }),
  };
}

/** A container as every record names it. */
export function containerPart({ identity, metadata }: Container): ContainerRecordPart {
  const description = metadata.state === "known" ? metadata.description : {};
  const { name, image, runtime = identity.runtime } = description;
  return {
    id: identity.id,
    ...(name !== undefined && { name }),
    runtime: { name: runtime },
    ...(image !== undefined && { image: imagePart(image) }),
    metadata: metadata.state,
  };
}

/** Kubernetes' names for it, where it has any. */
export function kubernetesPart({ identity, metadata }: Container): { k8s?: KubernetesRecordPart } {
  const pod = metadata.state === "known" ? metadata.description.pod : undefined;
  const uid = pod?.uid ?? identity.podUid;
  if (pod === undefined && uid === undefined) return {};
  return {
    k8s: {
      pod: {
        ...(pod?.name !== undefined && { name: pod.name }),
        ...(uid !== undefined && { uid }),
      },
      ...(pod?.namespace !== undefined && { namespace: { name: pod.namespace } }),
      ...(pod?.container !== undefined && { container: { name: pod.container } }),
    },
  };
}

/** The record of a container that came, went, or became known. */
export function containerRecord({ action, container, time }: ContainerChange): ContainerRecord {
  const { identity, metadata } = container;
  const label = metadata.state === "known" ? metadata.description.labels : undefined;
  return {
    type: "container",
    time: rfc3339(time),
    action,
    container: {
      ...containerPart(container),
      cgroup: identity.cgroup,
      ...(label !== undefined && { label }),
      ...(metadata.state === "unknown" && { reason: metadata.reason }),
    },
    ...kubernetesPart(container),
  };
}

function object(counts: Counts): Record<string, number> {
  return Object.fromEntries(counts);
}

/** The record of a container's counts at a tick. */
export function tallyRecord(tally: ContainerTally, time: bigint, interval: number): TallyRecord {
  const { container, onTerminal } = tally;
  return {
    type: "tally",
    time: rfc3339(time),
    container: containerPart(container),
    ...kubernetesPart(container),
    total: object(tally.total),
    new: object(tally.new),
    ...(onTerminal !== undefined && onTerminal.total.size > 0 && {
      terminal: { total: object(onTerminal.total), new: object(onTerminal.new) },
    }),
    interval_ms: Math.round(interval),
  };
}

/** The record of events that were not delivered. */
export function lossRecord(loss: ContainerLoss, time: bigint): LossRecord {
  const { container, reason, syscall, plugin, count } = loss;
  return {
    type: "loss",
    time: rfc3339(time),
    container: containerPart(container),
    reason,
    ...(syscall !== undefined && { syscall }),
    ...(plugin !== undefined && { plugin }),
    count,
  };
}

/** The record of calls that the kernel let pass. */
export function missedRecord(count: number, time: bigint): LossRecord {
  return { type: "loss", time: rfc3339(time), reason: "program_missed", count };
}
