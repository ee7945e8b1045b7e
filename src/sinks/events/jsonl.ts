/**
 * Events as JSONL.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import type { Process, Program } from "../../processes/mod.ts";
import { exact, isExact, line, lineOf } from "../json_line.ts";
import type { LineBuffer } from "../line_buffer.ts";
import { containerPart, kubernetesPart, rfc3339 } from "../records.ts";
import type { EventFormat } from "./format.ts";
import { programPart, sharedPart } from "../process_parts.ts";
import { LineHeads } from "./line_heads.ts";
import { CallerParts, type CallPart, CallParts, type LineShape } from "./line_parts.ts";
import { type CallRecordPart, descriptorsPart, type EventFacts, eventRecord } from "./records.ts";
import type { EventChanges } from "./rewrite.ts";

/** JSON of what many events have in common, and what it was made from. */
interface Shared<Of> {
  readonly of: Of;
  readonly json: string;
}

interface ProcessVersion {
  /** Another one after each exec. */
  readonly previous: Program | undefined;
  readonly hasExecuted: boolean;
  readonly comm: string;
  readonly exe: string | undefined;
  readonly cwd: string | undefined;
  readonly uid: number;
  readonly gid: number;
}

function isSame(a: ProcessVersion, b: ProcessVersion): boolean {
  return a.previous === b.previous && a.hasExecuted === b.hasExecuted && a.exe === b.exe &&
    a.cwd === b.cwd && a.uid === b.uid && a.gid === b.gid && a.comm === b.comm;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** `2026-11-22T15:33:43` of the last event, most of which come within the second of the one before. */
class Clock {
  #second = 0n;
  #text = "";

  text(time: bigint): string {
    let nanoseconds = Number(time - this.#second);
    if (nanoseconds < 0 || nanoseconds >= 1e9) {
      this.#second = time / 1_000_000_000n * 1_000_000_000n;
      this.#text = rfc3339(this.#second).slice(0, 19);
      nanoseconds = Number(time - this.#second);
    }
    return `${this.#text}.${String(nanoseconds).padStart(9, "0")}`;
  }
}

/** Names of threads whose JSON is kept: a container can make up as many as it likes. */
const MOST_NAMES = 1024;

const encoder = new TextEncoder();

const NOTHING: EventFacts = {};

const shape: LineShape = {
  second: (time) => `{"type":"event","time":"${rfc3339(time).slice(0, 19)}.`,
  digits: 9,
  unit: 1,
  call: (name, hasArguments) => `${name}","args":${hasArguments ? "" : `{},"ret":`}`,
  duration: `,"duration_ns":`,
};

/** What stands between the parts of a line. */
const RET = encoder.encode(`,"ret":`);
const DURATION = encoder.encode(shape.duration);
const END = encoder.encode("}\n");

/** Writes events as lines: what {@linkcode eventRecord} says, with what many have in common made once. */
export class JsonlEvents implements EventFormat {
  readonly #callers = new CallerParts((event) => {
    const json = this.#caller(event);
    return isExact(json) ? json : undefined;
  });
  readonly #heads = new LineHeads(this.#callers, shape);
  readonly #calls = new CallParts(shape);
  readonly #clock = new Clock();
  readonly #containers = new WeakMap<Container, Shared<Container["metadata"]>>();
  readonly #names = new Map<string, string>();
  readonly #processes = new WeakMap<Process, Shared<ProcessVersion>>();

  readonly #changes: EventChanges | undefined;

  /** @param changes What others do to events on their way out; undefined: nothing, which is faster. */
  constructor(changes?: EventChanges) {
    this.#changes = changes;
  }

  /** A line with its newline. */
  line(event: Event, facts: EventFacts = {}): string {
    if (this.#changes !== undefined) return line(this.#changed(this.#changes, event, facts));
    if (facts.inFlight !== undefined) return line(eventRecord(event, facts));
    return this.#line(event, descriptorsPart(event, true));
  }

  write(event: Event, into: LineBuffer, facts: EventFacts = NOTHING): void {
    if (this.#changes !== undefined || facts.inFlight !== undefined) {
      return into.text(this.line(event, facts));
    }
    const { call } = event;
    const part = this.#calls.of(call);
    const descriptors = part.hasDescriptors ? descriptorsPart(event, true) : undefined;
    if (part.isFollowed && !part.hasDescriptors) event.follow();
    const head = this.#heads.of(event, part);
    if (head === undefined) return this.#writeOther(event, into, part, descriptors);
    const { beginning } = this.#heads;
    const ret = descriptors === undefined && part.returnsNumber ? call.smallResult : undefined;
    if (ret !== undefined && !part.hasArguments) {
      head.writeWithResult(into, beginning, event, ret);
      into.number(event.duration ?? 0);
      return into.copy(END);
    }
    const args = part.hasArguments ? lineOf(event.argsJson()) : "";
    const rest = ret === undefined ? this.#rest(event, descriptors) : "";
    // It says at its end what of it is no UTF-8, and where.
    if (!isExact(args) || !isExact(rest)) return into.text(this.#line(event, descriptors));
    head.write(into, beginning, event);
    this.#writeRest(event, into, part, args, ret, rest);
  }

  /** The same for one whose line has a beginning of its own. */
  #writeOther(
    event: Event,
    into: LineBuffer,
    part: CallPart,
    descriptors: CallRecordPart["descriptors"],
  ): void {
    const { call } = event;
    const { beginning } = this.#heads;
    const caller = this.#callers.of(event);
    const args = part.hasArguments ? lineOf(event.argsJson()) : "";
    const ret = descriptors === undefined && part.returnsNumber ? call.smallResult : undefined;
    const isPlain = ret !== undefined && (ret > 0 || event.executed === undefined);
    const rest = isPlain ? "" : this.#rest(event, descriptors);
    if (caller === undefined || !isExact(args) || !isExact(rest)) {
      return into.text(this.#line(event, descriptors));
    }
    into.copy(beginning.of(event));
    into.padded(beginning.fraction, shape.digits);
    into.copy(caller);
    into.copy(part.bytes);
    this.#writeRest(event, into, part, args, isPlain ? ret : undefined, rest);
  }

  /** What follows the call's name. @param rest What came of it, where `ret` does not say it. */
  #writeRest(
    event: Event,
    into: LineBuffer,
    part: CallPart,
    args: string,
    ret: number | undefined,
    rest: string,
  ): void {
    if (part.hasArguments) {
      into.text(args);
      into.copy(RET);
    }
    if (ret === undefined) {
      into.text(rest);
    } else {
      into.number(ret);
      into.copy(DURATION);
      into.number(event.duration ?? 0);
    }
    into.copy(END);
  }

  /** The line of an event that has been followed. */
  #line(event: Event, descriptors: CallRecordPart["descriptors"]): string {
    const args = event.argsJson();
    const text = `{"type":"event","time":"${this.#clock.text(event.time)}${
      this.#caller(event)
    }${event.syscall}","args":${isEmpty(args) ? "{}" : lineOf(args)},"ret":${
      this.#rest(event, descriptors)
    }}`;
    return `${exact(text)}\n`;
  }

  /** Who called: from the end of the time to the call's name. */
  #caller(event: Event): string {
    const { container, process } = event;
    const { tid, comm } = process;
    return `Z",${this.#container(container)},"process":{${this.#process(event)}},` +
      `"thread":{"id":${tid},"name":${this.#name(comm)}},"syscall":"`;
  }

  /** What came of the call: the result, and what follows it. */
  #rest(event: Event, descriptors: CallRecordPart["descriptors"]): string {
    const { executed, call } = event;
    const { ret, error, duration_ns, abandoned, refused } = event.outcomeJson();
    let text = typeof ret === "number" ? `${ret}` : lineOf(ret);
    if (error !== undefined) text += `,"error":{"type":"${error}"}`;
    if (duration_ns !== undefined) text += `,"duration_ns":${duration_ns}`;
    if (abandoned) text += `,"abandoned":true`;
    if (refused) text += `,"refused":true`;
    if (call.result === 0n && executed !== undefined) {
      text += `,"executed":${lineOf(programPart(executed))}`;
    }
    if (descriptors !== undefined) text += `,"descriptors":${lineOf(descriptors)}`;
    return text;
  }

  #changed({ rewrites, fields }: EventChanges, event: Event, facts: EventFacts): object {
    const record = eventRecord(event, facts);
    const plugins = fields?.(event.container, record.process, event.toJSON());
    const all = { ...record, ...(plugins !== undefined && { plugins }) };
    if (rewrites === undefined || rewrites.isEmpty) return all;
    const { type, time, ...rest } = all;
    const container = containerPart(rewrites.container(event.container));
    return { type, time, ...rewrites.record(rest), container };
  }

  #name(name: string): string {
    let json = this.#names.get(name);
    if (json === undefined) {
      if (this.#names.size >= MOST_NAMES) this.#names.clear();
      this.#names.set(name, json = lineOf(name));
    }
    return json;
  }

  #container(container: Container): string {
    const known = this.#containers.get(container);
    if (known?.of === container.metadata) return known.json;
    const part = { container: containerPart(container), ...kubernetesPart(container) };
    const json = lineOf(part).slice(1, -1);
    this.#containers.set(container, { of: container.metadata, json });
    return json;
  }

  #process({ process, time, call }: Event): string {
    const { current } = process;
    const make = () => lineOf(sharedPart(process, time - call.time)).slice(1, -1);
    if (current === undefined) return make();
    const { exe, cwd, uid, gid } = process;
    const { previous, comm } = current;
    const of = { previous, hasExecuted: process.program !== current, exe, cwd, uid, gid, comm };
    const known = this.#processes.get(current);
    if (known !== undefined && isSame(known.of, of)) return known.json;
    const json = make();
    this.#processes.set(current, { of, json });
    return json;
  }
}
