/**
 * What a recording holds as JSON: all that is rare beside calls. Numbers of 64 bits are text there.
 *
 * @module
 */
import { z } from "zod";
import type { Container, Identity, Metadata } from "../../containers/mod.ts";
import type { SeenArguments, SeenLink } from "../../processes/mod.ts";

const whole = z.int().min(0);
const big = z.string().regex(/^-?\d{1,20}$/).transform(BigInt);
const text = z.string();

const names = z.record(text, whole);

/** As they are: zod leaves out `__proto__`, which somebody may call a label. */
const labels = z.custom<Readonly<Record<string, string>>>((value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === "string")
);

const counts = {
  new: names,
  /** Where it is not what was before and `new`. */
  total: names.optional(),
};

/** What was set up when the recording began. */
const header = z.strictObject({
  /** Of the records: see format.ts. */
  layout: text,
  architecture: text,
  /** The kernel's release. */
  kernel: text,
  /** ns since 1970, UTC. */
  began: big,
  /** Who recorded: what `status` records say of it. */
  writer: z.strictObject({
    version: text,
    hostName: text,
    architecture: text,
    kernel: text,
    deno: text,
    libbpf: text.optional(),
    pid: whole,
    started: big,
  }),
  /** ns from CLOCK_BOOTTIME to UTC. */
  boot_time: big,
  /** All calls that close descriptors are in it. */
  follows_closes: z.boolean(),
  /** The command's selection, for people. */
  selection: z.record(text, z.unknown()),
});

const runtimes = [
  ...["docker", "podman", "containerd", "cri-o", "lxc", "systemd-nspawn", "runc", "crun"] as const,
  ...["tallyman", "oci", "plain", "host", "overflow"] as const,
] as const;
const runtime = z.enum(runtimes);

const identity = z.strictObject({
  runtime,
  id: text,
  cgroup: text,
  podUid: text.optional(),
  containerdNamespace: text.optional(),
});

const description = z.strictObject({
  runtime: runtime.optional(),
  name: text.optional(),
  image: z.strictObject({ name: text.optional(), id: text.optional() }).optional(),
  labels: labels.optional(),
  pod: z.strictObject({
    name: text.optional(),
    namespace: text.optional(),
    uid: text.optional(),
    container: text.optional(),
  }).optional(),
});

const metadata = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("known"), description }),
  z.strictObject({ state: z.literal("pending") }),
  z.strictObject({ state: z.literal("unknown"), reason: text }),
]);

const state = z.enum(["running", "stopped"]);

const program = { comm: text, argvAddress: big };

const seen = z.strictObject({
  ...program,
  pid: whole,
  start: big,
  parentStart: big.optional(),
  state: text,
  parent: whole,
  session: z.int(),
  tty: whole,
  threads: whole,
  exitCode: z.int(),
  containerPid: whole,
  uid: whole,
  gid: whole,
  loginUid: whole.optional(),
  capabilities: big,
  exe: text.optional(),
});

const asked = { pid: whole, start: big };

const condition = z.strictObject({
  outcome: z.enum(["ok", "failed"]).optional(),
  tests: z.array(z.strictObject({ argument: whole, mask: big, value: big })).optional(),
});

