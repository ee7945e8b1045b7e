import { defineRule } from "tallyman";
import { writesOf } from "./shared/written_files.ts";

const paths = ["/etc/ld.so.preload"];

export default defineRule({
  id: "library-preload-write",
  title: "A library was set to be loaded into every program",
  severity: "critical",
  tags: ["mitre:T1574.006", "persistence", "defense-evasion"],
  description:
    "What /etc/ld.so.preload names is loaded into each program that starts: rootkits of user space hide " +
    "themselves so. An attempt counts as well.\n\n" +
    "False positives: hardly any.\n\n" +
    "Cost: a dear one: every openat, decoded where it writes.",
  recommended: true,
  ...writesOf(paths),
});
