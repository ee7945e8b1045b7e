/**
 * A container whose only process calls getppid(2) as often a second as it is told, and counts.
 *
 * @module
 */
import { buildProgram } from "./build.ts";
import { type BenchCgroup, BenchCgroups } from "./cgroups.ts";
import { Workload } from "./workload.ts";

/** What is to be called. */
export interface Offer {
  /** Calls a second of all threads together; 0: as many as they can. */
  readonly rate: number;
  readonly milliseconds: number;
  /** Each on a CPU of its own. */
  readonly threads: number;
}

/** What was called. */
export interface Made {
  readonly calls: number;
  /** Nanoseconds of CLOCK_BOOTTIME. */
  readonly began: bigint;
  /** Likewise. */
  readonly ended: bigint;
}

/** @throws {SyntaxError} if it is not `CALLS BEGAN ENDED`. */
export function parseMade(answer: string): Made {
  const [calls, began, ended] = answer.split(" ");
  if (calls === undefined || began === undefined || ended === undefined) {
    throw new SyntaxError(`not CALLS BEGAN ENDED: ${answer}`);
  }
  return { calls: Number(calls), began: BigInt(began), ended: BigInt(ended) };
}

/** The container, gone when this is disposed of. */
export class Load implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #workload: Workload;
  readonly cgroup: BenchCgroup;
  /** What the monitor calls the container. */
  readonly name: string;

  private constructor(
    resources: AsyncDisposableStack,
    workload: Workload,
    cgroup: BenchCgroup,
    name: string,
  ) {
    this.#resources = resources;
    this.#workload = workload;
    this.cgroup = cgroup;
    this.name = name;
  }

  /** @param under What runs the program, as `strace` does: a command to put before it. */
  static async start(name: string, under: readonly string[] = []): Promise<Load> {
    const program = await buildProgram("load");
    await using resources = new AsyncDisposableStack();
    const cgroup = resources.use(new BenchCgroups()).make(name);
    const [command = program, ...args] = [...under, program, cgroup.procs];
    const workload = resources.use(await Workload.start(command, args));
    return new Load(resources.move(), workload, cgroup, name);
  }

  /** Has it make calls, and waits until all are made. */
  async make({ rate, milliseconds, threads }: Offer): Promise<Made> {
    return parseMade(await this.#workload.run(`${rate} ${milliseconds} ${threads}`));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
