import { defineRule, z } from "tallyman";
import { programOf } from "./shared/programs.ts";

const trusted = ["ping", "ping4", "ping6", "traceroute", "arping", "keepalived"];

export default defineRule({
  id: "raw-socket",
  title: "A container makes internet packets by hand",
  severity: "notice",
  tags: ["mitre:T1095", "mitre:T1046", "network"],
  description:
    "Raw sockets send what no ordinary connection would: scans, tunnels in ICMP, forged senders.\n\n" +
    "False positives: health checks that ping by themselves; it is not on by default.\n\n" +
    "Cost: socket, one event for each socket that is made.",
  recommended: false,
  syscalls: ["socket"],
  options: z.object({
    trusted: z.array(z.string()).default(trusted).describe("Programs that may"),
  }),
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const { family, type } = event.args;
    const isInternet = family.name === "AF_INET" || family.name === "AF_INET6";
    if (!isInternet || !type.has("SOCK_RAW")) return;
    if (!options.trusted.includes(programOf(event.process))) {
      alert(`${event.process.comm} made a raw socket${event.ok ? "" : `: ${event.error}`}`);
    }
  },
});
