/**
 * What the kernel tests stand on: a program that makes calls in exact numbers, cgroups to run it in, and a
 * monitor whose every tick is kept.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Counts, displayName, type Tick } from "../../src/sinks/mod.ts";
import { Monitor, type MonitorOptions } from "../../src/engine/mod.ts";
import { Workload } from "../../src/containers/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import { type Attachment, attachmentsFor, Capture } from "../../src/kernel/mod.ts";

const folder = import.meta.dirname ?? ".";

/** True, or why the kernel tests can't run here. */
export function runnable(): true | string {
  if (Deno.uid() !== 0) return "no root";
  try {
    Deno.statSync("/sys/kernel/btf/vmlinux");
    return true;
  } catch {
    return "no BTF";
  }
}

/** A test that needs root and BTF; without them it is skipped, and its name says why. */
export function kernelTest(name: string, run: () => Promise<void> | void): void {
  const can = runnable();
  Deno.test({
    name: can === true ? name : `${name} (skipped: ${can})`,
    ignore: can !== true,
    fn: run,
  });
}

/** The ways into the kernel that this one takes. */
export function attachments(): Attachment[] {
  if (runnable() !== true) return [];
  return attachmentsFor(Deno.osRelease()).filter((attachment) => {
    try {
      using _capture = Capture.open({ attachments: [attachment] });
      return true;
    } catch {
      return false;
    }
  });
}

/** Those of them that see every call: from 7.0 on the kernel lets calls pass without the other ways' programs. */
export function exactAttachments(): Attachment[] {
  const all = attachments();
  return all.includes("kprobe") ? ["kprobe"] : all;
}

/** Builds a program of ours, once for each change of it, and says where it is. */
export function program(name: string): string {
  const source = `${folder}/programs/${name}.c`;
  const built = `${folder}/../../.work/programs`;
  const binary = `${built}/${name}`;
  try {
    const [from, to] = [Deno.statSync(source).mtime, Deno.statSync(binary).mtime];
    if (from !== null && to !== null && from < to) return binary;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(built, { recursive: true });
  const args = ["-O2", "-Wall", "-static", "-pthread", "-o", binary, source];
  const { success } = new Deno.Command("gcc", { args, stdout: "inherit", stderr: "inherit" })
    .outputSync();
  if (!success) throw new Error(`gcc ${args.join(" ")} failed`);
  return binary;
}

/** A command in a cgroup of its own, not yet running. */
export function workload(name: string, ...command: [string, ...string[]]): Promise<Workload> {
  return Workload.start({ name, command, stdin: "null", stdout: "null" });
}

/** A monitor that keeps the last word on each container. */
export class Watched implements Disposable {
  readonly monitor: Monitor;
  readonly #totals = new Map<string, Counts>();
  readonly ticks: Tick[] = [];

  constructor(options: MonitorOptions = {}) {
    this.monitor = Monitor.open(options);
  }

  /** Reads the counts, once or some times with pauses in between. */
  async tick(times = 1): Promise<Tick> {
    for (;;) {
      const tick = this.monitor.tick();
      this.ticks.push(tick);
      for (const { container, total } of tick.tallies) {
        this.#totals.set(displayName(container), total);
        this.#totals.set(container.identity.id, total);
      }
      if (--times <= 0) return tick;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What a container, by name or id, has called until the last tick. */
  total(container: string, syscall: string): number {
    return this.#totals.get(container)?.get(syscall) ?? 0;
  }

  /**
   * Asserts exact counts, by container. A kernel from 7.0 on may let calls pass without running a program
   * that another task on the same CPU was preempted in; it says how many, and no more than those may be missing.
   */
  assertCalls(syscall: string, expected: Readonly<Record<string, number>>): void {
    const actual = Object.fromEntries(
      Object.keys(expected).map((name) => [name, this.total(name, syscall)]),
    );
    if (this.#missed === 0) return deepStrictEqual(actual, expected);
    for (const [name, calls] of Object.entries(expected)) {
      ok((actual[name] ?? 0) <= calls, `${name}: ${actual[name]} counted of ${calls}`);
    }
    const all = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((sum, calls) => sum + calls, 0);
    this.assertSum(syscall, all(actual), all(expected));
  }

  /** The same for a sum that was made of counts. */
  assertSum(syscall: string, actual: number, expected: number): void {
    if (this.#missed === 0) return strictEqual(actual, expected);
    const missing = expected - actual;
    const told =
      `${missing} of ${expected} ${syscall} are missing; the kernel says it missed ${this.#missed}`;
    Deno.stdout.writeSync(new TextEncoder().encode(`${told}\n`));
    ok(missing >= 0 && missing <= this.#missed, told);
  }

  get #missed(): number {
    return Number(this.ticks.at(-1)?.missed ?? 0n);
  }

  /** Names of the containers that have been seen. */
  get names(): string[] {
    return [...this.#totals.keys()];
  }

  /** What happened to a container, in order. */
  actions(id: string): string[] {
    return this.ticks.flatMap(({ changes }) => changes)
      .filter(({ container }) => container.identity.id === id).map(({ action }) => action);
  }

  [Symbol.dispose](): void {
    this.monitor[Symbol.dispose]();
  }
}

/** In a guest under emulation, what costs time is done less often: `full` on the machine itself. */
export function scaled(full: number, inGuest: number): number {
  return Deno.env.get("TALLYMAN_GUEST") === undefined ? full : inGuest;
}

/** Waits until something is so, for 20 s at most, 60 s in a guest. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + scaled(20_000, 60_000);
  while (!await is()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a `calls pause` waits for its signal. */
export async function paused({ pid }: { readonly pid: number }): Promise<void> {
  const waits = `${syscallNumber("rt_sigtimedwait")} `;
  await until(
    "a program to pause",
    () => Deno.readTextFileSync(`/proc/${pid}/syscall`).startsWith(waits),
  );
}
