import { defineRule, type Observed, window, z } from "tallyman";
import { openCalls, openedPath, placeCalls } from "./shared/file_changes.ts";

interface Denied extends Observed {
  readonly program: string;
}

const denied = window<Denied>({ per: "10s", by: ({ program }) => program });

export default defineRule({
  id: "denied-storm",
  title: "A program was refused many files",
  severity: "notice",
  tags: ["mitre:T1083", "discovery"],
  description:
    "Who tries one file after the other that it may not open looks for what has been left open.\n\n" +
    "False positives: `find /` or `grep -r` as an ordinary user; it is not on by default.\n\n" +
    "Cost: a dear one: every openat is sent, and those that failed are looked at.",
  recommended: false,
  syscalls: [...openCalls, ...placeCalls],
  filter: { outcome: "failed" },
  options: z.object({
    count: z.int().min(1).default(50).describe("Refusals within ten seconds, by program"),
    errors: z.array(z.string()).default(["EACCES", "EPERM"]).describe("What a refusal is"),
  }),
  limit: { burst: 1, per: "5m", by: (event) => event.process.comm },
  evaluate({ event, options, alert }) {
    const { error, time, container, process: { comm } } = event;
    if (error === undefined || !options.errors.includes(error)) return;
    const count = denied.add({ time, container, program: comm });
    if (count < options.count) return;
    const path = openedPath(event);
    alert(`${comm} was refused ${path ?? "a file"}, the last of ${count}`, { count, path });
  },
});
