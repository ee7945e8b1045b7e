/**
 * A stretch of a recording as a rule's test: TypeScript that gives `run(rule, inputs)` of tallyman/testing its inputs.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import type { Process, Program } from "../../processes/mod.ts";
import type { ContainerChange, ContainerTally, Tick } from "../../sinks/mod.ts";
import { Choice, Data, descriptorArguments, Flags, isFault } from "../../syscalls/arguments/mod.ts";

/** What tallyman/testing makes a call of. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Makes a call up as the test will. It throws what a value can't be made up by. */
export type MakeUp = (name: string, args: Inputs, facts: Inputs) => { toJSON(): object };

const ANCESTORS = 8;

/** A value as a test writes it. */
function inputOf(value: unknown): unknown {
  if (value instanceof Flags) {
    const { names } = value;
    return names.length === 0 ? value.value : names;
  }
  if (value instanceof Choice) return value.name ?? value.value;
  if (value instanceof Data) {
    const { bytes, text } = value;
    return isSame(new TextEncoder().encode(text), bytes) ? text : bytes;
  }
  if (value instanceof Uint8Array || isFault(value)) return value;
  if (Array.isArray(value)) return value.map(inputOf);
  if (typeof value !== "object" || value === null) return value;
  // An address.
  if ("text" in value && typeof value.text === "string") return value.text;
  return defined(Object.fromEntries(Object.entries(value).map(([key, of]) => [key, inputOf(of)])));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Without what nobody knows. */
function defined(of: Inputs): Inputs {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined));
}

/** Characters that are no text for some readers of a file: they are escaped. */
const unwritten = /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    unwritten,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value as TypeScript. */
function sourceOf(value: unknown): string {
  if (isFault(value)) return `fault(${quoted(value.why)})`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return quoted(value);
  if (value instanceof Uint8Array) return `Uint8Array.from([${value.join(", ")}])`;
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([key, of]) =>
    `${/^(?:[a-z_$][\w$]*|\d+)$/i.test(key) && key !== "__proto__" ? key : `[${quoted(key)}]`}: ${
      sourceOf(of)
    }`
  );
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function containerFacts({ identity, metadata }: Container): Inputs {
  const description = metadata.state === "known" ? metadata.description : {};
  const { name, image, labels, pod, runtime = identity.runtime } = description;
  return defined({
    name: name ?? identity.id,
    id: identity.id,
    runtime,
    image: image?.name,
    labels,
    pod: pod && defined({ name: pod.name, namespace: pod.namespace, uid: pod.uid }),
    metadata: metadata.state === "known" ? undefined : metadata.state,
  });
}

function programFacts(program: Program | undefined): Inputs {
  const { comm, exe, argv, filename } = program ?? {};
  return defined({ comm, exe, argv, filename });
}

function ancestorFacts(process: Process): Inputs {
  // Not their arguments: beyond the container's first process they are the host's, and no rule's test needs them.
  const { pid, comm, exe } = process;
  return defined({ pid, comm, exe });
}

function processFacts({ process }: Event): Inputs {
  const { pid, tid, comm, uid, gid, containerPid, exe, argv } = process;
  const { cwd, loginUid, tty, session, capabilities } = process;
  const ancestors = Array.from(process.ancestors().take(ANCESTORS), ancestorFacts);
  return defined({
    pid,
    tid: tid === pid ? undefined : tid,
    comm,
    exe,
    argv,
    cwd,
    uid,
    gid,
    containerPid,
    loginUid,
    tty,
    session,
    capabilities,
    ancestors: ancestors.length === 0 ? undefined : ancestors,
  });
}

/** Numbers are easier to read than bigints. */
function plain(word: bigint): number | bigint {
  const number = Number(word);
  return Number.isSafeInteger(number) ? number : word;
}

const changes = {
  seen: "containerSeen",
  started: "containerStarted",
  updated: "containerUpdated",
  stopped: "containerStopped",
} as const satisfies Record<ContainerChange["action"], string>;

/** Gathers what happens, and writes it as a test's inputs. */
export class Fixture {
  readonly #makeUp: MakeUp;
  /** What many inputs share, by its source. */
  readonly #shared = new Map<string, string>();
  readonly #used = new Set<string>(["type Input"]);
  readonly #inputs: string[] = [];
  #events = 0;
  #omitted = 0;

  constructor(makeUp: MakeUp) {
    this.#makeUp = makeUp;
  }

  /** Calls so far. */
  get events(): number {
    return this.#events;
  }

