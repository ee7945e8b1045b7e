/**
 * Runs commands in containers of their own, with rules on a real monitor, and keeps what the rules say.
 *
 * @module
 */
import { join } from "node:path";
import { Monitor } from "../../src/engine/mod.ts";
import { activate, LiveRules, type LoadedRule, loadRules } from "../../src/engine/rules/mod.ts";
import type { Alert } from "../../src/sinks/mod.ts";
import { until, workload } from "../kernel/fixture.ts";

/** The rules that are shipped. */
export function shippedRules(): Promise<LoadedRule[]> {
  return loadRules([join(import.meta.dirname ?? ".", "../../rules")]);
}

/** Nothing is held back. */
const limit = { burst: 1000, per: "1m" };

/** How often counts are read, in ms. */
const TICK = 150;

/** A monitor for many commands, one after the other. */
export class Watcher implements Disposable {
  readonly #monitor = Monitor.open({ events: {} });

  /**
   * Runs a command with some rules on.
   *
   * @returns their alerts about it, and what is wrong with the rules.
   */
  async run(
    name: string,
    command: [string, ...string[]],
    loaded: readonly LoadedRule[],
  ): Promise<{ alerts: Alert[]; problems: string[] }> {
    const alerts: Alert[] = [];
    const problems: string[] = [];
    const rules = new LiveRules(this.#monitor, loaded.map((each) => activate(each, { limit })), {
      onAlert: (alert) => {
        if (alert.container?.identity.id === name) alerts.push(alert);
      },
      onProblem: ({ rule, message }) => problems.push(`${rule}: ${message}`),
    });
    rules.tick(this.#monitor.tick());
    using work = await workload(name, ...command);
    let isOver = false;
    const over = work.status().then(() => isOver = true);
    work.resume();
    let ticked = performance.now();
    await until(`${name}'s end`, () => {
      rules.drain();
      if (performance.now() - ticked >= TICK) {
        ticked = performance.now();
        rules.tick(this.#monitor.tick());
      }
      return isOver;
    });
    await over;
    rules.drain();
    rules.tick(this.#monitor.tick());
    return { alerts, problems };
  }

  [Symbol.dispose](): void {
    this.#monitor[Symbol.dispose]();
  }
}
