/**
 * A Podman with stores of its own.
 *
 * @module
 */
import { containersBy } from "./docker_commands.ts";
import type { EngineFixture, FixtureOptions } from "./fixture.ts";
import { imageName, makeRoot, makeTar } from "./image.ts";
import { command, makeWorkspace, startDaemon, until } from "./workspace.ts";

export interface PodmanOptions extends FixtureOptions {
  /** `systemd` where it is the first process. */
  readonly cgroupManager?: "cgroupfs" | "systemd";
  /** crun wants cgroup v2 alone. */
  readonly runtime?: "runc" | "crun";
}

export interface PodmanFixture extends EngineFixture {
  /** Path of the API's socket, which is there while the service runs. */
  readonly socket: string;
  /** Starts the service that speaks Docker's API. */
  serve(): Promise<AsyncDisposable>;
}

export async function startPodman(options: PodmanOptions = {}): Promise<PodmanFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  const socket = `${path}/s`;
  const configuration = `${path}/storage.conf`;
  await Deno.writeTextFile(
    configuration,
    `[storage]\ndriver = "vfs"\ngraphroot = "${path}/g"\nrunroot = "${path}/r"\n`,
  );
  const env = { CONTAINERS_STORAGE_CONF: configuration };
  const podman = (...argv: string[]) => [
    "podman",
    `--root=${path}/g`,
    `--runroot=${path}/r`,
    `--tmpdir=${path}/t`,
    "--storage-driver=vfs",
    "--events-backend=file",
    `--cgroup-manager=${options.cgroupManager ?? "cgroupfs"}`,
    `--runtime=${options.runtime ?? "runc"}`,
    ...argv,
  ];
  const quiet = (...argv: string[]) => command(podman(...argv), { env, anyStatus: true });
  stack.defer(async () => void await quiet("rm", "-fa", "-t", "0"));

  await makeRoot(`${path}/root`, options.binaries);
  await makeTar(`${path}/root`, `${path}/root.tar`);
  await command(podman("import", "-q", `${path}/root.tar`, imageName), { env });

  const owned = stack.move();
  return {
    socket,
    environment: { ...env, CONTAINER_HOST: `unix://${socket}` },
    ...containersBy({
      line: podman,
      env,
      workspace,
      // Its own defaults are more than a process without CAP_SYS_RESOURCE may ask for.
      runFlags: ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000"],
      removeFlags: ["-f", "-t", "0"],
    }),
    async serve() {
      const log = `${path}/log`;
      const daemon = startDaemon(podman("system", "service", "-t", "0", `unix://${socket}`), log, {
        env,
      });
      try {
        await until("starting podman system service", () => isSocket(socket), log);
      } catch (error) {
        await daemon.stop("SIGKILL");
        throw error;
      }
      return {
        async [Symbol.asyncDispose]() {
          await daemon.stop();
          await Deno.remove(socket).catch(() => {});
        },
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isSocket === true;
  } catch {
    return false;
  }
}
