import { defineRule, z } from "tallyman";
import { executedNames, nameAmong } from "./shared/programs.ts";

const tools = [
  "chisel",
  "dig",
  "hping3",
  "masscan",
  "nc",
  "ncat",
  "netcat",
  "ngrok",
  "nmap",
  "nslookup",
  "proxychains4",
  "socat",
  "sshuttle",
  "tcpdump",
  "telnet",
  "tshark",
  "zmap",
];

export default defineRule({
  id: "network-tool",
  title: "A tool that explores or tunnels networks was run",
  severity: "notice",
  tags: ["mitre:T1046", "mitre:T1095", "mitre:T1572", "network"],
  description: "Services don't need nmap or socat; who has just got in does.\n\n" +
    "False positives: entrypoints that wait for a database with nc, and your own debugging; it is " +
    "not on by default.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: false,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    tools: z.array(z.string()).default(tools).describe("Names of programs"),
  }),
  evaluate({ event, options, alert }) {
    const name = nameAmong(executedNames(event), options.tools);
    if (name !== undefined) alert(`${event.process.comm} ran ${name}`, { tool: name });
  },
});
