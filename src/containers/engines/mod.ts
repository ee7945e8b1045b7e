/**
 * The container engines of this machine. The door of this folder.
 *
 * @module
 */
import type { Identity, Runtime } from "../container.ts";
import type { Engine } from "../engine.ts";
import { Containerd, containerdStates } from "./containerd.ts";
import { Crio } from "./crio.ts";
import { DockerApi } from "./docker_api.ts";
import { kinds, OciState } from "./oci_state.ts";
import { socketIn } from "./places.ts";
import { PodmanStorage } from "./podman_storage.ts";
import { findStorages } from "./storage.ts";

/** The engines' names, in the order in which they are asked: those that know most first. */
export const engineNames = [
  "docker",
  "podman",
  "podman-storage",
  "containerd",
  "cri-o",
  "runc",
  "crun",
] as const;

/** What an engine is called here. */
export type EngineName = typeof engineNames[number];

/** How engines are opened. */
export interface EnginesOptions {
  /**
   * What the environment says. Read are `DOCKER_HOST`, `CONTAINER_HOST` (where they name a unix socket),
   * `CONTAINERS_STORAGE_CONF`, `TALLYMAN_CONTAINERD_STATE` (a state folder of containerd) and
   * `TALLYMAN_RUNC_ROOTS` (state folders of runc or crun, colons between them).
   */
  readonly environment?: (name: string) => string | undefined;
  /**
   * Whether to follow the events of Docker and Podman from now on, so that containers have names that are gone
   * before they can be asked for. True by default.
   */
  readonly events?: boolean;
}

/** Engines by runtime. What is not here has no engine: its name is its id. */
const asked: Readonly<Partial<Record<Runtime, readonly EngineName[]>>> = {
  // 64 hex digits under a parent of somebody's choice, or two names, can be others' too.
  docker: ["docker", "containerd", "runc", "crun"],
  podman: ["podman", "podman-storage"],
  containerd: ["containerd", "runc", "crun"],
  "cri-o": ["cri-o"],
  runc: ["runc"],
  crun: ["crun"],
  oci: engineNames,
  plain: engineNames,
};

/**
 * All engines, whether they are there or not: nothing is contacted yet. Dispose of each.
 *
 * An engine is asked where the environment says, and where it usually is.
 */
export function openEngines(options: EnginesOptions = {}): Engine[] {
  const environment = options.environment ?? ((name) => Deno.env.get(name));
  const events = options.events ?? true;
  const storages = () => findStorages(environment("CONTAINERS_STORAGE_CONF"));
  const roots = environment("TALLYMAN_RUNC_ROOTS")?.split(":").filter((path) => path !== "") ?? [];
  const state = environment("TALLYMAN_CONTAINERD_STATE");
  const open: Record<EngineName, (name: EngineName) => Engine> = {
    docker: (name) =>
      new DockerApi({
        name,
        runtime: "docker",
        sockets: listed(socketIn(environment("DOCKER_HOST")), [
          "/var/run/docker.sock",
          "/run/user/*/docker.sock",
        ]),
        events,
      }),
    podman: (name) =>
      new DockerApi({
        name,
        runtime: "podman",
        sockets: listed(socketIn(environment("CONTAINER_HOST")), [
          "/run/podman/podman.sock",
          "/run/user/*/podman/podman.sock",
        ]),
        events,
      }),
    "podman-storage": () => new PodmanStorage(storages),
    containerd: () => new Containerd(listed(state, containerdStates)),
    "cri-o": () => new Crio(storages),
    runc: () => new OciState("runc", [...roots, ...kinds.runc.roots]),
    crun: () => new OciState("crun", [...roots, ...kinds.crun.roots]),
  };
  return engineNames.map((name) => open[name](name));
}

function listed(first: string | undefined, others: readonly string[]): string[] {
  return first === undefined || first === "" ? [...others] : [first, ...others];
}

/** Those of the engines that may know the container, in the order to ask them. */
export function enginesFor(container: Identity, engines: readonly Engine[]): Engine[] {
  const names = asked[container.runtime] ?? [];
  return names.flatMap((name) => engines.filter((engine) => engine.name === name));
}
