/**
 * What every private engine can do for a test.
 *
 * @module
 */
import type { Binaries } from "./image.ts";
import type { Output } from "./workspace.ts";

/** A container to run. */
export interface RunOptions {
  /** One is made up if there is none. */
  readonly name?: string;
  /** What to run in it, and its arguments. */
  readonly command: readonly string[];
  /** Labels; annotations where the engine has no labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Returns when the command has started, not when it has ended. True by default. */
  readonly detach?: boolean;
  /** Removes the container when its command has ended. */
  readonly remove?: boolean;
}

/** A container that was run. */
export interface RunContainer {
  /** The engine's. */
  readonly id: string;
  readonly name: string;
  /** Of its first process, as the machine sees it. Undefined if it has ended. */
  readonly pid?: number;
  /** The text of /proc/PID/cgroup of that process; empty if it has ended. */
  readonly cgroups: string;
  /** What the command said, unless it is detached. */
  readonly output?: Output;
}

/** A private engine, with an image in it. Everything that it made goes with it. */
export interface EngineFixture extends AsyncDisposable {
  /** What a monitor must have in its environment to find this engine. */
  readonly environment: Readonly<Record<string, string>>;
  run(options: RunOptions): Promise<RunContainer>;
  /** Runs one more command in a container; in a terminal where docker and podman are asked to. */
  exec(
    container: RunContainer,
    command: readonly string[],
    options?: { readonly terminal?: boolean },
  ): Promise<Output>;
  /** Ends its processes. */
  stop(container: RunContainer): Promise<void>;
  /** Forgets it, running or not. */
  remove(container: RunContainer): Promise<void>;
}

export interface FixtureOptions {
  /** Static programs that the image is to have, `{"/bin/getppid": "/somewhere/getppid"}`. */
  readonly binaries?: Binaries;
}

let made = 0;

/** A name that no other container has. */
export function makeName(): string {
  return `tm-${Deno.pid}-${made++}`;
}
