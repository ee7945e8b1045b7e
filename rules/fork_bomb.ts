import { defineRule, z } from "tallyman";

/** A tick that is shorter says little of a second. */
const SHORTEST = 100;

const calls = ["clone", "clone3", "fork", "vfork"];

export default defineRule({
  id: "fork-bomb",
  title: "A container makes processes without end",
  severity: "error",
  tags: ["mitre:T1499.001", "impact"],
  description:
    "A fork bomb takes what processes and memory the machine has, from all other containers too.\n\n" +
    "False positives: builds on many cores, which stay below the default for long.\n\n" +
    "Cost: none: it looks at the counts that are there anyway; no event is sent.",
  recommended: true,
  options: z.object({
    perSecond: z.int().min(1).default(3000).describe("Calls a second, by container"),
  }),
  limit: { burst: 1, per: "5m" },
  onTally({ tally, options, alert }) {
    if (tally.interval < SHORTEST) return;
    const count = calls.reduce((sum, each) => sum + tally.newCalls(each), 0);
    const rate = Math.round(1000 * count / tally.interval);
    if (rate >= options.perSecond) {
      alert(`${rate} processes or threads a second`, { perSecond: rate });
    }
  },
});
