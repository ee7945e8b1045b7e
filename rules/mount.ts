import { type ArgumentsOf, defineRule, isFault, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { pathOf } from "./shared/paths.ts";
import { programOf, runtimes } from "./shared/programs.ts";

/** How a mount is shared, which changes nothing that anybody sees. */
const propagation = ["MS_PRIVATE", "MS_SHARED", "MS_SLAVE", "MS_UNBINDABLE"] as const;

function isPropagation({ flags }: ArgumentsOf<"mount">): boolean {
  return propagation.some((each) => flags.has(each));
}

export default defineRule({
  id: "mount",
  title: "Something was mounted in a container",
  severity: "warning",
  tags: ["mitre:T1611", "escape"],
  description:
    "Mounts are made before a container begins. One that mounts itself has rights that it should not " +
    "have, and uses them: on the way out, or to hide files. An attempt counts.\n\n" +
    "False positives: systemd or a container engine in a container, CSI drivers, fuse.\n\n" +
    "Cost: mount and move_mount, which are rare.",
  recommended: true,
  syscalls: ["mount", "move_mount"],
  options: z.object({
    trusted: z.array(z.string()).default([...runtimes]).describe("Programs that may"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const args = argumentsOf(event, ["mount"]);
    if (args !== undefined && isPropagation(args)) return;
    if (options.trusted.includes(programOf(event.process))) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    const { comm } = event.process;
    if (args === undefined) {
      const moved = argumentsOf(event, ["move_mount"]);
      const to = moved && pathOf(event, moved.newpath, moved.newdirfd);
      return alert(`${comm} mounted something on ${to ?? "?"}${outcome}`, { target: to });
    }
    const { source, target, type } = args;
    const [from, to, kind] = [source, target, type].map((each) =>
      each === null || isFault(each) ? "?" : each
    );
    alert(`${comm} mounted ${from} on ${to} (${kind})${outcome}`, { source: from, target: to });
  },
});
