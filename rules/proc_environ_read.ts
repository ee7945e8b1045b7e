import { defineRule } from "tallyman";
import { openCalls, placeCalls, readPath } from "./shared/file_changes.ts";

/** The environment, or the memory, of a process that is named by its number. */
const OTHERS = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(environ|mem)$/;

export default defineRule({
  id: "proc-environ-read",
  title: "Another process's environment or memory was opened",
  severity: "notice",
  tags: ["mitre:T1552.007", "mitre:T1003.007", "file"],
  description:
    "Secrets are handed to containers in their environment, and stay in memory: /proc/1/environ has " +
    "those of the first process.\n\n" +
    "False positives: `ps e`, debuggers, monitoring agents; it is not on by default.\n\n" +
    "Cost: a dear one: every openat that succeeds, its path decoded.",
  recommended: false,
  syscalls: [...openCalls, ...placeCalls],
  filter: { outcome: "ok" },
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, alert }) {
    const path = readPath(event);
    const [, pid, what] = path === undefined ? [] : OTHERS.exec(path) ?? [];
    if (pid === undefined || Number(pid) === event.process.containerPid) return;
    alert(`${event.process.comm} opened the ${what} of process ${pid}`, { path });
  },
});
