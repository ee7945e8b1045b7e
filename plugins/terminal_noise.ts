/** Calls that only serve somebody's terminal session, hidden from the view: told by what the descriptor is. */
// Types alone: this one runs by default, and a monitor that does nothing but count must not load the rest.
import type { Plugin } from "tallyman";

const plugin: Plugin = {
  kind: "plugin",
  name: "terminal_noise",
  title: "Calls on a terminal are hidden from the view, which says how many there were",
  needs: ["terminal"],
  tally({ tally: { onTerminal }, hide }) {
    for (const [syscall, total] of onTerminal?.total ?? []) {
      hide(syscall, { total, new: onTerminal?.new.get(syscall) ?? 0 });
    }
  },
};

export default plugin;
