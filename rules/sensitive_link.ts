import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { placeCalls } from "./shared/file_changes.ts";
import { isAmong, pathOf, type Place } from "./shared/paths.ts";
import { secrets } from "./shared/secrets.ts";

const meantFolders = ["/", "/etc", "/root", "/root/.ssh", "/etc/passwd"];

export default defineRule({
  id: "sensitive-link",
  title: "A link was made to a file or folder that holds secrets",
  severity: "warning",
  tags: ["mitre:T1003", "mitre:T1036", "defense-evasion"],
  description:
    "A link gives a secret another name, that nobody watches, or makes a program with more rights " +
    "write where it should not. A hard link counts when it is attempted: the kernel refuses most.\n\n" +
    "False positives: few; a link to a link is not followed.\n\n" +
    "Cost: symlink and link, which are rare outside of installations.",
  recommended: true,
  syscalls: ["symlink", "symlinkat", "link", "linkat", ...placeCalls],
  options: z.object({
    paths: z.array(z.string()).default([...secrets])
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    folders: z.array(z.string()).default(meantFolders).describe(
      "Folders and files, without what is below",
    ),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options: { paths, folders }, alert }) {
    const { comm } = event.process;
    const isMeant = (path: string | undefined) =>
      path !== undefined && (folders.includes(path) || isAmong(path, paths));
    const symlink = argumentsOf(event, ["symlink", "symlinkat"]);
    const link = argumentsOf(event, ["link", "linkat"]);
    if (symlink !== undefined) {
      // A relative target begins where the link is: `..` and all.
      const at = pathOf(
        event,
        symlink.newpath,
        "newdirfd" in symlink ? symlink.newdirfd : undefined,
      );
      const place: Place = { describe: () => undefined, process: { cwd: `${at}/..` } };
      const target = pathOf(place, symlink.target);
      if (event.ok && isMeant(target)) alert(`${comm} linked ${at} to ${target}`);
    } else if (link !== undefined) {
      const target = pathOf(event, link.oldpath, "olddirfd" in link ? link.olddirfd : undefined);
      if (isMeant(target)) alert(`${comm} made a hard link to ${target}`);
    }
  },
});
