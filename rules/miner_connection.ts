import { defineRule, z } from "tallyman";
import { endpointOf, isPublic } from "./shared/addresses.ts";

const ports = [3333, 3334, 3335, 3336, 3357, 4444, 5555, 5556, 5588, 5730, 6666, 7777, 7778, 8333];
const more = [9332, 9999, 10128, 10343, 14433, 14444, 20128, 45560, 45700];

export default defineRule({
  id: "miner-connection",
  title: "A container connects to a port of mining pools",
  severity: "warning",
  tags: ["mitre:T1496", "network", "impact"],
  description:
    "Pools in which cryptocurrencies are mined listen on a handful of ports, which little else on the " +
    "internet uses. Addresses of private networks don't count.\n\n" +
    "False positives: services on the internet that share a port: take it out of `ports`.\n\n" +
    "Cost: connect, one event for each connection that is made.",
  recommended: true,
  syscalls: ["connect"],
  options: z.object({
    ports: z.array(z.int()).default([...ports, ...more]).describe("Ports of pools"),
  }),
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const to = endpointOf(event.args.address);
    if (to === undefined || !options.ports.includes(to.port) || !isPublic(to.address)) return;
    alert(`${event.process.comm} connected to ${to.address}, port ${to.port}`, { ...to });
  },
});
