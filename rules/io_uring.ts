import { defineRule } from "tallyman";

export default defineRule({
  id: "io-uring",
  title: "A container does input and output without system calls",
  severity: "info",
  tags: ["mitre:T1562", "defense-evasion"],
  description:
    "What goes through io_uring (opening, reading, connecting) is no system call: rules don't see it. " +
    "Docker's seccomp profile refuses it since 2023. Told once an hour, by program.\n\n" +
    "False positives: databases and runtimes that are fast by it; it is not on by default.\n\n" +
    "Cost: io_uring_setup, which is rare.",
  recommended: false,
  syscalls: ["io_uring_setup"],
  filter: { outcome: "ok" },
  limit: { burst: 1, per: "1h", by: (event) => event.process.exe },
  evaluate({ event, alert }) {
    alert(`${event.process.comm} made an io_uring`);
  },
});
