/**
 * The process that rules run in: loads them, and has them look at what the monitor sends.
 *
 * It has no permissions. Its standard input and output are the monitor's alone; what rules write goes to standard
 * error.
 *
 * @module
 */
import process from "node:process";
import { pathToFileURL } from "node:url";
import { setImmediate } from "node:timers";
import type { Container } from "../../containers/mod.ts";
import { Event } from "../../events/decoded/mod.ts";
import { makeTick, type Tick } from "../../sinks/mod.ts";
import { chooseRules } from "../config/choose.ts";
import { fenceAll, Fences } from "../rules/fences.ts";
import { LiveEvent } from "../rules/live_event.ts";
import { NamedRules } from "../rules/named_rules.ts";
import { RuleError, RuleSet, rulesOf } from "../rules/mod.ts";
import type { Heard } from "../rules/container_news.ts";
import {
  ReceivedBatch,
  ReceivedContainers,
  ReceivedProcesses,
  type Shown,
} from "../snapshots/mod.ts";
import { frame, FrameReader } from "./frames.ts";
import { Ledger } from "./ledger.ts";
import type { Begin, FromChild, SentTick, ToChild, Work } from "./messages.ts";

/** Modules of rules by their files, and where they were imported from, if not from there. */
export type Modules = readonly (readonly [
  names: readonly [file: string, url?: string],
  module: Readonly<Record<string, unknown>>,
])[];

/** What rules could change, as it was before any of them was loaded. */
const writeSync = Deno.stdout.writeSync.bind(Deno.stdout);
const input = Deno.stdin.readable;
const exit = Deno.exit.bind(Deno);

fenceAll();
/** Hears of errors that nobody waits for, from when rules run. */
let onDetached = (_: unknown): boolean => false;
const fences = new Fences((error) => onDetached(error));
for (const key of ["read", "readSync"] as const) refuse(Deno.stdin, key, "read standard input");
refuse(process, "kill", "send signals");
refuse(process, "reallyExit", "end the monitor");

function refuse(object: object, key: string, what: string): void {
  Object.defineProperty(object, key, {
    value: () => {
      throw new Error(`a rule can't ${what}`);
    },
  });
}

/** Lets timers have their turn, and what waits for the system. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** A tick, and what each rule hears of containers. */
function tickOf(work: SentTick, containers: readonly Container[]): { tick: Tick; heard: Heard } {
  const at = (index: number): Container => {
    const container = containers[index];
    if (container === undefined) throw new RangeError(`there is no container ${index}`);
    return container;
  };
  const changes = work.changes.map(([action, container, time]) => ({
    action,
    container: at(container),
    time: BigInt(time),
  }));
  const heard = new Map(
    work.heard.map(([rule, own]) => [rule, own.flatMap((index) => changes[index] ?? [])]),
  );
  const tallies = work.tallies.map(([container, total, added]) => ({
    container: at(container),
    total: new Map(total),
    new: new Map(added),
  }));
  const { interval } = work;
  return { tick: makeTick(BigInt(work.time), { interval, changes, tallies }), heard };
}

/** Rules at work in this process. */
class Child {
  readonly #send: (message: FromChild) => void;
  readonly #ledger = new Ledger();
  readonly #containers = new ReceivedContainers();
  readonly #processes = new ReceivedProcesses();
  readonly #names = new NamedRules((id) => this.#entering(id));
  readonly #event: Event;
  readonly #view: LiveEvent;
  readonly #rules: RuleSet;
  readonly #bootTime: bigint;
  /** What is looked at carefully; and whether a rule has been entered since that was set. */
  #careful: number | undefined;
  #hasEntered = false;

