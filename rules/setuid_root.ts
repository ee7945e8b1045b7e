import { defineRule } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";

/** Users from here on are of user namespaces, as far as the host is concerned: subuid(5). */
const NAMESPACED = 65_536;

export default defineRule({
  id: "setuid-root",
  title: "A process of another user made itself root",
  severity: "error",
  tags: ["mitre:T1548", "privilege-escalation"],
  description:
    "Only who has a capability to change users (CAP_SETUID), or was root before and kept a way back, " +
    "can do so. sudo and su don't: they are root before they begin.\n\n" +
    "False positives: servers that go back and forth between users take their real user along, so " +
    "they don't count: it is the real user that changes here. Users of user namespaces " +
    `(${NAMESPACED} and above), whose root is another, are left out.\n\n` +
    "Cost: setuid, setreuid and setresuid, which are rare.",
  recommended: true,
  syscalls: ["setuid", "setreuid", "setresuid"],
  filter: { outcome: "ok" },
  evaluate({ event, alert }) {
    const { comm, uid } = event.process;
    if (uid === 0 || uid >= NAMESPACED) return;
    const one = argumentsOf(event, ["setuid"]);
    const more = argumentsOf(event, ["setreuid", "setresuid"]);
    const real = one?.uid ?? more?.ruid;
    if (real === 0) alert(`${comm} of user ${uid} made itself root by ${event.syscall}`, { uid });
  },
});
