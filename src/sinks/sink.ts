/**
 * Where what the monitor finds goes to.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { Alert } from "./alert.ts";
import type { Status } from "./status.ts";

/** Calls by syscall name. */
export type Counts = ReadonlyMap<string, number>;

/** What happened to a container. */
export interface ContainerChange {
  /** "updated": its metadata came, or changed. */
  readonly action: "seen" | "started" | "updated" | "stopped";
  readonly container: Container;
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
}

/** How long a container's calls of one kind took, in nanoseconds. */
export interface Durations {
  /** That have returned. */
  readonly calls: number;
  readonly total: number;
  readonly mean: number;
  readonly longest: number;
  /** The time within which this share of the calls returned. */
  quantile(share: number): number;
}

/** A container's counts at a tick. */
export interface ContainerTally {
  readonly container: Container;
  /** Since the monitor began to see the container. */
  readonly total: Counts;
  /** Since the last tick. */
  readonly new: Counts;
  /** By syscall name; if times were asked for. */
  readonly durations?: ReadonlyMap<string, Durations>;
  /** Calls that failed, by syscall name and errno; if errors were asked for. */
  readonly errors?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Those of `total` and `new` that were made on a terminal, never more than there; if that was asked for. */
  readonly onTerminal?: { readonly total: Counts; readonly new: Counts };
  /** Calls that are not to be shown: part of the others. */
  readonly hidden?: HiddenCounts;
}

/** Calls that plugins hide from the view. */
export interface HiddenCounts {
  readonly total: Counts;
  readonly new: Counts;
  /** The plugins. */
  readonly by: readonly string[];
}

/** Events of a container that were not delivered. */
export interface ContainerLoss {
  readonly container: Container;
  readonly reason: string;
  /** Of which call they were, where that is known. */
  readonly syscall?: string;
  /** Which plugin did not want them. */
  readonly plugin?: string;
  /** Since the last tick. */
  readonly count: number;
}

/** What a tick has found. */
export interface Tick {
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  /** Milliseconds since the last tick, or since counting began. */
  readonly interval: number;
  readonly changes: readonly ContainerChange[];
  /** Containers that run, and those that have stopped since the last tick, in the order of their coming. */
  readonly tallies: readonly ContainerTally[];
  /** Containers that run and are not among these: others were asked for. */
  readonly unselected?: number;
  readonly losses: readonly ContainerLoss[];
  /** Calls that the kernel let pass without running our program, since counting began. */
  readonly missed: bigint;
  /** Cgroups for which there was no slot, since counting began. */
  readonly overflowed: bigint;
  /** Calls that were counted, but for whose time, or errno, there was no room. */
  readonly unmeasured: bigint;
}

/** A tick in which nothing happened but what is said. */
export function makeTick(time: bigint, facts: Partial<Tick> = {}): Tick {
  return {
    time,
    interval: 1000,
    changes: [],
    tallies: [],
    losses: [],
    missed: 0n,
    overflowed: 0n,
    unmeasured: 0n,
    ...facts,
  };
}

/** Takes every tick in turn, and alerts as they come. */
export interface Sink extends Disposable {
  /** The run begins, or has ended: first and last of all, for sinks whose readers come later. */
  status?(status: Status): void;
  write(tick: Tick): void;
  alert(alert: Alert): void;
  /** Takes what only records tell; a sink for people has none of it. */
  records?(records: readonly object[]): void;
}

/** The sum over all syscalls. */
export function sum(counts: Counts): number {
  let calls = 0;
  for (const count of counts.values()) calls += count;
  return calls;
}

/** What a container is called: by its engine, in its pod, or else its short id. */
export function displayName({ identity, metadata }: Container): string {
  if (metadata.state !== "known") return shortId(identity.id);
  const { name, pod } = metadata.description;
  if (pod?.name !== undefined) {
    return [pod.namespace, pod.name, pod.container].filter((part) => part !== undefined).join("/");
  }
  return name ?? shortId(identity.id);
}

/**
 * What tells a container from all others, and is the same when it is started again. Ids are not enough:
 * those of two namespaces of containerd, or of two demos, may be the same.
 */
export function keyOf({ identity: { runtime, cgroup } }: Container): string {
  return `${runtime} ${cgroup}`;
}

/** 64 hex digits as engines shorten them; names stay whole. */
export function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
