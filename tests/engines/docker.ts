/**
 * A dockerd of one's own, which leaves the machine's alone.
 *
 * @module
 */
import type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { imageName, makeRoot, makeTar } from "./image.ts";
import {
  cgroupIn,
  cgroupsOf,
  command,
  isOver,
  makeWorkspace,
  startDaemon,
  until,
} from "./workspace.ts";

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

  const pidOf = async (id: string) =>
    Number((await quiet("inspect", "-f", "{{.State.Pid}}", id)).stdout) || undefined;

  const owned = stack.move();
  return {
    socket,
    environment: { DOCKER_HOST: `unix://${socket}` },
    async run(
      { name = makeName(), command: argv, labels = {}, detach = true, remove }: RunOptions,
    ) {
      const idFile = `${path}/${name}.id`;
      const output = await command(
        docker(
          "run",
          `--name=${name}`,
          `--cidfile=${idFile}`,
          "--network=none",
          // Where the kernel has AppArmor and nobody has installed apparmor_parser, its own profile fails.
          "--security-opt=apparmor=unconfined",
          ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
          ...(detach ? ["--detach"] : []),
          ...(remove ? ["--rm"] : []),
          imageName,
          ...argv,
        ),
        { anyStatus: !detach },
      );
      const id = await Deno.readTextFile(idFile);
      const pid = detach ? await pidOf(id) : undefined;
      const cgroups = pid === undefined ? "" : await cgroupsOf(pid);
      workspace.note(cgroupIn(cgroups));
      return {
        id,
        name,
        cgroups,
        ...(pid === undefined ? {} : { pid }),
        ...(detach ? {} : { output }),
      };
    },
    exec: ({ id }: RunContainer, argv, { terminal = false } = {}) =>
      command(docker("exec", ...(terminal ? ["--tty"] : []), id, ...argv), { anyStatus: true }),
    stop: async ({ id }) => void await command(docker("stop", "-t", "0", id)),
    remove: async ({ id }) => void await command(docker("rm", "-f", id)),
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
