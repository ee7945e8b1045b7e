import { defineRule } from "tallyman";

export default defineRule({
  id: "packet-socket",
  title: "A container listens to the network's packets",
  severity: "warning",
  tags: ["mitre:T1040", "mitre:T1557", "network"],
  description:
    "A packet socket sees all that passes the network interface, and forges what it likes: ARP, DNS. " +
    "Containers may by default (CAP_NET_RAW), and hardly any needs to. An attempt counts.\n\n" +
    "False positives: tcpdump, DHCP clients, keepalived.\n\n" +
    "Cost: socket, one event for each socket that is made.",
  recommended: true,
  syscalls: ["socket"],
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, alert }) {
    const { family, type } = event.args;
    // Of AF_INET, SOCK_PACKET is the same by an old name.
    if (family.name !== "AF_PACKET" && !type.has("SOCK_PACKET")) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} made a packet socket${outcome}`);
  },
});
