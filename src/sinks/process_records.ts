/**
 * Records of processes: one began, executed a program, or ended.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { ProcessEvent } from "../events/mod.ts";
import type { ProcessTable } from "../processes/mod.ts";
import { type ProcessRecordPart, sharedPart } from "./process_parts.ts";
import {
  containerPart,
  type ContainerRecordPart,
  kubernetesPart,
  type KubernetesRecordPart,
  rfc3339,
} from "./records.ts";

const actions = { fork: "started", exec: "executed", exit: "exited" } as const;

/** A process of a container began, executed a program, or ended. */
export interface ProcessRecord {
  readonly type: "process";
  readonly time: string;
  /** "started": it was forked, and runs what its parent runs. */
  readonly action: typeof actions[keyof typeof actions];
  readonly container: ContainerRecordPart;
  readonly k8s?: KubernetesRecordPart;
  readonly process: ProcessRecordPart & {
    /** Its first thread's. */
    readonly name: string;
    /** Of one that ended by itself. */
    readonly exit_code?: number;
    /** The number of the signal that ended it. */
    readonly exit_signal?: number;
    /** A core was dumped. */
    readonly core_dumped?: boolean;
  };
}

/** How it ended, as wait(2) encodes it. */
function exitPart(status: number) {
  const signal = status & 0x7f;
  if (signal === 0) return { exit_code: (status >>> 8) & 0xff };
  return { exit_signal: signal, ...((status & 0x80) !== 0 && { core_dumped: true }) };
}

/**
 * The record of what happened to a process.
 *
 * @param processes Has taken the event in already.
 * @param bootTime Nanoseconds from CLOCK_BOOTTIME to UTC.
 */
export function processRecord(
  event: ProcessEvent,
  container: Container,
  processes: ProcessTable,
  bootTime: bigint,
): ProcessRecord {
  const { pid, start, uid, gid } = event;
  const current = processes.find(pid, start);
  const described = {
    ...{ pid, start, uid, gid, current },
    program: current,
    *ancestors() {
      if (current !== undefined) yield* processes.ancestors(current);
    },
  };
  return {
    type: "process",
    time: rfc3339(event.time + bootTime),
    action: actions[event.type],
    container: containerPart(container),
    ...kubernetesPart(container),
    process: {
      ...sharedPart(described, bootTime),
      // What the kernel said stands, whatever the table knows.
      vpid: event.containerPid,
      ...(event.parent > 0 && { parent_pid: event.parent }),
      name: event.comm,
      ...(event.type === "exit" && exitPart(event.exitCode)),
    },
  };
}
