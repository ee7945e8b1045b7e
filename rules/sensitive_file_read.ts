import { defineRule, isFault, z } from "tallyman";

/** Files that hold secrets of the system. */
const secrets = ["/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/root/.ssh/id_rsa"];

export default defineRule({
  id: "sensitive-file-read",
  title: "A file that holds secrets was opened",
  severity: "warning",
  tags: ["mitre:T1003", "file"],
  recommended: true,
  syscalls: ["open", "openat", "openat2"],
  filter: { outcome: "ok" },
  options: z.object({ paths: z.array(z.string()).default(secrets) }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const { path } = event.args;
    if (!isFault(path) && options.paths.includes(path)) {
      alert(`${event.process.comm} opened ${path}`);
    }
  },
});
