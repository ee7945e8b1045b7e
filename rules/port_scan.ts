import { defineRule, distinct, type Observed, z } from "tallyman";
import { endpointOf } from "./shared/addresses.ts";

interface Attempt extends Observed {
  readonly address: string;
}

const ports = distinct<Attempt>({ per: "10s", by: ({ address }) => address });

export default defineRule({
  id: "port-scan",
  title: "A container tries many ports of one address",
  severity: "warning",
  tags: ["mitre:T1046", "discovery", "network"],
  description:
    "Who wants a service knows its port; who tries one after the other looks for what is there. " +
    "Attempts count, whatever becomes of them.\n\n" +
    "False positives: passive FTP; scanners that you run.\n\n" +
    "Not seen: scans by raw packets: see raw-socket and packet-socket.\n\n" +
    "Cost: connect, one event for each connection that is made.",
  recommended: true,
  syscalls: ["connect"],
  options: z.object({
    count: z.int().min(2).default(30).describe("Different ports of an address within 10 s"),
  }),
  limit: { burst: 1, per: "5m" },
  evaluate({ event, options, alert }) {
    const to = endpointOf(event.args.address);
    if (to === undefined) return;
    const { time, container } = event;
    const count = ports.add({ time, container, address: to.address }, to.port);
    if (count < options.count) return;
    alert(`${event.process.comm} tried ${count} ports of ${to.address}`, { address: to.address });
  },
});
