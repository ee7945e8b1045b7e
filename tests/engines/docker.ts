/**
 * A dockerd of one's own, which leaves the machine's alone.
 *
 * @module
 */
import { containersBy } from "./docker_commands.ts";
import type { EngineFixture, FixtureOptions } from "./fixture.ts";
import { imageName, makeRoot, makeTar } from "./image.ts";
import { command, isOver, makeWorkspace, startDaemon, until } from "./workspace.ts";

export interface DockerOptions extends FixtureOptions {
  /** `systemd` where it is the first process. */
  readonly cgroupDriver?: "cgroupfs" | "systemd";
}

export interface DockerFixture extends EngineFixture {
  /** Path of the API's socket. */
  readonly socket: string;
  /** Ends the daemon, without a word by SIGKILL. */
  kill(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts it again. */
  restart(): Promise<void>;
}

export async function startDocker(options: DockerOptions = {}): Promise<DockerFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  const socket = `${path}/s`;
  const log = `${path}/log`;
  const docker = (...argv: string[]) => ["docker", "-H", `unix://${socket}`, ...argv];
  const quiet = (...argv: string[]) => command(docker(...argv), { anyStatus: true });
  const start = async () => {
    const daemon = startDaemon([
      "dockerd",
      `--data-root=${path}/d`,
      `--exec-root=${path}/e`,
      `--pidfile=${path}/pid`,
      `--host=unix://${socket}`,
      "--storage-driver=vfs",
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
      "--ip-forward=false",
      "--ip-masq=false",
      `--exec-opt=native.cgroupdriver=${options.cgroupDriver ?? "cgroupfs"}`,
    ], log);
    try {
      await until("starting dockerd", async () => (await quiet("version")).code === 0, log);
    } catch (error) {
      await daemon.stop("SIGKILL");
      throw error;
    }
    return daemon;
  };
  let daemon = await start();
  stack.defer(async () => {
    const ids = (await quiet("ps", "-aq")).stdout.split("\n").filter(Boolean);
    if (ids.length > 0) await quiet("rm", "-f", ...ids);
    await daemon.stop();
  });

  await makeRoot(`${path}/root`, options.binaries);
  await makeTar(`${path}/root`, `${path}/root.tar`);
  await command(docker("import", `${path}/root.tar`, imageName));

  const owned = stack.move();
  return {
    socket,
    environment: { DOCKER_HOST: `unix://${socket}` },
    ...containersBy({
      line: docker,
      workspace,
      // Where the kernel has AppArmor and nobody has installed apparmor_parser, its own profile fails.
      runFlags: ["--security-opt=apparmor=unconfined"],
      removeFlags: ["-f"],
    }),
    async kill(signal) {
      await daemon.stop(signal);
      // Its containerd dies with it, but counts as running for as long as nobody has waited for it.
      const pidFile = `${path}/e/containerd/containerd.pid`;
      const containerd = Number(await Deno.readTextFile(pidFile).catch(() => ""));
      await until("ending containerd", () => containerd === 0 || isOver(containerd));
      await Deno.remove(pidFile).catch(() => {});
    },
    async restart() {
      daemon = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
