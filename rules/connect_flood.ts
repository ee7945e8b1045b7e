import { defineRule, z } from "tallyman";

/** A tick that is shorter says little of a second. */
const SHORTEST = 100;

const calls = ["connect"];

export default defineRule({
  id: "connect-flood",
  title: "A container makes connections without end",
  severity: "warning",
  tags: ["mitre:T1498", "mitre:T1110", "network", "impact"],
  description:
    "Floods, scans and guessing of passwords connect thousands of times a second; so does a program " +
    "that tries again without a pause.\n\n" +
    "False positives: proxies and load generators; it is not on by default.\n\n" +
    "Cost: none: it looks at the counts that are there anyway; no event is sent.",
  recommended: false,
  options: z.object({
    perSecond: z.int().min(1).default(1000).describe("Calls a second, by container"),
  }),
  limit: { burst: 1, per: "5m" },
  onTally({ tally, options, alert }) {
    if (tally.interval < SHORTEST) return;
    const count = calls.reduce((sum, each) => sum + tally.newCalls(each), 0);
    const rate = Math.round(1000 * count / tally.interval);
    if (rate >= options.perSecond) alert(`${rate} connections a second`, { perSecond: rate });
  },
});
