/**
 * Many containers at once, each with one process that makes some 60 different calls when asked.
 *
 * @module
 */
import { buildProgram } from "./build.ts";
import { BenchCgroups } from "./cgroups.ts";
import { Workload } from "./workload.ts";

/** Different calls that each container makes in a round, at least. */
export const CALLS_PER_ROUND = 60;

/** Running containers, gone when this is disposed of. */
export class BenchContainers implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #workload: Workload;

  private constructor(resources: AsyncDisposableStack, workload: Workload) {
    this.#resources = resources;
    this.#workload = workload;
  }

  /** @param pause Milliseconds between two calls that each makes by itself; 0: none. */
  static async start(count: number, pause: number): Promise<BenchContainers> {
    const program = await buildProgram("containers");
    await using resources = new AsyncDisposableStack();
    const cgroups = resources.use(new BenchCgroups());
    const folders = Array.from({ length: count }, (_, i) => cgroups.make(`bench-${i}`).folder);
    const workload = resources.use(await Workload.start(program, [String(pause), ...folders]));
    return new BenchContainers(resources.move(), workload);
  }

  /** Has each of them make its calls, and waits until all have. */
  async round(): Promise<void> {
    await this.#workload.run();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
