/**
 * Containers and ticks for the tests of this folder.
 *
 * @module
 */
import fc from "fast-check";
import type { Container, Description, Identity, Metadata, Runtime } from "../containers/mod.ts";
import { type ContainerTally, type Counts, makeTick, type Tick } from "./sink.ts";

/** A running container, known by its id as its name unless something else is said of it. */
export function container(
  id: string,
  { identity, ...facts }: Partial<Omit<Container, "identity">> & { identity?: Partial<Identity> } =
    {},
): Container {
  return {
    identity: { runtime: "docker", id, cgroup: `/docker/${id}`, ...identity },
    metadata: { state: "known", description: { name: id } },
    v1: false,
    origin: "seen",
    since: 0n,
    state: "running",
    ...facts,
  };
}

/** Counts from an object. */
export function counts(calls: Readonly<Record<string, number>>): Counts {
  return new Map(Object.entries(calls));
}

/** What a container has called; by default nothing is new. */
export function tally(
  container: Container,
  total: Readonly<Record<string, number>>,
  added: Readonly<Record<string, number>> = {},
): ContainerTally {
  return { container, total: counts(total), new: counts(added) };
}

/** A tick so many ms after 1970, of these tallies. */
export function tickAt(
  milliseconds: number,
  tallies: readonly ContainerTally[] = [],
  facts: Partial<Tick> = {},
): Tick {
  return makeTick(BigInt(milliseconds) * 1_000_000n, { tallies, ...facts });
}

/** Any text that somebody may have named something, halves of surrogate pairs among it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    'a"}\n{"type":"alert"}',
    "\x1b[2J\x1b]0;title\x07",
    "a\u2028b\u2029c\x85d",
    "\u202egnp.exe",
    "__proto__",
  ),
);

function sparse<T extends object>(model: { [Key in keyof T]-?: fc.Arbitrary<T[Key]> }) {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const runtime = fc.constantFrom<Runtime>("docker", "podman", "containerd", "cri-o", "lxc", "plain");

const description = sparse<Required<Description>>({
  runtime,
  name: hostileText,
  image: sparse({ name: hostileText, id: hostileText }),
  labels: fc.dictionary(hostileText, hostileText, { maxKeys: 4 }),
  pod: sparse({
    name: hostileText,
    namespace: hostileText,
    uid: hostileText,
    container: hostileText,
  }),
});

const metadata: fc.Arbitrary<Metadata> = fc.oneof(
  fc.record({ state: fc.constant("known" as const), description }),
  fc.constant({ state: "pending" as const }),
  fc.record({ state: fc.constant("unknown" as const), reason: hostileText }),
);

const identity = fc.record(
  { runtime, id: hostileText, cgroup: hostileText, podUid: hostileText },
  { requiredKeys: ["runtime", "id", "cgroup"] },
);

/** Any container that an engine, or somebody who makes cgroups, can come up with. */
export const anyContainer: fc.Arbitrary<Container> = fc.record({
  identity,
  metadata,
  v1: fc.boolean(),
  origin: fc.constantFrom("seen" as const, "started" as const),
  since: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  state: fc.constantFrom("running" as const, "stopped" as const),
});

/** Any counts. */
export const anyCounts: fc.Arbitrary<Counts> = fc.dictionary(
  fc.constantFrom("read", "write", "openat", "sys_700", "i386:open"),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
).map((calls) => new Map(Object.entries(calls)));

/** Any moment from 1970 to 2500, in ns. */
export const anyTime: fc.Arbitrary<bigint> = fc.bigInt({
  min: 0n,
  max: 16_725_225_600_000_000_000n,
});
