/**
 * `monitor.ts replay --as-fixture`: a stretch of a recording as the inputs of a rule's test.
 *
 * @module
 */
import { SelectedContainers, Selection } from "../engine/mod.ts";
import { Fixture, type Replay } from "../engine/recording/mod.ts";
import { Event } from "../events/decoded/mod.ts";
import { printable, writeAll } from "../sinks/mod.ts";
import { say } from "./exit.ts";

/** Which stretch. */
export interface FixtureOptions {
  readonly file: string;
  readonly containers: readonly string[];
  readonly syscalls: readonly string[];
  /** Calls, at most. */
  readonly first: number | undefined;
  /** ms from the recording's beginning. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Takes a recording step by step, and writes the fixture at its end. */
export class FixtureWriter {
  readonly #options: FixtureOptions;
  readonly #fixture: Fixture;
  readonly #event: Event;
  readonly #selected: SelectedContainers;
  readonly #selection: Selection;
  readonly #isSelected: (syscall: string) => boolean;
  readonly #began: bigint;

  constructor(replay: Replay, fixture: Fixture, options: FixtureOptions) {
    this.#options = options;
    this.#fixture = fixture;
    this.#event = new Event(replay.processes, replay.bootTime);
    this.#selected = new SelectedContainers(options.containers);
    this.#selection = new Selection(options.containers, options.syscalls);
    this.#began = replay.header.began;
    const patterns = new Selection([], options.syscalls);
    this.#isSelected = (syscall) => patterns.hasCall(syscall);
  }

  /** @param replay Something that was read comes next. */
  step(replay: Replay): void {
    if (replay.isAtTick) {
      const tick = replay.tick();
      if (tick === undefined) return;
      const selected = this.#selection.apply(tick);
      if (this.#isWithin(tick.time)) this.#fixture.tick(selected);
      return;
    }
    replay.drain((call, container) => {
      const event = this.#event.show(call, container);
      const isTaken = this.#isWithin(event.time) && this.#selected.has(container) &&
        this.#isSelected(event.syscall);
      if (isTaken) this.#fixture.event(event);
      event.follow();
    });
  }

  #isWithin(time: bigint): boolean {
    const { from = 0, to = Infinity, first = Infinity } = this.#options;
    const milliseconds = Number(time - this.#began) / 1e6;
    return milliseconds >= from && milliseconds <= to && this.#fixture.events < first;
  }

  /** Writes it to standard output. */
  end(): void {
    const { events, omitted } = this.#fixture;
    const of = `From the recording ${printable(this.#options.file)}: ${events} call${
      events === 1 ? "" : "s"
    }.`;
    writeAll(Deno.stdout, this.#fixture.source(of));
    if (omitted > 0) say(`${omitted} values could not be written as a test's: comments say which`);
  }
}

/** What makes calls up as a test does: the tables of all constants come with it. */
export async function openFixture(): Promise<Fixture> {
  const { event } = await import("tallyman/testing");
  return new Fixture((name, args, facts) => event(name as never, args as never, facts));
}
