import { defineRule, z } from "tallyman";
import { executedArguments, executedNames, nameAmong } from "./shared/programs.ts";

const miners = [
  "ccminer",
  "cgminer",
  "cpuminer",
  "ethminer",
  "lolMiner",
  "minerd",
  "nbminer",
  "phoenixminer",
  "t-rex",
  "xmr-stak",
  "xmrig",
];

const POOL =
  /stratum\d?\+(?:tcp|udp|ssl|tls|http)|--donate-level|--algo=(?:cn|rx|cryptonight|randomx)/i;

export default defineRule({
  id: "miner-run",
  title: "A miner of cryptocurrencies was run",
  severity: "critical",
  tags: ["mitre:T1496", "impact"],
  description:
    "Known by its name, or by its arguments: the address of a pool (stratum+tcp://…).\n\n" +
    "False positives: somebody who mines on purpose.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    programs: z.array(z.string()).default(miners).describe("Names of miners"),
  }),
  evaluate({ event, options, alert }) {
    const args = executedArguments(event);
    const name = nameAmong(executedNames(event), options.programs);
    const pool = args.find((each) => POOL.test(each));
    if (name === undefined && pool === undefined) return;
    alert(`${event.process.comm} ran a miner: ${[name ?? "", pool ?? ""].join(" ").trim()}`);
  },
});
