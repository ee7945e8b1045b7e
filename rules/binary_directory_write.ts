import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const directories = [
  "/bin/",
  "/sbin/",
  "/lib/",
  "/lib64/",
  "/usr/bin/",
  "/usr/sbin/",
  "/usr/lib/",
  "/usr/local/bin/",
  "/usr/local/sbin/",
];

/** What interpreters keep beside their libraries. */
const except = ["**/__pycache__/**", "**.pyc", "**.pyc.*"];

export default defineRule({
  id: "binary-directory-write",
  title: "Something was written where programs are",
  severity: "error",
  tags: ["mitre:T1554", "mitre:T1543", "drift"],
  description:
    "Programs and libraries come with the image. Who puts one there while the container runs, or " +
    "changes one, wants others to run it. Package managers, and what they start, are left out.\n\n" +
    "False positives: installers by script (`curl … | sh`), images that are built on this machine.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    directories: z.array(z.string()).default(directories).describe("Folders, ending with /"),
    except: z.array(z.string()).default(except).describe("Files that don't count"),
    trusted: z.array(z.string()).default([...packageManagers])
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
