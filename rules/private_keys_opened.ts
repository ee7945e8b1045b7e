import { defineRule, distinct, z } from "tallyman";
import { openCalls, placeCalls, readPath } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";

const keys = [
  "**/id_rsa",
  "**/id_dsa",
  "**/id_ecdsa",
  "**/id_ed25519",
  "**.key",
  "**/privkey*.pem",
];
const more = ["**-key.pem", "**_key.pem", "**.ppk", "**.p12", "**.pfx", "**.kdbx"];

const opened = distinct({ per: "1m" });

export default defineRule({
  id: "private-keys-opened",
  title: "Many files of private keys were opened",
  severity: "warning",
  tags: ["mitre:T1552.004", "collection"],
  description: "One program needs its own key. Who opens many within a minute collects them.\n\n" +
    "False positives: servers of many sites, which read all their keys when they start; it is not on " +
    "by default.\n\n" +
    "Cost: a dear one: every openat that succeeds, its path decoded.",
  recommended: false,
  syscalls: [...openCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default([...keys, ...more]).describe("Files of private keys"),
    count: z.int().min(2).default(5).describe("Different ones within a minute, by container"),
  }),
  limit: { burst: 1, per: "10m" },
  evaluate({ event, options, alert }) {
    const path = readPath(event);
    if (!isAmong(path, options.paths)) return;
    const count = opened.add(event, path);
    if (count >= options.count) {
      alert(`${event.process.comm} opened ${path}, the last of ${count} private keys`, { count });
    }
  },
});
