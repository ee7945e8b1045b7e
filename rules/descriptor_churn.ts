import { defineRule, z } from "tallyman";

/** A tick that is shorter says little of a second. */
const SHORTEST = 100;

const calls = [
  "open",
  "openat",
  "openat2",
  "socket",
  "accept",
  "accept4",
  "dup",
  "dup2",
  "dup3",
  "pipe2",
];

export default defineRule({
  id: "descriptor-churn",
  title: "A container opens and closes files without end",
  severity: "notice",
  tags: ["mitre:T1499", "impact"],
  description:
    "A program that opens and closes descriptors in a tight loop scans, or has a bug that costs a core.\n\n" +
    "False positives: file servers, backups, large builds; it is not on by default.\n\n" +
    "Cost: none: it looks at the counts that are there anyway; no event is sent.",
  recommended: false,
  options: z.object({
    perSecond: z.int().min(1).default(50000).describe("Calls a second, by container"),
  }),
  limit: { burst: 1, per: "5m" },
  onTally({ tally, options, alert }) {
    if (tally.interval < SHORTEST) return;
    const count = calls.reduce((sum, each) => sum + tally.newCalls(each), 0);
    const rate = Math.round(1000 * count / tally.interval);
    if (rate >= options.perSecond) alert(`${rate} descriptors a second`, { perSecond: rate });
  },
});