  /** Arguments and calls that can't be written as a test writes them: what stands in their place is said there. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Takes a call: before it is followed. */
  event(event: Event): void {
    const name = event.bareSyscall;
    const { call, error, duration, executed } = event;
    const { result } = call;
    const own = event.args as unknown as Inputs;
    const given = defined(
      Object.fromEntries(Object.keys(event.toJSON().args).map((key) => [key, inputOf(own[key])])),
    );
    const descriptors: Record<number, string> = {};
    for (const { fd } of descriptorArguments(call)) {
      const described = event.describe(fd);
      if (described !== undefined) descriptors[fd] = described.text;
    }
    const outcome = defined({
      error,
      result: error !== undefined ? undefined : result === undefined ? null : plain(result),
    });
    const { args, notes } = this.#possible(name, given, outcome);
    this.#events++;
    if (args === undefined) {
      this.#omitted++;
      this.#inputs.push(`  // ${quoted(event.syscall)}: ${notes.join("; ")}`);
      return;
    }
    this.#omitted += notes.length;
    const facts = [
      `time: ${event.time}n`,
      `container: ${this.#share("container", containerFacts(event.container))}`,
      `process: ${this.#share("process", processFacts(event))}`,
      ...Object.entries(outcome).map(([key, value]) => `${key}: ${sourceOf(value)}`),
      ...(duration === undefined ? [] : [`duration: ${duration}`]),
      ...(executed === undefined ? [] : [`executed: ${sourceOf(programFacts(executed))}`]),
      ...(Object.keys(descriptors).length === 0 ? [] : [`descriptors: ${sourceOf(descriptors)}`]),
    ];
    const argumentsText = this.#use(sourceOf(args));
    this.#used.add("event");
    this.#inputs.push(
      ...notes.map((note) => `  // ${note}`),
      `  event(${quoted(name)}, ${argumentsText}, { ${facts.join(", ")} }),`,
    );
  }

  /** The arguments that a call can be made up with; undefined: it can't be at all. */
  #possible(
    name: string,
    given: Inputs,
    outcome: Inputs,
  ): { readonly args?: Inputs; readonly notes: string[] } {
    const tried = this.#refusal(name, given, outcome);
    if (tried === undefined) return { args: given, notes: [] };
    const none = this.#refusal(name, {}, outcome);
    if (none !== undefined) return { notes: [none] };
    let args: Inputs = {};
    const notes: string[] = [];
    for (const [key, value] of Object.entries(given)) {
      const refusal = this.#refusal(name, { ...args, [key]: value }, outcome);
      if (refusal === undefined) args = { ...args, [key]: value };
      else notes.push(refusal);
    }
    return { args, notes };
  }

  #refusal(name: string, args: Inputs, facts: Inputs): string | undefined {
    try {
      this.#makeUp(name, args, facts);
      return undefined;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return quoted(text.slice(0, 200)).slice(1, -1);
    }
  }

  /** Takes what a tick tells. */
  tick({ changes, tallies, time, interval }: Tick): void {
    for (const change of changes) this.#change(change);
    for (const tally of tallies) if (tally.new.size > 0) this.#tally(tally, time, interval);
  }

  #change({ action, container, time }: ContainerChange): void {
    const maker = changes[action];
    this.#used.add(maker);
    const facts = this.#share("container", containerFacts(container));
    this.#inputs.push(`  ${maker}({ ...${facts}, time: ${time}n }),`);
  }

  #tally({ container, new: added, total }: ContainerTally, time: bigint, interval: number): void {
    this.#used.add("tally");
    const facts = [
      `time: ${time}n`,
      `container: ${this.#share("container", containerFacts(container))}`,
      `total: ${sourceOf(Object.fromEntries(total))}`,
      `interval: ${interval}`,
    ];
    const calls = sourceOf(Object.fromEntries(added));
    this.#inputs.push(`  tally(${calls}, { ${facts.join(", ")} }),`);
  }

  /** Notes what a source needs. */
  #use(source: string): string {
    if (/\bfault\("/.test(source)) this.#used.add("fault");
    return source;
  }

  #share(kind: "container" | "process", facts: Inputs): string {
    const source = sourceOf(facts);
    const known = this.#shared.get(source);
    if (known !== undefined) return known;
    const name = `${kind}${
      [...this.#shared.values()].filter((each) => each.startsWith(kind)).length + 1
    }`;
    this.#shared.set(source, name);
    return name;
  }

  /** The module. */
  source(what: string): string {
    return [
      `// ${quoted(what).slice(1, -1)}`,
      `import { ${[...this.#used].sort().join(", ")} } from "tallyman/testing";`,
      "",
      ...[...this.#shared].map(([source, name]) => `const ${name} = ${source} as const;`),
      "",
      "/** What happened, in its order. */",
      "export const inputs: readonly Input[] = [",
      ...this.#inputs,
      "];",
      "",
    ].join("\n");
  }
}
