/**
 * The programs in C that make calls with known arguments, and what their logs say.
 *
 * @module
 */
import type { CallEvent } from "../../../src/events/mod.ts";
import { formatCall } from "../../../src/syscalls/arguments/mod.ts";

const folder = `${import.meta.dirname ?? "."}/../programs`;

/** The programs, by their sources' names. */
export const programs = [
  "files",
  "descriptors",
  "processes",
  "sockets",
  "memory",
  "signals",
  "ipc",
  "times",
  "system",
  "flags",
  "new_calls",
  "i386",
  "threads",
  "faults",
] as const;

/** Builds a program, once for each change of it, and says where it is. */
export function build(name: typeof programs[number]): string {
  const source = `${folder}/${name}.c`;
  const built = `${folder}/../../../.work/programs`;
  const binary = `${built}/events_${name}`;
  const changed = Math.max(...[source, `${folder}/call.h`].map(changedAt));
  if (changedAt(binary) > changed) return binary;
  Deno.mkdirSync(built, { recursive: true });
  // Under another name first: a second run of the tests may be executing it.
  const unfinished = `${binary}.${Deno.pid}`;
  const args = ["-O2", "-Wall", "-static", "-pthread", "-o", unfinished, source];
  const { success } = new Deno.Command("gcc", { args, stdout: "inherit", stderr: "inherit" })
    .outputSync();
  if (!success) throw new Error(`gcc ${args.join(" ")} failed`);
  Deno.renameSync(unfinished, binary);
  return binary;
}

function changedAt(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** A call as its caller noted it: programs/call.h. */
export interface Logged {
  readonly abi: "native" | "compat";
  readonly nr: number;
  readonly registers: readonly bigint[];
  readonly result: bigint;
  /** What is to be said of it. */
  readonly line?: string;
}

/** Reads a program's log. */
export function readLog(text: string): Logged[] {
  const calls: Logged[] = [];
  for (const line of text.split("\n").filter(Boolean)) {
    const last = calls.at(-1);
    if (line.startsWith("\t") && last !== undefined) {
      calls[calls.length - 1] = { ...last, line: line.slice(1) };
      continue;
    }
    const [, abi, nr, registers, result] = /^(native|compat) (\d+) (.+) = (-?\d+)$/.exec(line) ??
      [];
    if ((abi !== "native" && abi !== "compat") || registers === undefined) {
      throw new Error(`this is no line of a log: ${line}`);
    }
    calls.push({
      abi,
      nr: Number(nr),
      registers: registers.split(" ").map((each) => BigInt(`0x${each}`)),
      result: BigInt(result ?? 0),
    });
  }
  return calls;
}

/** include/linux/errno.h: the caller sees EINTR of a call that a signal ended, a tracer how it is to go on. */
const RESTARTS = [-512n, -513n, -514n, -516n];
const EINTR = -4n;

function isCall(event: CallEvent, { abi, nr, registers, result }: Logged): boolean {
  if (event.abi !== abi || event.nr !== nr || event.result === undefined) return false;
  const returned = RESTARTS.includes(event.result) ? EINTR : event.result;
  const same = abi === "native" ? returned === result : BigInt.asIntN(32, returned) === result;
  return same && registers.every((register, i) => event.arg(i) === register);
}

/** What was compared of a log. */
export interface LogChecked {
  readonly calls: number;
  /** Calls of which the log says how they are written. */
  readonly lines: number;
  readonly problems: readonly string[];
}

/** Finds a log's calls, in their order, among those of one of the threads. */
export function checkLog(
  log: readonly Logged[],
  threads: Iterable<readonly CallEvent[]>,
): LogChecked {
  let most = 0;
  let problems: string[] = [];
  for (const events of threads) {
    let found = 0;
    const differences: string[] = [];
    for (const event of events) {
      const next = log[found];
      if (next === undefined || !isCall(event, next)) continue;
      found++;
      const line = next.line === undefined ? undefined : formatCall(event);
      if (line !== next.line) differences.push(`the log says ${next.line}\n  ours is ${line}`);
    }
    if (found < most) continue;
    most = found;
    problems = differences;
  }
  const missing = log[most];
  if (missing !== undefined) {
    const { abi, nr, registers, result } = missing;
    const words = registers.map((each) => each.toString(16)).join(" ");
    problems.push(`call ${most} of the log has no event: ${abi} ${nr} ${words} = ${result}`);
  }
  const lines = log.filter(({ line }) => line !== undefined).length;
  return { calls: log.length, lines, problems };
}
