import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const except = [
  "/etc/mtab",
  "/etc/resolv.conf*",
  "/etc/hosts",
  "/etc/hostname",
  "/etc/ld.so.cache*",
];

export default defineRule({
  id: "etc-write",
  title: "Something was written below /etc",
  severity: "notice",
  tags: ["mitre:T1543", "mitre:T1036", "drift"],
  description: "How programs behave is written below /etc: a change there is drift at best.\n\n" +
    "False positives: many entrypoints write configuration from their environment, so it is not on " +
    "by default; where yours do, name the folder in `except`.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: false,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    directories: z.array(z.string()).default(["/etc/"]).describe("Folders, ending with /"),
    except: z.array(z.string()).default(except).describe("Files that don't count"),
    trusted: z.array(z.string()).default([...packageManagers, "ldconfig"])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.directories) || isAmong(path, options.except)) return;
    if (!isRunBy(event.process, options.trusted)) {
      alert(`${event.process.comm} wrote ${path}`, { path });
    }
  },
});
