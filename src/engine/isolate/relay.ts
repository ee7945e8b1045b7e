/**
 * What the child has told of its work, passed on. It may say anything: what it can't mean is refused.
 *
 * @module
 */
import { Event } from "../../events/decoded/mod.ts";
import { alertEvent } from "../../sinks/events/mod.ts";
import { ReceivedBatch, ReceivedProcesses } from "../snapshots/mod.ts";
import type { LimitedAlerts } from "./alerts.ts";
import { FrameError } from "./frames.ts";
import type { LoadedRules } from "./loaded_rules.ts";
import type { SentAlert, Told } from "./messages.ts";
import type { UnderWay } from "./work_queue.ts";

/** Passes on. */
export class Relay {
  readonly #rules: LoadedRules;
  readonly #alerts: LimitedAlerts;
  /** What was sent, for describing what alerts are about. */
  readonly #sent: { processes: ReceivedProcesses; event: Event; bootTime: bigint };

  /** @param bootTime ns from CLOCK_BOOTTIME to UTC. */
  constructor(rules: LoadedRules, alerts: LimitedAlerts, bootTime: bigint) {
    this.#rules = rules;
    this.#alerts = alerts;
    const processes = new ReceivedProcesses();
    this.#sent = { processes, event: new Event(processes, bootTime), bootTime };
  }

  /**
   * Tells what was told of some work.
   *
   * @throws {FrameError} if it is about nothing of that.
   */
  tell({ work, body, containers }: UnderWay, { alerts, held, problems }: Told): void {
    const batch = work.type === "batch" && alerts.length > 0
      ? new ReceivedBatch(work, body, containers, this.#sent)
      : undefined;
    for (const alert of alerts) {
      if (batch !== undefined && alert.time === undefined) {
        this.#ofEvent(batch, alert);
        continue;
      }
      const container = containers[alert.at];
      if (container === undefined || alert.time === undefined) throw aboutNothing();
      this.#alerts.tell(alert, { container, time: BigInt(alert.time) });
    }
    for (const each of held) {
      const container = containers[each.container];
      if (container !== undefined) this.#alerts.hold(each, container);
    }
    for (const each of problems) this.#rules.problem(each);
  }

  #ofEvent(batch: ReceivedBatch, alert: SentAlert): void {
    if (alert.at >= batch.size) throw aboutNothing();
    const { container, change } = batch.show(alert.at);
    const { event } = this.#sent;
    const time = change?.time ?? event.time;
    const describe = () => change?.describe() ?? alertEvent(event);
    this.#alerts.tell(alert, { container, time, describe });
  }
}

function aboutNothing(): FrameError {
  return new FrameError("an alert about nothing");
}
