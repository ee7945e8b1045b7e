/**
 * A plugin under test: its hooks, called by what calls them live.
 *
 * @module
 */
import { type Alert, type Counts, line, makeTick, type Target } from "../../../sinks/mod.ts";
import type { CallName } from "../../../syscalls/arguments/mod.ts";
import { severities, type Severity } from "../../rules/define.ts";
import { BEGINNING, makeContainer, timeOf } from "../../rules/testing/facts.ts";
import { type ContainerFacts, MadeUpEvent, type TimeFacts } from "../../rules/testing/mod.ts";
import type { Plugin, PluginVerdict } from "../define.ts";
import { activatePlugin, checkPlugin } from "../load.ts";
import type { ActivePlugin, PluginProblem } from "../running.ts";
import { openSink } from "../sink_target.ts";
import { PluginSet } from "../set.ts";

/** An alert that a plugin is to see. */
export interface AlertFacts extends TimeFacts {
  readonly rule?: string;
  readonly severity?: Severity;
  readonly message?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly container?: ContainerFacts;
  /** As records have them. */
  readonly process?: object;
  readonly event?: object;
}

/** An alert as it leaves. */
export interface ToldAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly tags: readonly string[];
  readonly process: object | undefined;
  readonly event: object | undefined;
  /** What the plugin has added. */
  readonly added: object | undefined;
  readonly suppressed: number;
}

/** A container's counts, of which some were made on a terminal. */
export interface CountFacts {
  readonly total: Readonly<Record<string, number>>;
  /** All of `total`, unless it is said. */
  readonly new?: Readonly<Record<string, number>>;
  readonly onTerminal?: Readonly<Record<string, number>>;
  readonly container?: ContainerFacts;
}

function countsOf(calls: Readonly<Record<string, number>>): Counts {
  return new Map(Object.entries(calls));
}

function told(alert: Alert): ToldAlert {
  const { rule, message, fields, tags, event, plugins, suppressed } = alert;
  return {
    rule,
    severity: severities.find((each) => each === alert.severity) ?? "warning",
    message,
    fields,
    tags,
    process: event?.process,
    event: event?.call,
    added: plugins === undefined ? undefined : Object.values(plugins)[0],
    suppressed,
  };
}

const encoder = new TextEncoder();
const NEWLINE = 0x0a;

/** Stands in for the file of a plugin that is under test. */
const FILE = "plugin under test";

/** The process of an alert, where nothing else is said of it. */
const somebody = {
  pid: 1,
  creation: { time: "1970-01-01T00:00:00.000000000Z" },
  user: { id: 0 },
  group: { id: 0 },
} as const;

/** A plugin whose hooks can be tried, one by one. What it throws is thrown. */
export class PluginTrial {
  readonly #set: PluginSet;
  readonly #active: ActivePlugin;
  readonly #problems: PluginProblem[] = [];
  #sink: Target | undefined;
  /** What its sink has said: on standard error, if it were live. */
  readonly said: string[] = [];

  /** @throws if it is no plugin, or takes no such options. */
  constructor(plugin: Plugin, options: unknown = {}) {
    checkPlugin(plugin, FILE);
    this.#active = activatePlugin({ plugin, file: FILE, isShipped: false }, options);
    this.#set = PluginSet.uncontained([this.#active], {
      onProblem: (problem) => this.#problems.push(problem),
    });
  }

  #checked<T>(value: T): T {
    const [problem] = this.#problems;
    if (problem !== undefined) throw new Error(`plugin ${problem.plugin}: ${problem.message}`);
    return value;
  }

  /** Whether it wants a container. */
  keeps(container: ContainerFacts): PluginVerdict {
    return this.#checked(this.#set.containers.verdict(makeContainer(container)));
  }

  /** Whether it wants an event. */
  passes(event: MadeUpEvent<CallName>): PluginVerdict {
    return this.#checked(
      this.#set.passes(event.syscall, event, MadeUpEvent.containerOf(event), true),
    );
  }

  /** What becomes of an alert; undefined: it was held back. */
  alert(facts: AlertFacts = {}): ToldAlert | undefined {
    const { rule = "test-rule", severity = "warning", message = "it happened", tags = [] } = facts;
    const alert: Alert = {
      time: timeOf(facts),
      rule,
      title: rule,
      severity,
      tags,
      message,
      container: makeContainer(facts.container),
      fields: facts.fields,
      event: facts.event === undefined && facts.process === undefined ? undefined : {
        process: { ...somebody, ...facts.process },
        thread: { id: somebody.pid, name: "test" },
        call: { syscall: "close", args: {}, ret: 0, ...facts.event },
      },
      suppressed: 0,
    };
    const result = this.#checked(this.#set.alert(alert));
    return result === undefined ? undefined : told(result);
  }

  /** Alerts that tell of what was held back, when so much time has gone by since the beginning: `2m`. */
  later(at: string): ToldAlert[] {
    return this.#checked(this.#set.release(timeOf({ at })).map(told));
  }

  /** Alerts that tell of what is still held back at the end. */
  end(): ToldAlert[] {
    return this.#checked(this.#set.end().map(told));
  }

  /** Calls that it hides of a container's, in all and of the new ones. */
  hidden(facts: CountFacts): { total: Record<string, number>; new: Record<string, number> } {
    const { total, new: added = total, onTerminal } = facts;
    const terminal = onTerminal && { total: countsOf(onTerminal), new: countsOf(onTerminal) };
    const tick = makeTick(BEGINNING, {
      tallies: [{
        container: makeContainer(facts.container),
        total: countsOf(total),
        new: countsOf(added),
        ...(terminal !== undefined && { onTerminal: terminal }),
      }],
    });
    const [tally] = this.#checked(this.#set.tick(tick)).tallies;
    const { hidden } = tally ?? {};
    return {
      total: Object.fromEntries(hidden?.total ?? []),
      new: Object.fromEntries(hidden?.new ?? []),
    };
  }

  /**
   * Offers records to its sink, which is opened for the first of them.
   *
   * @returns how many it took: the rest would be offered again.
   * @throws what a sink throws that would get them again.
   */
  async write(...records: readonly object[]): Promise<number> {
    this.#sink ??= openSink(this.#active, (text) => this.said.push(text));
    const bytes = encoder.encode(records.map(line).join(""));
    const length = await this.#sink.write(bytes);
    return bytes.subarray(0, length).filter((byte) => byte === NEWLINE).length;
  }

  /** Closes its sink. */
  async close(): Promise<void> {
    await this.#sink?.close();
    this.#sink = undefined;
  }

  /** A record as it leaves. */
  record<T extends object>(record: T): T {
    return this.#checked(this.#set.rewriter.record(record));
  }
}
