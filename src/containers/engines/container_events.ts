/**
 * The event stream of a Docker-compatible API: what it says of containers, remembered when they are gone.
 *
 * @module
 */
import type { Description } from "../container.ts";
import { at, isEngineId, jsonIn, present, text, texts } from "./answers.ts";
import { describeLabels } from "./docker_answers.ts";

/** No event is longer, in characters: labels are bounded by the engines. */
const longestEvent = 1024 * 1024;

/** A container that an event names. */
export interface Mention {
  readonly id: string;
  readonly description: Description;
  /** When, in s since 1970. */
  readonly time: number;
}

/**
 * The events that tell a container's name. Those that come when it ends say nothing new, and are not asked for;
 * nor are the many `exec_create`s of health checks.
 */
const naming = ["create", "start", "rename"] as const;

/** Attributes that are no labels: Docker's, then Podman's. */
const ownAttributes: readonly string[] = ["image", "name", "oldName", "containerExitCode", "podId"];

/**
 * The path and query that ask for events.
 *
 * @param since In s since 1970.
 * @param until Ends the answer there; without it, it goes on.
 */
export function eventsTarget(since: number, until?: number, id?: string): string {
  const filters = {
    type: ["container"],
    event: naming,
    ...(id === undefined ? {} : { container: [id] }),
  };
  const query = new URLSearchParams({ since: String(since), filters: JSON.stringify(filters) });
  if (until !== undefined) {
    query.set("until", String(until));
    // Podman follows its log beyond the end otherwise.
    query.set("stream", "false");
  }
  return `/events?${query}`;
}

/** What one line of the stream says; undefined for what is no naming of a container. */
export function readEvent(line: string): Mention | undefined {
  const event = jsonIn(line);
  const id = text(at(event, "Actor", "ID"));
  const attributes = texts(at(event, "Actor", "Attributes"));
  const action = at(event, "Action");
  if (at(event, "Type") !== "container" || !naming.some((name) => name === action)) {
    return undefined;
  }
  if (id === undefined || !isEngineId(id) || attributes === undefined) return undefined;
  const time = at(event, "time");
  const labels = Object.fromEntries(
    Object.entries(attributes).filter(([key]) => !ownAttributes.includes(key)),
  );
  const image = text(attributes["image"]);
  const description = present<Description>({
    runtime: undefined,
    name: text(attributes["name"]),
    image: image === undefined ? undefined : { name: image },
    ...describeLabels(labels),
  });
  if (description === undefined) return undefined;
  return { id, description, time: typeof time === "number" && Number.isFinite(time) ? time : 0 };
}

/**
 * The lines of a stream.
 *
 * @throws {Error} at a line without an end.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    yield* parts;
    if (rest.length > longestEvent) throw new Error("an event is longer than 1 MiB");
  }
  if (rest !== "") yield rest;
}

/** The containers that were mentioned last. */
export class Remembered {
  readonly #descriptions = new Map<string, Description>();
  readonly #capacity: number;

  /** @param capacity How many; the one that was mentioned longest ago makes room. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#descriptions.size;
  }

  get(id: string): Description | undefined {
    return this.#descriptions.get(id);
  }

  set(id: string, description: Description): void {
    this.#descriptions.delete(id);
    this.#descriptions.set(id, description);
    if (this.#descriptions.size <= this.#capacity) return;
    for (const oldest of this.#descriptions.keys()) {
      this.#descriptions.delete(oldest);
      break;
    }
  }
}
