/**
 * The last step of the way out: all that is shown or written has come through the plugins here.
 *
 * @module
 */
import type { Alert, Sink, Status, Tick } from "../../sinks/mod.ts";
import { SelectedContainers } from "../selection.ts";
import type { PluginSet } from "./set.ts";

/** What plugins make of ticks and alerts, for other sinks. */
export class PluginsSink implements Sink {
  readonly #plugins: PluginSet;
  readonly #sinks: readonly Sink[];
  #selected = new SelectedContainers([]);

  constructor(plugins: PluginSet, sinks: readonly Sink[]) {
    this.#plugins = plugins;
    this.#sinks = sinks;
  }

  /**
   * Of others, no alerts are told: nobody asked for them.
   *
   * @param globs Of names, images and ids; `!` excludes.
   */
  select(globs: readonly string[]): void {
    this.#selected = new SelectedContainers(globs);
  }

  status(status: Status): void {
    for (const sink of this.#sinks) sink.status?.(status);
  }

  write(tick: Tick): void {
    const shown = this.#plugins.tick(tick);
    for (const alert of this.#plugins.release(tick.time)) this.#tell(alert);
    for (const sink of this.#sinks) sink.write(shown);
  }

  alert(alert: Alert): void {
    const { container } = alert;
    // What is not known yet may be what was asked for.
    const isWanted = container === undefined || container.metadata.state === "pending" ||
      this.#selected.has(container);
    const told = isWanted ? this.#plugins.alert(alert) : undefined;
    if (told !== undefined) this.#tell(told);
  }

  records(records: readonly object[]): void {
    const told = this.#plugins.records(records);
    for (const sink of this.#sinks) sink.records?.(told);
  }

  #tell(alert: Alert): void {
    for (const sink of this.#sinks) sink.alert(alert);
  }

  /** What is still held back is told. */
  end(): void {
    for (const alert of this.#plugins.end()) this.#tell(alert);
  }

  /** What is still held back is told, and the sinks are closed. */
  [Symbol.dispose](): void {
    this.end();
    for (const sink of this.#sinks) sink[Symbol.dispose]();
  }
}
