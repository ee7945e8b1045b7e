import { defineRule, z } from "tallyman";
import { endpointOf, isPublic } from "./shared/addresses.ts";

const ports = [
  20,
  21,
  22,
  25,
  43,
  53,
  80,
  110,
  123,
  143,
  443,
  465,
  587,
  853,
  873,
  989,
  990,
  993,
  995,
];

export default defineRule({
  id: "odd-port",
  title: "A container connects to an unusual port on the internet",
  severity: "notice",
  tags: ["mitre:T1571", "network"],
  description:
    "Most of what containers want from the internet is behind a few ports. Another may be a reverse " +
    "shell's, or that of who controls a botnet. Addresses of private networks don't count.\n\n" +
    "False positives: databases and brokers as a service; it is not on by default.\n\n" +
    "Cost: connect, one event for each connection that is made.",
  recommended: false,
  syscalls: ["connect"],
  options: z.object({
    ports: z.array(z.int()).default(ports).describe("Usual ports; 0 is none"),
  }),
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const to = endpointOf(event.args.address);
    // connect(2) of UDP to port 0 only asks which way packets would go.
    if (to === undefined || to.port === 0 || options.ports.includes(to.port)) return;
    if (!isPublic(to.address)) return;
    alert(`${event.process.comm} connected to ${to.address}, port ${to.port}`, { ...to });
  },
});
