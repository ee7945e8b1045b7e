import { defineRule } from "tallyman";

export default defineRule({
  id: "file-handle-open",
  title: "A file was opened by its handle",
  severity: "error",
  tags: ["mitre:T1611", "escape"],
  description:
    "open_by_handle_at opens a file of a whole file system by its number, also one that no path of the " +
    "container leads to: the way out that is known as Shocker. An attempt counts.\n\n" +
    "False positives: NFS servers of user space, fanotify listeners.\n\n" +
    "Cost: open_by_handle_at, which is hardly ever called.",
  recommended: true,
  syscalls: ["open_by_handle_at"],
  limit: { burst: 2, per: "1m" },
  evaluate({ event, alert }) {
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} opened a file by its handle${outcome}`);
  },
});
