/**
 * Asking the engines what a container is called. Nothing waits for the answer.
 *
 * @module
 */
import type { Description, Identity, Metadata } from "./container.ts";
import type { Engine } from "./engine.ts";

/** Whose metadata is looked for. */
export interface Described {
  readonly identity: Identity;
  metadata: Metadata;
}

/** Runtimes that have no engine to ask: the cgroup path says it all. */
const selfDescribed = new Set(["lxc", "systemd-nspawn", "tallyman", "host", "overflow"]);

/** An engine may write a container's state a little after it has started it. */
const defaultRetryAfter = [20, 100, 500, 2000, 8000] as const;

/** Containers asked for at once. */
const CONCURRENCY = 8;

/** A container to ask for, and how often it has been asked for in vain. */
interface Question {
  readonly container: Described;
  readonly attempt: number;
}

/** Looks for the metadata of containers, some at a time. */
export class MetadataFinder implements Disposable {
  readonly #engines: (identity: Identity) => readonly Engine[];
  readonly #queue: Question[] = [];
  readonly #retryAfter: readonly number[];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #active = 0;
  #idle = Promise.withResolvers<void>();
  #disposed = false;

  /**
   * @param engines Those that may know a container, the likeliest first.
   * @param retryAfter Waits between tries, in ms.
   */
  constructor(
    engines: (identity: Identity) => readonly Engine[],
    retryAfter: readonly number[] = defaultRetryAfter,
  ) {
    this.#engines = engines;
    this.#retryAfter = retryAfter;
  }

  /** Sets the container's metadata, now or later. */
  find(container: Described): void {
    if (selfDescribed.has(container.identity.runtime)) {
      const { id } = container.identity;
      container.metadata = { state: "known", description: { name: id } };
      return;
    }
    this.#queue.push({ container, attempt: 0 });
    this.#next();
  }

  /** When everything that was asked for has been answered or is waiting for another try, or after `timeout` ms. */
  async settled(timeout: number): Promise<void> {
    if (this.#active === 0 && this.#queue.length === 0) return;
    // Before the timer is set: a process's first timer lets other promises go on, and this one be replaced.
    const idle = this.#idle.promise;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, timeout);
    await Promise.race([idle, late.promise]);
    clearTimeout(timer);
  }

  #next(): void {
    while (this.#active < CONCURRENCY && !this.#disposed) {
      const question = this.#queue.shift();
      if (question === undefined) break;
      this.#active++;
      this.#ask(question).finally(() => {
        this.#active--;
        if (this.#active === 0 && this.#queue.length === 0) {
          this.#idle.resolve();
          this.#idle = Promise.withResolvers();
        }
        this.#next();
      });
    }
  }

  async #ask({ container, attempt }: Question): Promise<void> {
    const wait = this.#retryAfter[attempt];
    const { description, reasons } = await this.#describe(container.identity, wait === undefined);
    if (this.#disposed) return;
    if (description !== undefined) {
      container.metadata = { state: "known", description };
      return;
    }
    if (wait === undefined) {
      const reason = reasons.join("; ") || "no engine knows it";
      container.metadata = { state: "unknown", reason };
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.push({ container, attempt: attempt + 1 });
      this.#next();
    }, wait);
    this.#timers.add(timer);
  }

  async #describe(
    identity: Identity,
    isLast: boolean,
  ): Promise<{ description?: Description; reasons: readonly string[] }> {
    const reasons: string[] = [];
    let nameless: Description | undefined;
    for (const engine of this.#engines(identity)) {
      try {
        const description = await engine.describe(identity);
        if (description?.name !== undefined) return { description, reasons };
        nameless ??= description;
      } catch (error) {
        // Whatever is wrong with an engine changes nothing but the name.
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
    // Who else could name it could not be asked: worth another try, unless that was the last.
    const isFinal = reasons.length === 0 || isLast;
    return nameless !== undefined && isFinal ? { description: nameless, reasons } : { reasons };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#queue.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
