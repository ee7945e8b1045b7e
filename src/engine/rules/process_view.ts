/**
 * Processes as rules see them: to look at, and nothing else. They are the table's own, which all rules share.
 *
 * @module
 */
import type { EventProcess } from "../../events/decoded/mod.ts";
import type { Process } from "../../processes/mod.ts";
import type { RuleProcess } from "./define.ts";

const views = new WeakMap<object, object>();

function refuse(_: object, key: string | symbol): never {
  throw new TypeError(`${String(key)} is not a rule's to change`);
}

const lookOnly: ProxyHandler<object> = {
  get: (target, key) => {
    const value: unknown = Reflect.get(target, key);
    if (typeof value === "function") return undefined;
    // Arguments are made anew where they change: they can as well be frozen.
    if (Array.isArray(value)) return Object.freeze(value);
    return typeof value === "object" && value !== null ? lookAt(value) : value;
  },
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
};

/** An object of the table, for looking at. */
export function lookAt<T extends object>(of: T): T {
  let view = views.get(of);
  if (view === undefined) views.set(of, view = new Proxy(of, lookOnly));
  return view as T;
}

/** The process of an event. */
export class ProcessView implements RuleProcess {
  readonly #of: EventProcess;

  constructor(of: EventProcess) {
    this.#of = of;
    Object.freeze(this);
  }

  get pid(): number {
    return this.#of.pid;
  }

  get tid(): number {
    return this.#of.tid;
  }

  get comm(): string {
    return this.#of.comm;
  }

  get uid(): number {
    return this.#of.uid;
  }

  get gid(): number {
    return this.#of.gid;
  }

  get containerPid(): number | undefined {
    return this.#of.containerPid;
  }

  get exe(): string | undefined {
    return this.#of.exe;
  }

  get argv(): readonly string[] | undefined {
    const { argv } = this.#of;
    return argv === undefined ? undefined : Object.freeze(argv);
  }

  get cwd(): string | undefined {
    return this.#of.cwd;
  }

  get loginUid(): number | undefined {
    return this.#of.loginUid;
  }

  get tty(): string | undefined {
    return this.#of.tty;
  }

  get session(): number | undefined {
    return this.#of.session;
  }

  get capabilities(): bigint | undefined {
    return this.#of.capabilities;
  }

  *ancestors(): Generator<Process, void, undefined> {
    for (const each of this.#of.ancestors()) yield lookAt(each);
  }
}
