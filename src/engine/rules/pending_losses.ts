/**
 * Events of containers whose name or labels are not known yet, passed over by who asks for others, because there was
 * no room for them to wait, or no time: once it is known that they were some of those after all, they are told as lost.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerLoss } from "../../sinks/mod.ts";

/** Who asks for containers. */
export interface Asker {
  /** Whether a container is one of them, as far as is known now. */
  isOf(container: Container): boolean;
  /** The plugin that does. */
  readonly plugin?: string;
}

/** Containers that are kept: of more, what the oldest has missed is told, whether it was asked for or not. */
const MOST = 1024;

type Calls = Map<string | undefined, number>;

/** Counts what is passed over. */
export class PendingLosses {
  readonly #reason: string;
  readonly #noted = new Map<Container, Map<Asker, Calls>>();
  readonly #overdue: ContainerLoss[] = [];

  /** @param reason As `loss` records have it. */
  constructor(reason: string) {
    this.#reason = reason;
  }

  /** Somebody has passed over an event of a container; undefined: it was of no call. */
  note(asker: Asker, container: Container, syscall: string | undefined): void {
    if (container.metadata.state !== "pending") return;
    let askers = this.#noted.get(container);
    if (askers === undefined) {
      this.#noted.set(container, askers = new Map());
      this.#forgetOldest();
    }
    let calls = askers.get(asker);
    if (calls === undefined) askers.set(asker, calls = new Map());
    calls.set(syscall, (calls.get(syscall) ?? 0) + 1);
  }

  #forgetOldest(): void {
    const [oldest] = this.#noted.keys();
    if (this.#noted.size <= MOST || oldest === undefined) return;
    this.#overdue.push(...this.#losses(oldest, () => true));
    this.#noted.delete(oldest);
  }

  /** What was lost of containers of which more is known now. */
  take(): ContainerLoss[] {
    const losses = this.#overdue.splice(0);
    for (const container of this.#noted.keys()) {
      if (container.metadata.state === "pending") continue;
      losses.push(...this.#losses(container, (asker) => asker.isOf(container)));
      this.#noted.delete(container);
    }
    return losses;
  }

  /** An event that several have passed over is one. */
  #losses(container: Container, isAsked: (asker: Asker) => boolean): ContainerLoss[] {
    const most = new Map<string | undefined, { count: number; plugin: string | undefined }>();
    for (const [asker, calls] of this.#noted.get(container) ?? []) {
      if (!isAsked(asker)) continue;
      for (const [syscall, count] of calls) {
        if (count <= (most.get(syscall)?.count ?? 0)) continue;
        most.set(syscall, { count, plugin: asker.plugin });
      }
    }
    return [...most].map(([syscall, { count, plugin }]) => ({
      container,
      reason: this.#reason,
      ...(syscall !== undefined && { syscall }),
      ...(plugin !== undefined && { plugin }),
      count,
    }));
  }
}
