/**
 * Plugins on alerts: what they change, add, or hold back; and what was held back, told.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Alert } from "../../sinks/mod.ts";
import { containerView } from "../rules/container_view.ts";
import { severities } from "../rules/define.ts";
import { plainFields } from "../rules/failure.ts";
import type { AlertChanges, PluginAlert } from "./define.ts";
import { Held } from "./held.ts";
import type { Running } from "./running.ts";

/** An alert as plugins see it: to look at. */
function viewOf(alert: Alert): PluginAlert {
  const { container, event } = alert;
  return Object.freeze({
    time: alert.time,
    rule: alert.rule,
    title: alert.title,
    severity: severities.find((each) => each === alert.severity) ?? "warning",
    tags: alert.tags,
    message: alert.message,
    fields: alert.fields,
    container: container === undefined ? undefined : containerView(container),
    process: event?.process,
    event: event?.call,
    suppressed: alert.suppressed,
  });
}

/** An alert with what a plugin has made of it: whatever that is, the alert can be told. */
function changed(alert: Alert, changes: AlertChanges): Alert {
  const { message, fields, severity, tags } = changes;
  if (severity !== undefined && !severities.includes(severity)) {
    throw new TypeError(`alert() returned the severity ${String(severity)}`);
  }
  return {
    ...alert,
    ...(message !== undefined && { message: String(message) }),
    ...(fields !== undefined && { fields: plainFields(fields) }),
    ...(severity !== undefined && { severity }),
    ...(tags !== undefined && { tags: Array.from(tags, String) }),
  };
}

/** Plugins' `alert` and `enrich`, in their order. */
export class AlertHooks {
  readonly #changing: readonly Running[];
  readonly #enriching: readonly Running[];
  readonly #held = new Held();

  constructor(plugins: readonly Running[]) {
    this.#changing = plugins.filter(({ plugin }) => plugin.alert !== undefined);
    this.#enriching = plugins.filter(({ plugin }) => plugin.enrich !== undefined);
  }

  /** What becomes of an alert; undefined: it was held back. */
  apply(alert: Alert): Alert | undefined {
    let current: Alert = alert;
    for (const running of this.#changing) {
      const next = this.#ask(running, current);
      if (next === undefined) return undefined;
      current = next;
    }
    const suppressed = current.suppressed + this.#held.take(current);
    const plugins = this.#fieldsOf(current.container, current.event);
    return { ...current, suppressed, ...(plugins !== undefined && { plugins }) };
  }

  #ask(running: Running, alert: Alert): Alert | undefined {
    let like: string | undefined;
    let isHeld = false;
    const hold = (of?: string) => {
      isHeld = true;
      like = of;
    };
    const next = running.call(
      (context) => running.plugin.alert?.({ ...context, alert: viewOf(alert), hold }),
      (changes) =>
        typeof changes === "object" && changes !== null ? changed(alert, changes) : alert,
    );
    // A plugin that failed holds nothing back.
    if (next === undefined) return alert;
    if (!isHeld) return next;
    this.#held.add(next, like);
    return undefined;
  }

  /** Whether some plugin adds fields. */
  get isEnriching(): boolean {
    return this.#enriching.length > 0;
  }

  /** What plugins add to a record, by their names. */
  fields(
    container: Container | undefined,
    process: object | undefined,
    event: object | undefined,
  ): Record<string, object> | undefined {
    let all: Record<string, object> | undefined;
    const view = container === undefined ? undefined : containerView(container);
    for (const running of this.#enriching) {
      const fields = running.call(
        (context) => running.plugin.enrich?.({ ...context, container: view, process, event }),
        (more) => more === undefined ? undefined : plainFields(more),
      );
      if (fields !== undefined) (all ??= {})[running.name] = fields;
    }
    return all;
  }

  #fieldsOf(container: Container | undefined, event: Alert["event"]) {
    if (this.#enriching.length === 0) return undefined;
    return this.fields(container, event?.process, event?.call);
  }

  /** Alerts that tell of what was held back for long enough. */
  release(time: bigint): Alert[] {
    return this.#held.release(time);
  }

  /** Likewise of all. */
  end(): Alert[] {
    return this.#held.end();
  }
}
