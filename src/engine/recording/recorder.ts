/**
 * Records what a monitor learns, in the order in which it does.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { Event } from "../../events/decoded/mod.ts";
import type { CallEvent, ProcessEvent } from "../../events/mod.ts";
import {
  containerFact,
  factText,
  fingerprint,
  NotingFacts,
  type RecordingWriter,
  type RecordPlace,
} from "../../events/recording/mod.ts";
import type { Call, CallCondition, CallSpec } from "../../kernel/mod.ts";
import type { ProcFacts } from "../../processes/mod.ts";
import type { ContainerTally, Counts, Tick } from "../../sinks/mod.ts";
import { syscallName } from "../../syscalls/mod.ts";
import type { Monitor } from "../monitor.ts";
import type { Witness } from "../witness.ts";
import { Touch } from "./touch.ts";

/** A container as it was last written. */
interface Told {
  readonly index: number;
  metadata: Container["metadata"];
  state: Container["state"];
  /** Calls that the recording's reader has added up. */
  readonly totals: Map<string, number>;
  /** Those on a terminal likewise. */
  readonly onTerminal: Map<string, number>;
}

/** What a call's memory is copied by, as text: another version of the monitor may copy something else. */
export function specFingerprint(spec: CallSpec): string {
  return fingerprint(JSON.stringify(spec.pieces));
}

/** Hears a monitor, and writes what it hears. */
export class Recorder implements Witness {
  #begun: RecordingWriter | undefined;
  readonly #isSelected: (container: Container) => boolean;
  readonly #outcome: "ok" | "failed" | undefined;
  readonly #containers = new Map<Container, Told>();
  readonly #owners = new Map<number, Container>();
  #facts: NotingFacts | undefined;
  #touch: Touch | undefined;
  #ring: RecordPlace | undefined;
  /** Records of this round so far, and of one that was cut short and comes again. */
  #recorded = 0;
  #again = 0;
  /** What is being handled. */
  #handling: "call" | "process" | undefined;
  #offset = 0;
  #length = 0;
  #isTouched = false;

  /**
   * @param isSelected Whose events are wanted.
   * @param outcome Which calls' events are, whoever wants them.
   */
  constructor(isSelected: (container: Container) => boolean, outcome: "all" | "ok" | "failed") {
    this.#isSelected = isSelected;
    this.#outcome = outcome === "all" ? undefined : outcome;
  }

