/**
 * What /proc said, kept in a recording when it was asked and given again when the same is asked of the recording. An
 * answer stands until the next one to the same question: only what is new is written.
 *
 * @module
 */
import {
  type Identity,
  type ProcFacts,
  type Seen,
  type SeenArguments,
  type SeenLink,
  TICK,
} from "../../processes/mod.ts";
import { type Answer, answerParts, factText } from "./facts.ts";

/** Answers that are remembered, and characters of their JSON in all: those that were given first are forgotten. */
const MOST = { answers: 65_536, characters: 32 * 2 ** 20 } as const;

/** A question: /proc knows starts to a clock tick only. */
function keyOf({ type, pid, start, name }: {
  readonly type: string;
  readonly pid: number;
  readonly start: bigint;
  readonly name?: string;
}): string {
  return `${type} ${pid} ${start / TICK} ${name ?? ""}`;
}

/** The last answers, by question. Writer and reader forget the same ones. */
class Known<Value> {
  readonly #byKey = new Map<string, { readonly value: Value; readonly size: number }>();
  #characters = 0;

  get(key: string): Value | undefined {
    return this.#byKey.get(key)?.value;
  }

  put(key: string, value: Value, size: number): void {
    this.#forget(key);
    this.#byKey.set(key, { value, size });
    this.#characters += size;
    while (this.#byKey.size > MOST.answers || this.#characters > MOST.characters) {
      const [oldest] = this.#byKey.keys();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#characters -= this.#byKey.get(key)?.size ?? 0;
    this.#byKey.delete(key);
  }
}

/** Hears of an answer that is another than the last one to the same question. */
export type AnswerHandler = (json: string) => void;

/** Asks somebody else, and tells what the answers were. */
export class NotingFacts implements ProcFacts {
  readonly #of: ProcFacts;
  readonly #onAnswer: AnswerHandler;
  readonly #known = new Known<string>();
  #asked = 0;

  constructor(of: ProcFacts, onAnswer: AnswerHandler) {
    this.#of = of;
    this.#onAnswer = onAnswer;
  }

  /** How often anything was asked. */
  get asked(): number {
    return this.#asked;
  }

  pids(): number[] {
    return this.#of.pids();
  }

  look(pid: number, start?: bigint): Seen | undefined {
    this.#asked++;
    const seen = this.#of.look(pid, start);
    const answer = { type: "process", pid, start, seen } as const;
    if (start !== undefined) this.#note(keyOf({ ...answer, start }), answer);
    // Whoever runs is taken in as it is: what is not there tells nothing.
    else if (seen !== undefined) this.#onAnswer(factText(answer));
    return seen;
  }

  link({ pid, start }: Identity, name: string): SeenLink | undefined {
    this.#asked++;
    const seen = this.#of.link({ pid, start }, name);
    const answer = {
      type: "link",
      pid,
      start,
      name,
      seen: seen === undefined ? undefined : answerParts.link(seen),
    } as const;
    this.#note(keyOf(answer), answer);
    return seen;
  }

  arguments({ pid, start }: Identity): SeenArguments | undefined {
    this.#asked++;
    const seen = this.#of.arguments({ pid, start });
    const answer = {
      type: "arguments",
      pid,
      start,
      seen: seen === undefined ? undefined : answerParts.arguments(seen),
    } as const;
    this.#note(keyOf(answer), answer);
    return seen;
  }

  #note(key: string, answer: Answer): void {
    const json = factText(answer);
    if (this.#known.get(key) === json) return;
    this.#known.put(key, json, json.length);
    this.#onAnswer(json);
  }
}

/** Answers as was answered when the recording was made; what was not asked then nobody knows. */
export class RecordedFacts implements ProcFacts {
  readonly #known = new Known<Answer>();
  /** Who was taken in last without being asked for. */
  #taken: Seen | undefined;
  #asked = 0;

  /** How often anything was asked. */
  get asked(): number {
    return this.#asked;
  }

  /**
   * Takes an answer in, as the recording brings it.
   *
   * @param size Characters of its JSON.
   * @returns the pid of a process that the table is to take in now, if it is one of those.
   */
  take(answer: Answer, size: number): number | undefined {
    const { start } = answer;
    if (start !== undefined) {
      this.#known.put(keyOf({ ...answer, start }), answer, size);
      return undefined;
    }
    this.#taken = answer.type === "process" ? seenOf(answer) : undefined;
    return this.#taken?.pid;
  }

  pids(): number[] {
    return [];
  }

  look(pid: number, start?: bigint): Seen | undefined {
    this.#asked++;
    if (start === undefined) return this.#taken?.pid === pid ? this.#taken : undefined;
    const answer = this.#known.get(keyOf({ type: "process", pid, start }));
    return answer?.type === "process" ? seenOf(answer) : undefined;
  }

  link({ pid, start }: Identity, name: string): SeenLink | undefined {
    this.#asked++;
    const answer = this.#known.get(keyOf({ type: "link", pid, start, name }));
    if (answer?.type !== "link" || answer.seen === undefined) return undefined;
    return { text: answer.seen.text, stat: answer.seen.program };
  }

  arguments({ pid, start }: Identity): SeenArguments | undefined {
    this.#asked++;
    const answer = this.#known.get(keyOf({ type: "arguments", pid, start }));
    if (answer?.type !== "arguments" || answer.seen === undefined) return undefined;
    const { bytes, truncated, program } = answer.seen;
    return { bytes: Uint8Array.fromBase64(bytes), truncated, stat: program };
  }
}

function seenOf({ seen }: Extract<Answer, { type: "process" }>): Seen | undefined {
  if (seen === undefined) return undefined;
  const { parentStart, loginUid, exe } = seen;
  return { ...seen, parentStart, loginUid, exe };
}
