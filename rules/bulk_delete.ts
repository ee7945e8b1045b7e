import { defineRule, window, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { placeCalls } from "./shared/file_changes.ts";
import { isAmong, pathOf } from "./shared/paths.ts";

const removed = window({ per: "10s" });
const except = ["/tmp/", "/var/tmp/", "/var/cache/", "/dev/shm/", "**/node_modules/**", "/proc/"];

export default defineRule({
  id: "bulk-delete",
  title: "Many files were removed in a short time",
  severity: "warning",
  tags: ["mitre:T1485", "impact"],
  description:
    "What destroys data, or encrypts it and removes the original, removes many files at once.\n\n" +
    "False positives: builds, caches and tests that tidy up; it is not on by default.\n\n" +
    "Cost: unlink and rmdir; in a build these are many.",
  recommended: false,
  syscalls: ["unlink", "unlinkat", "rmdir", ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    count: z.int().min(1).default(500).describe("Files within ten seconds, by container"),
    except: z.array(z.string()).default(except).describe("Files that don't count"),
  }),
  limit: { burst: 1, per: "5m" },
  evaluate({ event, options, alert }) {
    const args = argumentsOf(event, ["unlink", "unlinkat", "rmdir"]);
    if (args === undefined) return;
    const path = pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined);
    if (isAmong(path, options.except)) return;
    const count = removed.add(event);
    if (count >= options.count) {
      alert(`${event.process.comm} removed ${path}, the last of ${count} files`, { count });
    }
  },
});
