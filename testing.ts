/**
 * What rules are tested with: calls made up out of plain values, and the engine that runs rules, without kernel, root
 * or containers.
 *
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * import { defineRule } from "tallyman";
 * import { event, run } from "tallyman/testing";
 *
 * const rule = defineRule({
 *   id: "shadow-read",
 *   title: "The password file was opened",
 *   severity: "warning",
 *   syscalls: ["openat"],
 *   filter: { args: { path: { equals: "/etc/shadow" } } },
 *   evaluate: ({ event, alert }) => alert(`${event.process.comm} opened it`),
 * });
 *
 * Deno.test("the password file's opening is told, other files' is not", () => {
 *   const alerts = run(rule, [
 *     event("openat", { path: "/etc/passwd", flags: ["O_RDONLY"] }),
 *     event("openat", { path: "/etc/shadow", flags: ["O_RDONLY"] }, { process: { comm: "cat" } }),
 *   ]);
 *   deepStrictEqual(alerts.map(({ message }) => message), ["cat opened it"]);
 * });
 * ```
 *
 * @module
 */
import type { Rule } from "./src/engine/rules/mod.ts";
import {
  type AddressParts,
  type ContainerFacts,
  type EventFacts as AnyEventFacts,
  type Input,
  MadeUpChange,
  MadeUpEvent,
  MadeUpProcessChange,
  MadeUpTally,
  type ProcessChangeFacts,
  type ProcessExitFacts,
  type RaisedAlert,
  type RunOptions,
  runRule,
  type TallyFacts,
  type TimeFacts,
} from "./src/engine/rules/testing/mod.ts";
import type { ErrorName } from "./src/syscalls/arguments/errors.ts";
import type {
  ArgumentsOf,
  CallName,
  Choice,
  Data,
  Fault,
  FileMode,
  Flags,
  Message,
  SocketAddress,
} from "./src/syscalls/arguments/mod.ts";
import * as descriptor from "./src/syscalls/arguments/tables/descriptor.ts";
import * as file from "./src/syscalls/arguments/tables/file.ts";
import * as ipc from "./src/syscalls/arguments/tables/ipc.ts";
import * as memory from "./src/syscalls/arguments/tables/memory.ts";
import * as network from "./src/syscalls/arguments/tables/network.ts";
import * as process from "./src/syscalls/arguments/tables/process.ts";
import * as signal from "./src/syscalls/arguments/tables/signal.ts";
import * as system from "./src/syscalls/arguments/tables/system.ts";
import * as time from "./src/syscalls/arguments/tables/time.ts";

export {
  type AlertFacts,
  type CountFacts,
  PluginTrial,
  type ToldAlert,
} from "./src/engine/plugins/testing/mod.ts";
export type {
  ContainerFacts,
  ProcessFacts,
  ProgramFacts,
  TimeFacts,
} from "./src/engine/rules/testing/mod.ts";
export type {
  AddressParts,
  Input,
  ProcessChangeFacts,
  ProcessExitFacts,
  RaisedAlert,
  RunOptions,
  TallyFacts,
};

/** How a value may be written in a test, by what a rule sees of it. */
export type InputOf<T> = unknown extends T ? unknown
  : T extends Fault ? Fault
  : T extends Flags<infer Name> ? Name | `0x${string}` | number | readonly (Name | `0x${string}`)[]
  : T extends Data ? string | Uint8Array
  : T extends Message ? { readonly address?: string | AddressParts; readonly data?: string }
  : T extends SocketAddress ? string | AddressParts
  : T extends Choice<infer Name> ? Name | number
  : T extends FileMode ? T | number
  : T extends number | bigint ? number | bigint
  : T extends string | boolean | null | undefined ? T
  : T extends readonly (infer Each)[] ? readonly InputOf<Each>[]
  : T extends object ? { readonly [Key in keyof T]?: InputOf<T[Key]> }
  : never;

/** A call's arguments, as a test writes them; what isn't given is empty, 0 or none. */
export type ArgumentInputs<Name extends CallName> = {
  readonly [Key in keyof ArgumentsOf<Name>]?: InputOf<ArgumentsOf<Name>[Key]>;
};

