/**
 * Docker, and Podman's service: the Docker-compatible HTTP API on a unix socket.
 *
 * @module
 */
import type { Description, Identity, Runtime } from "../container.ts";
import { type Engine, EngineError, type EngineStatus } from "../engine.ts";
import { AbsentError, ask, pause, reason } from "./ask.ts";
import { eventsTarget, lines, readEvent, Remembered } from "./container_events.ts";
import { at, isEngineId, jsonIn, text } from "./answers.ts";
import { readContainer } from "./docker_answers.ts";
import { kindOf } from "./files.ts";
import { expandAll, type Place, speaksFor } from "./places.ts";
import { get, openStream } from "./unix_http.ts";

/** An engine with this API. */
export interface DockerApiOptions {
  readonly name: string;
  readonly runtime: Runtime;
  /** Where its sockets are, the most trusted first: see {@linkcode expandAll}. */
  readonly sockets: readonly string[];
  /** Whether to follow what it says of containers that come, so that the brief ones have names too. */
  readonly events: boolean;
  /** How many containers to remember from events. */
  readonly remember?: number;
  /** How often to look for sockets that are not there, in ms. */
  readonly poll?: number;
  /** In ms since 1970. */
  readonly now?: () => number;
}

/** How long after a stream broke off to ask for the next, in ms: doubled each time that nothing came of it. */
const retry = { first: 50, longest: 2_000 } as const;

/** How long before the monitor began events are wanted from, in s: containers that it is counting already. */
const before = 10;

/** Asks each socket that is there; hears events from all of them. */
export class DockerApi implements Engine {
  readonly name: string;
  readonly #options: DockerApiOptions;
  /** What each socket's events told, by path: one user's containers push out nobody else's. */
  readonly #remembered = new Map<string, { place: Place; containers: Remembered }>();
  readonly #ending = new AbortController();
  readonly #began: number;
  /** Sockets whose events are being followed. */
  readonly #followed = new Set<string>();

  constructor(options: DockerApiOptions) {
    this.name = options.name;
    this.#options = options;
    this.#began = Math.floor(this.#now() / 1_000) - before;
    if (options.events) this.#findSockets();
  }

  async describe(container: Identity): Promise<Description | undefined> {
    if (!isEngineId(container.id)) return undefined;
    try {
      return await ask(this.name, (signal) => this.#describe(container, signal));
    } catch (error) {
      const remembered = this.#recall(container);
      if (remembered === undefined) throw error;
      return remembered;
    }
  }

  async status(): Promise<EngineStatus> {
    let failed: EngineStatus | undefined;
    for (const { path: where } of await this.#present()) {
      try {
        const { status, body } = await ask(
          this.name,
          (signal) => get(where, "/version", AbortSignal.any([signal, this.#ending.signal])),
        );
        if (status !== 200) throw new Error(`HTTP ${status}`);
        const version = text(at(jsonIn(body), "Version"));
        return { state: "reached", where, ...(version === undefined ? {} : { version }) };
      } catch (error) {
        failed ??= { state: "failed", where, reason: reason(error) };
      }
    }
    return failed ?? { state: "absent", where: this.#options.sockets.join(", ") };
  }

  /** Ends what is under way: questions fail, events are no longer heard. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  async #present(): Promise<Place[]> {
    const places = await expandAll(this.#options.sockets);
    const kinds = await Promise.all(places.map(({ path }) => kindOf(path)));
    return places.filter((_, i) => kinds[i] === "socket");
  }

  async #describe(container: Identity, until: AbortSignal): Promise<Description | undefined> {
    const { id } = container;
    const signal = AbortSignal.any([until, this.#ending.signal]);
    const asked: Place[] = [];
    let failure: unknown;
    for (const place of await this.#present()) {
      if (!speaksFor(place, container)) continue;
      try {
        const { status, body } = await get(place.path, `/containers/${id}/json`, signal);
        if (status === 200) return readContainer(body, id, this.#options.runtime);
        if (status !== 404) throw new Error(`HTTP ${status}: ${body.slice(0, 200)}`);
        asked.push(place);
      } catch (cause) {
        failure ??= new EngineError(this.name, `${place.path}: ${reason(cause)}`, { cause });
      }
    }
    const remembered = this.#recall(container) ?? await this.#askPast(container, asked, signal);
    if (remembered !== undefined) return remembered;
    if (failure !== undefined) throw failure;
    if (asked.length === 0) throw new AbsentError(this.#options.sockets.join(", "));
    return undefined;
  }

  #memory(place: Place): Remembered {
    let memory = this.#remembered.get(place.path);
    if (memory === undefined) {
      memory = { place, containers: new Remembered(this.#options.remember ?? 4_096) };
      this.#remembered.set(place.path, memory);
    }
    return memory.containers;
  }

  /** What events told of a container. */
  #recall(container: Identity): Description | undefined {
    for (const { place, containers } of this.#remembered.values()) {
      const description = speaksFor(place, container) ? containers.get(container.id) : undefined;
      if (description !== undefined) return { runtime: this.#options.runtime, ...description };
    }
    return undefined;
  }

  /** The same of one that is gone, and whose events were not heard in time: engines keep the last of them. */
  async #askPast(
    container: Identity,
    places: readonly Place[],
    signal: AbortSignal,
  ): Promise<Description | undefined> {
    // One second more: the engine compares with fractions.
    const target = eventsTarget(this.#began, Math.floor(this.#now() / 1_000) + 1, container.id);
    for (const place of places) {
      // It has said already that it does not know the container. This was one more chance.
      const answer = await get(place.path, target, signal).catch(() => undefined);
      for (const line of answer?.status === 200 ? answer.body.split("\n") : []) {
        const mention = readEvent(line);
        if (mention?.id === container.id) this.#memory(place).set(mention.id, mention.description);
      }
    }
    return this.#recall(container);
  }

  /** Follows the sockets that are there, and those that will be. */
  async #findSockets(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      for (const place of await this.#present()) {
        if (!this.#followed.has(place.path) && !signal.aborted) this.#follow(place);
      }
      await pause(this.#options.poll ?? 1_000, signal);
    }
  }

  /** Follows one socket's events for as long as it is there. */
  async #follow(place: Place): Promise<void> {
    const { path } = place;
    const { signal } = this.#ending;
    this.#followed.add(path);
    let last = this.#began;
    let wait: number = retry.first;
    do {
      const asked = this.#now();
      try {
        const target = eventsTarget(Math.floor(Math.min(last, asked / 1_000)));
        using stream = await openStream(path, target, signal);
        if (stream.status !== 200) throw new Error(`HTTP ${stream.status}`);
        for await (const line of lines(stream.chunks)) {
          const mention = readEvent(line);
          if (mention === undefined) continue;
          this.#memory(place).set(mention.id, mention.description);
          last = Math.max(last, mention.time);
        }
      } catch {
        // The engine has gone, is not up yet, or makes no sense. `status` says so to those who ask.
      }
      if (this.#now() - asked > retry.longest) wait = retry.first;
      await pause(wait, signal);
      wait = Math.min(wait * 2, retry.longest);
    } while (!signal.aborted && await kindOf(path) === "socket");
    this.#followed.delete(path);
  }
}
