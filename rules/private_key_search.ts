import { defineRule, z } from "tallyman";
import { executedArguments, executedNames, nameAmong } from "./shared/programs.ts";

const searchers = ["ack", "ag", "egrep", "fd", "fgrep", "find", "grep", "locate", "mlocate", "rg"];
const needles = [
  "BEGIN .*PRIVATE",
  "BEGIN (RSA|DSA|EC|OPENSSH|PGP)",
  "PRIVATE KEY",
  "id_(rsa|dsa|ecdsa|ed25519)",
  "\\.(pem|ppk|p12|pfx|kdbx)\\b",
  "\\.aws/?(credentials)?",
  "aws_(secret_)?access_key",
];

export default defineRule({
  id: "private-key-search",
  title: "Somebody searched for private keys or credentials",
  severity: "warning",
  tags: ["mitre:T1552.004", "mitre:T1552.001", "discovery"],
  description:
    "find and grep that look for names or contents of keys: what comes after getting in.\n\n" +
    "False positives: entrypoints that look for certificates to trust (*.pem): name their words less " +
    "widely in `needles`.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    searchers: z.array(z.string()).default(searchers).describe("Programs that search"),
    needles: z.array(z.string()).default(needles).describe(
      "Regular expressions for what is sought",
    ),
  }),
  evaluate({ event, options, alert }) {
    const name = nameAmong(executedNames(event), options.searchers);
    if (name === undefined) return;
    const sought = executedArguments(event).find((argument) =>
      options.needles.some((each) => new RegExp(each, "i").test(argument))
    );
    if (sought !== undefined) alert(`${event.process.comm} ran ${name} for ${sought}`, { sought });
  },
});