  /** To be called when the monitor is open, and before it does anything. */
  begin(
    { processes, bootTime }: Pick<Monitor, "processes" | "bootTime">,
    writer: RecordingWriter,
  ): void {
    this.#begun = writer;
    if (this.#facts === undefined) throw new Error("the monitor has not been told of its recorder");
    this.#touch = new Touch(new Event(processes, bootTime), this.#facts);
  }

  get #writer(): RecordingWriter {
    if (this.#begun === undefined) throw new Error("the recording has not begun");
    return this.#begun;
  }

  /** Whether a container's events are recorded. Of one whose name is not known yet they are. */
  takes(container: Container): boolean {
    return container.metadata.state === "pending" || this.#isSelected(container);
  }

  facts(of: ProcFacts): ProcFacts {
    return this.#facts = new NotingFacts(of, (json) => this.#writer.fact(json));
  }

  wanted(specs: ReadonlyMap<Call, CallSpec>): void {
    const calls = Object.fromEntries(
      [...specs].map(([{ nr, abi }, spec]) => [syscallName(nr, abi), specFingerprint(spec)]),
    );
    const only = Object.fromEntries(
      [...specs].map(([{ nr, abi }, spec]) =>
        [syscallName(nr, abi), this.#condition(spec)] as const
      )
        .filter(([, { outcome, tests = [] }]) => outcome !== undefined || tests.length > 0),
    );
    this.#writer.fact(factText({ type: "wanted", calls, only }));
  }

  #condition({ only }: CallSpec): CallCondition {
    return { ...only, outcome: this.#outcome ?? only?.outcome };
  }

  round(bytes: ArrayBuffer): void {
    if (this.#ring?.bytes.buffer !== bytes) {
      this.#ring = { bytes: new Uint8Array(bytes), words: new Uint32Array(bytes) };
    }
    // What V8 has cut short comes again, from the first record on.
    this.#again = this.#recorded;
    this.#recorded = 0;
    this.#handling = undefined;
    this.#touch?.nextRound();
    if (this.#again === 0) this.#writer.round();
  }

  process(
    { slot }: ProcessEvent,
    offset: number,
    length: number,
    owner: Container | undefined,
  ): void {
    if (owner !== undefined && !this.takes(owner)) return;
    if (this.#recorded < this.#again) {
      this.#recorded++;
      return;
    }
    if (owner !== undefined) this.#own(slot, owner);
    this.#handle("process", offset, length);
  }

  #handle(what: "call" | "process", offset: number, length: number): void {
    this.#handling = what;
    this.#offset = offset;
    this.#length = length;
  }

  /** Says whose slot it is from now on. */
  #own(slot: number, owner: Container): void {
    const { index } = this.#tell(owner);
    if (this.#owners.get(slot) === owner) return;
    this.#owners.set(slot, owner);
    this.#writer.owner(slot, index);
  }

  call(event: CallEvent, offset: number, length: number, owner: Container): void {
    if (!this.takes(owner)) return;
    if (this.#recorded < this.#again) {
      this.#recorded++;
      return;
    }
    this.#own(event.slot, owner);
    this.#isTouched = this.#touch?.look(event, owner) ?? false;
    this.#handle("call", offset, length);
  }

  /** What /proc said until now stands before the record, so that it is known when that is replayed. */
  handled(): void {
    const handling = this.#handling;
    if (handling === undefined || this.#ring === undefined) return;
    this.#handling = undefined;
    this.#recorded++;
    if (handling === "process") this.#writer.process(this.#ring, this.#offset, this.#length);
    else this.#writer.call(this.#ring, this.#offset, this.#length, this.#isTouched);
  }

  drained(): void {
    this.#recorded = 0;
  }

  /**
   * Takes a tick, as it is handed on.
   *
   * @param forgets Some container lost events, whether the tick tells of it or not.
   */
  tick(tick: Tick, forgets: boolean): void {
    const { time, interval, missed, overflowed, unmeasured } = tick;
    const index = (container: Container) => this.#tell(container).index;
    const fact = {
      type: "tick",
      time,
      interval,
      changes: tick.changes.map(({ action, container, time }) => ({
        action,
        container: index(container),
        time,
      })),
      tallies: tick.tallies.map((tally) => this.#tally(tally)),
      losses: tick.losses.map(({ container, reason, syscall, count }) => ({
        container: index(container),
        reason,
        syscall,
        count,
      })),
      missed,
      overflowed,
      unmeasured,
      forgets,
    };
    this.#writer.fact(factText(fact));
    // A recorder that is killed loses what came since its last tick, and no more.
    this.#writer.flush();
  }

  /** Says when it has ended. */
  stopped(time: bigint): void {
    this.#writer.fact(factText({ type: "stopped", time }));
  }

  #tally({ container, onTerminal, ...all }: ContainerTally): object {
    const told = this.#tell(container);
    return {
      container: told.index,
      ...countsFact(told.totals, all),
      ...(onTerminal !== undefined && onTerminal.total.size > 0 && {
        terminal: countsFact(told.onTerminal, onTerminal),
      }),
    };
  }

  /** Writes what the reader does not know of a container yet. */
  #tell(container: Container): Told {
    const { metadata, state } = container;
    let told = this.#containers.get(container);
    if (told === undefined) {
      told = {
        index: this.#containers.size,
        metadata,
        state,
        totals: new Map(),
        onTerminal: new Map(),
      };
      this.#containers.set(container, told);
      this.#writer.fact(factText(containerFact(container)));
    } else if (told.metadata !== metadata || told.state !== state) {
      told.metadata = metadata;
      told.state = state;
      this.#writer.fact(factText({ type: "changed", container: told.index, state, metadata }));
    }
    return told;
  }
}

/** @param known What the reader has added up so far; after this, what it has then. */
function countsFact(
  known: Map<string, number>,
  { total, new: added }: { readonly total: Counts; readonly new: Counts },
): object {
  for (const [name, calls] of added) known.set(name, (known.get(name) ?? 0) + calls);
  const isSum = known.size === total.size &&
    [...total].every(([name, calls]) => known.get(name) === calls);
  if (!isSum) {
    known.clear();
    for (const [name, calls] of total) known.set(name, calls);
  }
  return {
    new: Object.fromEntries(added),
    ...(!isSum && { total: Object.fromEntries(total) }),
  };
}
