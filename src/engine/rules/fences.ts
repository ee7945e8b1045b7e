/**
 * What a rule's code may not do to the monitor that it runs in: end it, write where only data goes, or bring it down
 * by an error that comes later. Against accidents, not against malice: `--isolate` is for that.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Console } from "node:console";
import process from "node:process";
import { printable } from "../../sinks/mod.ts";
import { writeStandardError } from "../../text/mod.ts";
import { stackOf } from "./failure.ts";

/** Code that is not ours. */
interface Foreign {
  /** The plugin whose it is; undefined: a rule's, or nobody knows. */
  readonly plugin?: string;
}

/** Set while rules' code runs, and in all that it has begun and that goes on later: timers, promises. */
const ruleCode = new AsyncLocalStorage<Foreign | undefined>();

/** Runs code of rules: a batch, since that costs half a µs. */
export function asRuleCode<T>(run: () => T): T {
  return ruleCode.run({}, run);
}

/** Runs code of a plugin, known by its name. */
export function asPluginCode<T>(plugin: string, run: () => T): T {
  return ruleCode.run({ plugin }, run);
}

let isAll = false;

/** From now on all code is taken for code of rules: in a process that is theirs, and that keeps what it needs. */
export function fenceAll(): void {
  isAll = true;
}

/** Whether code of rules runs. */
export function isRuleCode(): boolean {
  return isAll || ruleCode.getStore() !== undefined;
}

/** To be called where rules' code was cut short: V8 then runs no `finally`, not even that of the storage. */
export function endRuleCode(): void {
  ruleCode.enterWith(undefined);
}

/**
 * An error of code that nobody waits for.
 *
 * @param isForeign It is of code that is not the monitor's own: a rule's, a plugin's, or what these have imported.
 * @param plugin The plugin that has begun it, if it was one.
 * @returns whether it is dealt with. If not it ends the monitor, as it would have done.
 */
export type OnDetached = (error: unknown, isForeign: boolean, plugin?: string) => boolean;

/** What is ours lies below. */
const own = new URL("../../", import.meta.url).href;

/** Whether a stack or a place says that code of ours has failed. Ours throws errors, and nothing else. */
function isOwn({ error, filename }: ErrorEvent): boolean {
  return filename.startsWith(own) || stackOf(error).includes(own);
}

/** A stream as node's consoles want one. */
class StandardError {
  write(text: string): boolean {
    // What rules show is what containers call things, mostly. Of a process of theirs the monitor makes it printable.
    writeStandardError(isAll ? text : text.split("\n").map(printable).join("\n"));
    return true;
  }
  on(): this {
    return this;
  }
  once(): this {
    return this;
  }
  removeListener(): this {
    return this;
  }
  listenerCount(): number {
    return 0;
  }
}

/** Puts something else in a place, until it is put back. */
function replace(object: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: before?.enumerable ?? false,
    configurable: true,
  });
  return () => {
    if (before === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, before);
  };
}

/** A method that does something else when rules call it. */
function replaceMethod(
  object: object,
  key: string,
  ofRules: (...args: readonly unknown[]) => unknown,
): () => void {
  const method: unknown = Reflect.get(object, key);
  if (typeof method !== "function") return () => {};
  return replace(
    object,
    key,
    (...args: readonly unknown[]) =>
      isRuleCode() ? ofRules(...args) : Reflect.apply(method, object, args),
  );
}

/** Likewise a getter of the object's class. */
function replaceGetter(object: object, key: string, ofRules: () => never): () => void {
  const method: unknown = Reflect.get(object, key);
  Object.defineProperty(object, key, {
    get: () => isRuleCode() ? ofRules() : method,
    configurable: true,
  });
  return () => Reflect.deleteProperty(object, key);
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`a rule can't ${what}`);
  };
}

/**
 * A timer that rules start. Deno forgets whose code it was before it tells of what that has thrown; of a promise it
 * does not.
 */
function replaceTimer(key: "setTimeout" | "setInterval"): () => void {
  const start: unknown = Reflect.get(globalThis, key);
  if (typeof start !== "function") return () => {};
  return replaceMethod(globalThis, key, (code, ...rest) => {
    if (typeof code !== "function") return Reflect.apply(start, globalThis, [code, ...rest]);
    const told = (...args: readonly unknown[]) => {
      try {
        Reflect.apply(code, globalThis, args);
      } catch (error) {
        void Promise.reject(error);
      }
    };
    return Reflect.apply(start, globalThis, [told, ...rest]);
  });
}

/** All that was replaced, and how it is put back. */
function install(): (() => void)[] {
  const toStandardOutput = refuse("write to standard output, which is for data: use alert()");
  const undo = [
    replaceMethod(Deno, "exit", refuse("end the monitor")),
    // Node's sets the exit code before it calls Deno's.
    replaceMethod(process, "exit", refuse("end the monitor")),
    replaceMethod(process, "abort", refuse("end the monitor")),
    replaceMethod(Deno.stdout, "write", toStandardOutput),
    replaceMethod(Deno.stdout, "writeSync", toStandardOutput),
    replaceMethod(Deno.stdout, "close", refuse("close standard output")),
    replaceGetter(Deno.stdout, "writable", toStandardOutput),
    replaceTimer("setTimeout"),
    replaceTimer("setInterval"),
  ];
  const stream = new StandardError();
  // Node's types want a whole stream; its consoles use no more than that.
  const told: object = Reflect.construct(Console, [{ stdout: stream, stderr: stream }]);
  const { console } = globalThis;
  for (const key of Object.keys(console)) {
    const method: unknown = Reflect.get(told, key);
    if (typeof method !== "function" || key === "Console") continue;
    undo.push(replaceMethod(console, key, (...args) => Reflect.apply(method, told, args)));
  }
  return undo;
}

let installed = 0;
let undo: (() => void)[] = [];

/** The fences stand as long as one of these is not disposed. */
export class Fences implements Disposable {
  readonly #onDetached: OnDetached;
  #isUp = true;

  /** Puts them up. */
  constructor(onDetached: OnDetached = () => false) {
    this.#onDetached = onDetached;
    if (installed++ === 0) undo = install();
    globalThis.addEventListener("error", this.#onError);
    globalThis.addEventListener("unhandledrejection", this.#onRejection);
  }

  readonly #onError = (event: ErrorEvent): void => {
    this.#detached(event, event.error, isRuleCode() || !isOwn(event));
  };

  readonly #onRejection = (event: PromiseRejectionEvent): void => {
    this.#detached(event, event.reason, isRuleCode());
  };

  #detached(event: Event, error: unknown, isForeign: boolean): void {
    if (this.#onDetached(error, isForeign, ruleCode.getStore()?.plugin)) event.preventDefault();
  }

  [Symbol.dispose](): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    globalThis.removeEventListener("error", this.#onError);
    globalThis.removeEventListener("unhandledrejection", this.#onRejection);
    if (--installed > 0) return;
    for (const each of undo.reverse()) each();
    undo = [];
  }
}
