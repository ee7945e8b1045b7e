/**
 * Plugins that keep events, where no rules look at them.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import { LiveEvent } from "../rules/live_event.ts";
import type { PluginSet } from "./set.ts";

/** Whether all plugins want the event that is shown. It costs some 20 µs. */
export function eventGate(plugins: PluginSet, event: Event): () => boolean {
  const view = new LiveEvent(event);
  return () => {
    const { syscall } = event;
    return plugins.passes(syscall.slice(syscall.indexOf(":") + 1), view, event.container);
  };
}
