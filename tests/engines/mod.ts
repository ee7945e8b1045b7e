/**
 * Private engines for tests: real ones, that leave the machine as it was. The door of this folder.
 *
 * @module
 */
import type { FixtureName } from "./available.ts";
import { startContainerd } from "./containerd.ts";
import { startDocker } from "./docker.ts";
import type { EngineFixture, FixtureOptions } from "./fixture.ts";
import { startLxc } from "./lxc.ts";
import { startNspawn } from "./nspawn.ts";
import { startOci } from "./oci.ts";
import { startPodman } from "./podman.ts";

export { available, type FixtureName, needs } from "./available.ts";
export { startContainerd } from "./containerd.ts";
export { startDocker } from "./docker.ts";
export type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
export { imageName } from "./image.ts";
export { startLxc } from "./lxc.ts";
export { startNspawn } from "./nspawn.ts";
export { startOci } from "./oci.ts";
export { startPodman } from "./podman.ts";
export { cgroupIn, isOver } from "./workspace.ts";

/** How each engine is started, for tests that do the same to all. */
export const starters: Readonly<
  Record<FixtureName, (options?: FixtureOptions) => Promise<EngineFixture>>
> = {
  docker: startDocker,
  podman: startPodman,
  containerd: startContainerd,
  runc: (options) => startOci("runc", options),
  crun: (options) => startOci("crun", options),
  lxc: startLxc,
  nspawn: startNspawn,
};