  private constructor(
    send: (message: FromChild) => void,
    { bootTime, timeout }: Begin,
    chosen: Awaited<ReturnType<typeof chooseRules>>,
  ) {
    this.#send = send;
    this.#bootTime = BigInt(bootTime);
    this.#event = new Event(this.#processes, this.#bootTime);
    this.#view = new LiveEvent(this.#event);
    this.#rules = new RuleSet(chosen.map(({ active }) => this.#names.name(active)), {
      timeout,
      onAlert: (alert, key) => this.#ledger.alert(alert, key),
      onProblem: (problem) => this.#ledger.problem(problem),
      describe: () => this.#ledger.describe(),
      quota: (...of) => this.#ledger.quota(...of),
    });
    onDetached = (error) => {
      this.#failedLater(error);
      return true;
    };
  }

  /** Loads the rules, and says which they are. */
  static async begin(
    begin: Begin,
    modules: Modules,
    send: (message: FromChild) => void,
  ): Promise<Child> {
    const byFile = new Map(modules.map(([[file, url], module]) => [file, { module, url }]));
    const settings = { ...begin.settings, switched: new Map(begin.settings.switched) };
    const chosen = await chooseRules(settings, begin.shipped, false, {
      files: (path) => begin.files[path] ?? [],
      load: (file) => {
        const imported = byFile.get(file);
        if (imported === undefined) throw new RuleError(file, "it was not there at the start");
        const { module, url = pathToFileURL(file).href } = imported;
        return Promise.resolve(rulesOf(module, file, url));
      },
      mayBeNone: false,
    });
    const on = chosen.filter(({ isOn, rule }) => isOn && !begin.off.includes(rule.id));
    const child = new Child(send, begin, on);
    send({
      type: "ready",
      rules: on.map(({ file, active: { rule, severity, limit } }) => ({
        id: rule.id,
        title: rule.title,
        severity,
        tags: [...rule.tags ?? []],
        syscalls: [...rule.syscalls ?? []],
        ...(rule.filter !== undefined && { filter: { ...rule.filter } }),
        limit,
        hearsTallies: rule.onTally !== undefined,
        hearsContainers: rule.onContainer !== undefined,
        hearsProcesses: rule.onProcess !== undefined,
        file,
      })),
    });
    return child;
  }

  #failedLater(error: unknown): void {
    if (!this.#rules.failedLater(error, this.#names.whose())) {
      const text = error instanceof Error ? error.stack ?? error.message : String(error);
      this.#ledger.problem({ rule: undefined, message: text, isOff: false });
    }
    this.#send({ type: "later", problems: this.#ledger.tellProblems() });
  }

  /** Before a rule looks at something carefully the monitor hears which it is: it may be the last it hears. */
  #entering(rule: string): void {
    this.#hasEntered = true;
    if (this.#careful === undefined) return;
    const { event } = this.#ledger;
    this.#send({ type: "at", id: this.#careful, event, rule, told: this.#ledger.tell() });
  }

  /** Has rules look at something. */
  async work(work: Work, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const containers = work.containers.map((each) => this.#containers.take(each));
    this.#ledger.begin(containers);
    if (work.careful !== undefined) this.#careful = work.id;
    if (work.type === "tick") {
      const { tick, heard } = tickOf(work, containers);
      if (work.careful === undefined) this.#rules.tick(tick, heard);
      else await this.#tickCarefully(tick, heard, work.careful.done);
    } else {
      const batch = new ReceivedBatch(work, body, containers, {
        processes: this.#processes,
        event: this.#event,
        bootTime: this.#bootTime,
      });
      if (work.careful === undefined) this.#look(batch);
      else await this.#lookCarefully(batch, work.careful);
    }
    this.#careful = undefined;
    this.#send({ type: "done", id: work.id, told: this.#ledger.tell() });
  }

  /** Some of the rules that look at what is shown do. */
  #show({ container, change, only }: Shown, from: number, to?: number): void {
    if (change !== undefined) this.#rules.process(change, from, to, only);
    else this.#rules.event(this.#event.bareSyscall, this.#view, container, from, to, only);
  }

  #look(batch: ReceivedBatch): void {
    const look = (at: number, from: number) => {
      this.#ledger.event = at;
      this.#show(batch.show(at), from);
    };
    this.#rules.each(batch.size, look, () => this.#send({ type: "alive" }));
  }

  async #lookCarefully(batch: ReceivedBatch, { event, done }: NonNullable<Work["careful"]>) {
    for (let at = event; at < batch.size; at++) {
      this.#ledger.event = at;
      const { change } = batch.show(at);
      const ids = change === undefined
        ? this.#rules.ids(this.#event.bareSyscall)
        : this.#rules.processIds;
      for (const [index, id] of ids.entries()) {
        if (at === event && done.includes(id)) continue;
        this.#hasEntered = false;
        this.#rules.guarded(() => this.#show(batch.show(at), index, index + 1));
        // Promises that it has made go on before the next is named.
        if (this.#hasEntered) await Promise.resolve();
      }
      await turn();
    }
  }

  async #tickCarefully(tick: Tick, heard: Heard, done: readonly string[]): Promise<void> {
    for (const id of this.#rules.ids()) {
      if (done.includes(id)) continue;
      this.#rules.tick(tick, heard, id);
      await turn();
    }
  }
}

/** Writes a frame: standard output is a pipe, and takes what there is room for. */
function write(bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(rest));
}

/** Whether an error says what the rules' author has done: where in our code it came up helps nobody. */
function isTold(error: unknown): error is Error {
  return error instanceof Error && (error.name === "RuleError" || error.name === "ConfigError");
}

/** Runs until the monitor has nothing more to say. */
export async function run(modules: Modules): Promise<void> {
  const reader = new FrameReader();
  const send = (message: FromChild) => {
    if (reader.key !== undefined) write(frame(reader.key, message));
  };
  let child: Child | undefined;
  for await (const piece of input) {
    for (const { header, body } of reader.push(piece)) {
      // What the monitor says needs no check.
      const message = header as ToChild;
      if (message.type !== "begin") {
        await child?.work(message, body);
        continue;
      }
      try {
        child = await Child.begin(message, modules, send);
      } catch (error) {
        if (!isTold(error)) throw error;
        send({ type: "refused", message: error.message });
      }
    }
  }
  fences[Symbol.dispose]();
  exit(0);
}
