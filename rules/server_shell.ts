import { defineRule, z } from "tallyman";
import {
  executedArguments,
  executedNames,
  nameAmong,
  programOf,
  shells,
} from "./shared/programs.ts";

const servers = [
  "apache2",
  "caddy",
  "etcd",
  "haproxy",
  "httpd",
  "lighttpd",
  "mariadbd",
  "memcached",
  "mongod",
  "mysqld",
  "nginx",
  "redis-server",
  "valkey-server",
];

export default defineRule({
  id: "server-shell",
  title: "A server started a shell",
  severity: "error",
  tags: ["mitre:T1190", "mitre:T1505.003", "shell"],
  description:
    "Web servers and databases answer requests and run nothing. One that starts a shell does so for " +
    "somebody who has found a hole in it, or has put a web shell there.\n\n" +
    "False positives: Apache with CGI, mod_php or piped logs: take it out of `servers`. PHP-FPM, Java, " +
    "Node.js and PostgreSQL, which start shells in ordinary work, are not among them.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    servers: z.array(z.string()).default(servers).describe("Names of servers' files"),
    shells: z.array(z.string()).default([...shells]).describe("Names of shells"),
  }),
  evaluate({ event, options, alert }) {
    const shell = nameAmong(executedNames(event), options.shells);
    if (shell === undefined) return;
    // What called execve is still the server's own child, which runs the same file.
    const server = programOf(event.process);
    if (!options.servers.includes(server)) return;
    alert(`${server} ran ${[shell, ...executedArguments(event)].join(" ").slice(0, 200)}`, {
      server,
    });
  },
});
