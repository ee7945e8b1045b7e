import { defineRule, z } from "tallyman";
import { endpointOf } from "./shared/addresses.ts";
import { programOf } from "./shared/programs.ts";

const addresses = [
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
  "fd00:ec2::254",
  "fd00:ec2::23",
  "fd20:ce::254",
  "100.100.100.200",
  "192.0.0.192",
];

export default defineRule({
  id: "metadata-service",
  title: "A container asked the cloud's metadata service",
  severity: "notice",
  tags: ["mitre:T1552.005", "network"],
  description:
    "The metadata service of AWS, Azure, Google, Alibaba or Oracle gives credentials of the machine " +
    "to who can reach it: the usual prize of a web application that can be made to fetch addresses " +
    "(SSRF). An attempt counts.\n\n" +
    "False positives: the clouds' own libraries ask it first of all, so it is not on by default; " +
    "name the programs that may in `trusted`.\n\n" +
    "Not seen: UDP, which it does not speak.\n\n" +
    "Cost: connect, one event for each connection that is made.",
  recommended: false,
  syscalls: ["connect"],
  options: z.object({
    addresses: z.array(z.string()).default(addresses).describe("Its addresses"),
    trusted: z.array(z.string()).default(["amazon-ssm-agent", "cloud-init"])
      .describe("Programs that may"),
  }),
  limit: { burst: 1, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const to = endpointOf(event.args.address);
    if (to === undefined || !options.addresses.includes(to.address)) return;
    if (options.trusted.includes(programOf(event.process))) return;
    alert(`${event.process.comm} connected to ${to.address}, port ${to.port}`, { ...to });
  },
});
