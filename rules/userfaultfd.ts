import { defineRule } from "tallyman";

export default defineRule({
  id: "userfaultfd",
  title: "A container handles page faults of the kernel",
  severity: "warning",
  tags: ["mitre:T1068", "privilege-escalation"],
  description:
    "With userfaultfd a process holds up the kernel where it copies memory: exploits of races in the " +
    "kernel need that. Who limits it to faults of user space (UFFD_USER_MODE_ONLY) can't. An attempt " +
    "counts.\n\n" +
    "False positives: QEMU that takes over a running guest, CRIU.\n\n" +
    "Cost: userfaultfd, which is hardly ever called.",
  recommended: true,
  syscalls: ["userfaultfd"],
  evaluate({ event, alert }) {
    if (event.args.flags.has("UFFD_USER_MODE_ONLY")) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} called userfaultfd${outcome}`);
  },
});
