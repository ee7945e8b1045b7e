/**
 * Plugins that rewrite texts: of all that leaves the monitor, after every other hook.
 *
 * @module
 */
import type { Container, Description } from "../../containers/mod.ts";
import type { Alert } from "../../sinks/mod.ts";
import { asIs, type Running } from "./running.ts";

/** In place of what a plugin was to rewrite, and did not. */
const LEFT_OUT = "(left out)";

/** Of a record or a call: ours, and no container has a hand in them. */
const ours: ReadonlySet<string> = new Set(["type", "time", "syscall", "error"]);

type Texts = readonly string[];
type Rewrite = (texts: Texts, key: string) => Texts;

const leftOut: Rewrite = (texts) => texts.map(() => LEFT_OUT);

function isTexts(values: readonly unknown[]): values is Texts {
  return values.every((value) => typeof value === "string");
}

/** Rewrites texts by plugins, in their order. */
export class Rewriter {
  readonly #plugins: readonly Running[];
  readonly #containers = new WeakMap<
    Container,
    { of: Container["metadata"]; rewritten: Container }
  >();

  constructor(plugins: readonly Running[]) {
    this.#plugins = plugins.filter(({ plugin }) => plugin.rewrite !== undefined);
  }

  get isEmpty(): boolean {
    return this.#plugins.length === 0;
  }

  /** Texts that belong together. */
  texts(texts: Texts, key: string): Texts {
    return this.#walk(texts, (all, rewrite) => rewrite(all, key));
  }

  /** A record, or a part of one, with its texts rewritten. Names in it stay, and what says which kind it is. */
  record<T extends object>(record: T): T {
    return this.#walk(record, (value, rewrite) => {
      const parts = Object.entries(value).map(([name, part]) =>
        [name, ours.has(name) ? part : rewritten(part, name, rewrite)] as const
      );
      // Texts have become others, and nothing else.
      return Object.fromEntries(parts) as T;
    });
  }

  /** An alert likewise. */
  alert(alert: Alert): Alert {
    if (this.#plugins.length === 0) return alert;
    const { message, fields, event, plugins, container } = alert;
    return {
      ...alert,
      ...this.record({ message, fields, ...(plugins !== undefined && { plugins }) }),
      event: event === undefined ? undefined : {
        process: this.record(event.process),
        thread: this.record(event.thread),
        ...(event.call !== undefined && { call: this.record(event.call) }),
      },
      container: container === undefined ? undefined : this.container(container),
    };
  }

  /** A container, with what its engine says of it rewritten: the same object while nothing new is known of it. */
  container(container: Container): Container {
    if (this.#plugins.length === 0 || container.metadata.state !== "known") return container;
    const known = this.#containers.get(container);
    if (known?.of === container.metadata) return known.rewritten;
    const { runtime, ...said } = container.metadata.description;
    const description: Description = {
      ...this.record(said),
      ...(runtime !== undefined && { runtime }),
    };
    const made: Container = Object.create(container, {
      metadata: { value: { state: "known", description }, enumerable: true },
    });
    this.#containers.set(container, { of: container.metadata, rewritten: made });
    return made;
  }

  /** Has each plugin walk through a value. Texts that one of them has not rewritten are left out. */
  #walk<T>(value: T, walk: (value: T, rewrite: Rewrite) => T): T {
    let current = value;
    for (const running of this.#plugins) {
      const before = current;
      current = running.call(() => walk(before, (texts, key) => ask(running, texts, key)), asIs) ??
        walk(before, leftOut);
    }
    return current;
  }
}

function ask(running: Running, texts: Texts, key: string): Texts {
  const answer = running.direct(
    (context) => running.plugin.rewrite?.({ ...context, texts, key }),
    (answer) => {
      if (Array.isArray(answer) && answer.length === texts.length && isTexts(answer)) return answer;
      throw new TypeError("rewrite() has to return as many texts as it gets");
    },
  );
  return answer ?? leftOut(texts, key);
}

/** A copy of a value with its texts rewritten. */
function rewritten(value: unknown, key: string, rewrite: Rewrite): unknown {
  if (typeof value === "string") return rewrite([value], key)[0];
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    if (value.length > 0 && isTexts(value)) return rewrite(value, key);
    return value.map((each) => rewritten(each, key, rewrite));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, rewritten(part, name, rewrite)]),
  );
}