/** What an event says besides its arguments. */
export interface EventFacts extends AnyEventFacts {
  /** It failed: `ENOENT`. */
  readonly error?: ErrorName;
}

/** Numbers by the names of constants, of all tables: one name can have several. */
let numbers: Map<string, bigint[]> | undefined;

function numbersOf(name: string): readonly bigint[] {
  if (numbers === undefined) {
    numbers = new Map();
    const modules = [descriptor, file, ipc, memory, network, process, signal, system, time];
    for (const table of modules.flatMap((module) => Object.values<object>(module))) {
      for (const [key, value] of Object.entries(table)) {
        if (typeof value === "number") numbers.set(key, [...numbers.get(key) ?? [], BigInt(value)]);
      }
    }
  }
  return numbers.get(name) ?? [];
}

/**
 * A call of a container, as a rule sees it: encoded as the kernel would bring it, and decoded by what decodes live
 * calls.
 *
 * ```ts
 * import { event } from "tallyman/testing";
 *
 * event("connect", { fd: 3, address: "10.0.0.7:443" }, { error: "EINPROGRESS" });
 * event("openat", { path: "/etc/shadow", flags: ["O_RDWR", "O_CREAT"], mode: 0o600 }, {
 *   container: { name: "web-1", image: "nginx:1.27" },
 *   process: { exe: "/usr/bin/cat", uid: 1000 },
 *   at: "10s",
 * });
 * ```
 *
 * @throws {TypeError} if the call has no such argument, or an argument can't have that value.
 */
export function event<const Name extends CallName>(
  name: Name,
  args: NoInfer<ArgumentInputs<Name>> = {},
  facts: EventFacts = {},
): MadeUpEvent<Name> {
  return new MadeUpEvent<Name>(name, { ...args }, facts, numbersOf);
}

/** Memory that could not be read, as an argument: `event("openat", { path: fault() })`. */
export function fault(why: Fault["why"] = "unreadable"): Fault {
  return { fault: true, why, address: why === "null" ? 0n : 0x7ffe_0000_0000n };
}

/** What a container has called since the tick before: `tally({ connect: 500 })`. */
export function tally(
  calls: Readonly<Record<string, number>>,
  facts: TallyFacts = {},
): MadeUpTally {
  return new MadeUpTally(calls, facts);
}

/** A container starts. */
export function containerStarted(facts: ContainerFacts & TimeFacts = {}): MadeUpChange {
  return new MadeUpChange("started", facts);
}

/** A container ran already when the monitor began. */
export function containerSeen(facts: ContainerFacts & TimeFacts = {}): MadeUpChange {
  return new MadeUpChange("seen", facts);
}

/** More is known of a container. */
export function containerUpdated(facts: ContainerFacts & TimeFacts = {}): MadeUpChange {
  return new MadeUpChange("updated", facts);
}

/** A container stops. */
export function containerStopped(facts: ContainerFacts & TimeFacts = {}): MadeUpChange {
  return new MadeUpChange("stopped", facts);
}

/** A process is forked: `processStarted({ comm: "sh" })`. It runs what its parent runs. */
export function processStarted(facts: ProcessChangeFacts = {}): MadeUpProcessChange {
  return new MadeUpProcessChange("started", facts);
}

/** A process runs another program: `processExecuted({ exe: "/usr/bin/curl", argv: ["curl", "-s"] })`. */
export function processExecuted(facts: ProcessChangeFacts = {}): MadeUpProcessChange {
  return new MadeUpProcessChange("executed", facts);
}

/** A process ends: `processExited({ comm: "nginx", signal: 11 })`; with code 0, unless it is said. */
export function processExited(facts: ProcessExitFacts = {}): MadeUpProcessChange {
  return new MadeUpProcessChange("exited", facts);
}

/**
 * Runs a rule by the engine that runs it live, with its filter, options and limits, at the times of the inputs.
 *
 * @returns the alerts, those that tell what a limit held back among them.
 * @throws what the rule throws; an error if it is async, never returns, or its options don't fit.
 */
export function run(rule: Rule, inputs: readonly Input[], options: RunOptions = {}): RaisedAlert[] {
  return runRule(rule, inputs, options);
}