const fact = z.discriminatedUnion("type", [
  /**
   * Calls whose events are sent from now on, each with a fingerprint of what is copied of its memory; and which of
   * them, where it is not all.
   */
  z.strictObject({
    type: z.literal("wanted"),
    calls: z.record(text, text),
    only: z.record(text, condition),
  }),
  /** A container that has not been named before: the next index. */
  z.strictObject({
    type: z.literal("container"),
    identity,
    v1: z.boolean(),
    origin: z.enum(["seen", "started"]),
    since: big,
    state,
    metadata,
  }),
  /** More is known of a container, or it has stopped. */
  z.strictObject({ type: z.literal("changed"), container: whole, state, metadata }),
  /** /proc was asked for who has a pid: of the start that is meant, or for whoever runs. */
  z.strictObject({
    type: z.literal("process"),
    pid: whole,
    start: big.optional(),
    seen: seen.optional(),
  }),
  /** Where a link of a process leads; nowhere: it could not be read. */
  z.strictObject({
    type: z.literal("link"),
    ...asked,
    name: text,
    seen: z.strictObject({ text, program: z.strictObject(program) }).optional(),
  }),
  /** Its arguments, in base64. */
  z.strictObject({
    type: z.literal("arguments"),
    ...asked,
    seen: z.strictObject({
      bytes: z.base64(),
      truncated: z.boolean(),
      program: z.strictObject(program),
    }).optional(),
  }),
  z.strictObject({
    type: z.literal("tick"),
    time: big,
    interval: z.number(),
    changes: z.array(z.strictObject({
      action: z.enum(["seen", "started", "updated", "stopped"]),
      container: whole,
      time: big,
    })),
    tallies: z.array(z.strictObject({
      container: whole,
      ...counts,
      /** Calls of these that were made on a terminal, where there were any. */
      terminal: z.strictObject(counts).optional(),
    })),
    losses: z.array(z.strictObject({
      container: whole,
      reason: text,
      /** Of which call, where that is known. */
      syscall: text.optional(),
      count: whole,
    })),
    missed: big,
    overflowed: big,
    unmeasured: big,
    /** Events were lost: what calls told of descriptors is not believed any more. */
    forgets: z.boolean(),
  }),
  /** The recorder has ended by itself: ns since 1970, UTC. */
  z.strictObject({ type: z.literal("stopped"), time: big }),
]);

/** What was set up when a recording began. */
export type RecordingHeader = z.output<typeof header>;

/** Something that is no record. */
export type Fact = z.output<typeof fact>;

/** A tick, containers by their indices. */
export type RecordedTick = Extract<Fact, { type: "tick" }>;

/** Calls of a tally, as a tick has them. */
export type RecordedCounts = Pick<RecordedTick["tallies"][number], "new" | "total">;

/** An answer of /proc's. */
export type Answer = Extract<Fact, { type: "process" | "link" | "arguments" }>;

/** As JSON, bigints as text. */
export function factText(value: object): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? part.toString() : part);
}

function readAs<T>(schema: z.ZodType<T>, json: string): T {
  const result = schema.safeParse(JSON.parse(json));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(`${issue?.path.join(".") || "fact"}: ${issue?.message ?? "not known"}`);
}

/** @throws {Error} if it is none. */
export function readFact(json: string): Fact {
  return readAs(fact, json);
}

/** @throws {Error} if it is none. */
export function readHeader(json: string): RecordingHeader {
  return readAs(header, json);
}

/** A container's first fact. */
export function containerFact(container: Container): object {
  const { identity, v1, origin, since, state, metadata } = container;
  return { type: "container", identity, v1, origin, since, state, metadata };
}

type ContainerFact = Extract<Fact, { type: "container" }>;

/** What has no `undefined` in it: JSON has none, so that what was read from it has not either. */
type Exact<T> = { [Key in keyof T]: Exact<Exclude<T[Key], undefined>> };

/** The container of a fact. */
export function containerOf(fact: ContainerFact): Container {
  const { v1, origin, since, state } = fact;
  return { identity: identityOf(fact), metadata: metadataOf(fact), v1, origin, since, state };
}

function identityOf({ identity }: Pick<ContainerFact, "identity">): Identity {
  return identity as Exact<typeof identity>;
}

/** What is known of a container. */
export function metadataOf(
  { metadata }: { readonly metadata: ContainerFact["metadata"] },
): Metadata {
  return metadata as Exact<typeof metadata>;
}

/** What the table was answered, as facts have it. */
export const answerParts = {
  link: ({ text, stat: { comm, argvAddress } }: SeenLink) => ({
    text,
    program: { comm, argvAddress },
  }),
  arguments: ({ bytes, truncated, stat: { comm, argvAddress } }: SeenArguments) => ({
    bytes: bytes.toBase64(),
    truncated,
    program: { comm, argvAddress },
  }),
} as const;
