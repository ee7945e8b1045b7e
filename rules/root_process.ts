import { defineRule, first, z } from "tallyman";

const isFirst = first();

/** Whether a name is among patterns in which * is anything. */
function isAmong(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
  });
}

export default defineRule({
  id: "root-process",
  title: "A container that should not runs something as root",
  severity: "warning",
  tags: ["mitre:T1078", "hardening"],
  description:
    "Say in `containers` which ones are to have no root (`api-*`); told once for each.\n\n" +
    "False positives: entrypoints that give up root by themselves; and with user namespaces root of " +
    "the container is another user, which is not root here.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: false,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok", uid: 0 },
  options: z.object({
    containers: z.array(z.string()).default(["*"]).describe("Names or images; * is anything"),
  }),
  evaluate({ event, options, alert }) {
    const { name, image = "" } = event.container;
    const isMeant = isAmong(name, options.containers) || isAmong(image, options.containers);
    if (!isMeant || !isFirst.is(event)) return;
    alert(`${event.executed?.exe ?? event.process.comm} runs as root`);
  },
});
