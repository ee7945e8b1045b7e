import { defineRule, isFault, z } from "tallyman";
import { baseName, pathOf } from "./shared/paths.ts";

const sockets = [
  "docker.sock",
  "containerd.sock",
  "containerd.sock.ttrpc",
  "crio.sock",
  "cri-dockerd.sock",
  "podman.sock",
  "buildkitd.sock",
  "kubelet.sock",
];

export default defineRule({
  id: "runtime-socket",
  title: "A container spoke to a container engine",
  severity: "error",
  tags: ["mitre:T1610", "mitre:T1611", "escape"],
  description:
    "Who may speak to the engine is root of the machine: it starts a container that sees all of it. " +
    "An attempt counts. The socket is known by its name, wherever it is mounted.\n\n" +
    "False positives: containers whose work that is: CI runners, Portainer, Traefik.\n\n" +
    "Cost: connect, one event for each connection that is made.",
  recommended: true,
  syscalls: ["connect"],
  options: z.object({
    sockets: z.array(z.string()).default(sockets).describe(
      "Names of sockets, without their folder",
    ),
  }),
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const { address } = event.args;
    if (isFault(address) || address.path === undefined || address.abstract) return;
    const path = pathOf(event, address.path);
    if (path === undefined || !options.sockets.includes(baseName(path))) return;
    alert(`${event.process.comm} connected to ${path}`, { path });
  },
});
