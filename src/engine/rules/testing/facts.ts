/**
 * Who calls, and where: processes and containers as a test names them.
 *
 * @module
 */
import type { Container, Description, Runtime } from "../../../containers/mod.ts";
import {
  type CapabilityName,
  capabilityNames,
  type Process,
  type Program,
} from "../../../processes/mod.ts";
import type { RuleProcess } from "../define.ts";
import { millisecondsOf } from "../duration.ts";

/** When something is: a time, or how long after the beginning of all tests, 2026-01-01 00:00 UTC. */
export interface TimeFacts {
  /** Nanoseconds since 1970, UTC. */
  readonly time?: bigint;
  /** `10s`, `1.5m`; `0s`. */
  readonly at?: string;
}

/** A container. One that is named as another is the same. */
export interface ContainerFacts {
  readonly name?: string;
  readonly id?: string;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: { readonly name?: string; readonly namespace?: string; readonly uid?: string };
  readonly runtime?: Runtime;
  /** Whether its engine has said that; it has, by default. */
  readonly metadata?: "known" | "pending" | "unknown";
}

/** What a process runs. */
export interface ProgramFacts {
  readonly comm?: string;
  readonly exe?: string;
  readonly argv?: readonly string[];
  readonly filename?: string;
}

/** A process. What isn't said follows from what is: the name from the file, the arguments from the name. */
export interface ProcessFacts extends ProgramFacts {
  readonly pid?: number;
  readonly tid?: number;
  readonly containerPid?: number;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly loginUid?: number;
  readonly tty?: string;
  readonly session?: number;
  /** The effective set: none unless it is said. */
  readonly capabilities?: bigint | readonly CapabilityName[];
  /** Who forked it, who forked that one, and so on. */
  readonly ancestors?: readonly ProcessFacts[];
}

/** The beginning of all tests: 2026-01-01 00:00 UTC. */
export const BEGINNING: bigint = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;

/** When that is. */
export function timeOf({ time, at }: TimeFacts): bigint {
  if (time !== undefined) return time;
  const milliseconds = at === undefined || /^0[a-z]*$/.test(at) ? 0 : millisecondsOf(at);
  return BEGINNING + BigInt(Math.round(milliseconds * 1e6));
}

/** 64 hexadecimal digits that a name has to itself. */
function idOf(name: string): string {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  }
  return hash.toString(16).padStart(16, "0").repeat(4);
}

/** A container that runs. */
export function makeContainer(facts: ContainerFacts = {}): Container {
  const { name = "web-1", image, labels, pod, runtime = "docker", metadata = "known" } = facts;
  const id = facts.id ?? idOf(name);
  const description: Description = {
    name,
    ...(image !== undefined && { image: { name: image } }),
    ...(labels !== undefined && { labels }),
    ...(pod !== undefined && { pod }),
  };
  return {
    identity: { runtime, id, cgroup: `/${runtime}/${id}` },
    metadata: metadata === "known"
      ? { state: "known", description }
      : metadata === "pending"
      ? { state: "pending" }
      : { state: "unknown", reason: "no engine knows it" },
    v1: false,
    origin: "seen",
    since: 0n,
    state: "running",
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What a process runs, with what follows from what is said. */
export function makeProgram({ exe, filename, argv, comm, ...rest }: ProgramFacts): Program {
  const path = exe ?? filename;
  // include/linux/sched.h: TASK_COMM_LEN
  const name = comm ?? baseName(path ?? argv?.[0] ?? "sh").slice(0, 15);
  const from = (value: unknown) => value === undefined ? undefined : "record";
  return Object.freeze({
    ...rest,
    comm: name,
    filename: filename ?? exe,
    exe: path,
    exeFrom: from(path),
    exeDeleted: false,
    argv: argv === undefined
      ? path === undefined ? undefined : Object.freeze([path])
      : Object.freeze([...argv]),
    argvFrom: from(argv ?? path),
    argvTruncated: false,
  });
}

const allCapabilities = capabilityNames((1n << 41n) - 1n);

function capabilitySet(of: ProcessFacts["capabilities"]): bigint {
  if (of === undefined) return 0n;
  if (typeof of === "bigint") return of;
  return of.reduce((set, name) => {
    const bit = allCapabilities.indexOf(name);
    if (bit < 0) throw new TypeError(`there is no capability ${name}`);
    return set | 1n << BigInt(bit);
  }, 0n);
}

/** The pid of a process of which nothing is said. */
const PID = 4242;

function makeAncestor(facts: ProcessFacts, pid: number): Process {
  const { uid = 0, gid = 0, cwd } = facts;
  return Object.freeze({
    ...makeProgram(facts),
    pid: facts.pid ?? pid,
    start: BigInt(facts.pid ?? pid),
    parent: undefined,
    containerPid: facts.containerPid ?? facts.pid ?? pid,
    uid,
    gid,
    loginUid: facts.loginUid,
    session: facts.session ?? 1,
    tty: facts.tty,
    capabilities: capabilitySet(facts.capabilities),
    cwd,
    cwdFrom: cwd === undefined ? undefined : "record" as const,
    previous: undefined,
    exited: undefined,
  });
}

/** A process as an event shows it. */
export function makeProcess(facts: ProcessFacts = {}): RuleProcess {
  const { pid = PID, uid = 0, gid = 0 } = facts;
  const { comm, exe, argv } = makeProgram(facts);
  const all = (facts.ancestors ?? []).map((each, i) => makeAncestor(each, PID - 1 - i));
  return Object.freeze({
    pid,
    tid: facts.tid ?? pid,
    comm,
    uid,
    gid,
    containerPid: facts.containerPid ?? pid,
    exe,
    argv,
    cwd: facts.cwd,
    loginUid: facts.loginUid,
    tty: facts.tty,
    session: facts.session,
    capabilities: capabilitySet(facts.capabilities),
    *ancestors() {
      yield* all;
    },
  });
}
