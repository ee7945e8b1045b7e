/**
 * A containerd of one's own, and ctr to speak to it.
 *
 * @module
 */
import type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { imageName, makeArchive, makeRoot, makeTar } from "./image.ts";
import { cgroupIn, cgroupsOf, command, makeWorkspace, startDaemon, until } from "./workspace.ts";

export interface ContainerdFixture extends EngineFixture {
  /** The namespace that containers are made in. */
  readonly namespace: string;
}

export interface ContainerdOptions extends FixtureOptions {
  readonly namespace?: string;
}

export async function startContainerd(options: ContainerdOptions = {}): Promise<ContainerdFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  // Not the default one, in which runc would keep the state of equal names together.
  const namespace = options.namespace ?? makeName();
  const log = `${path}/log`;
  await Deno.writeTextFile(
    `${path}/config.toml`,
    `version = 2
root = "${path}/d"
state = "${path}/e"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${path}/s"
[ttrpc]
  address = "${path}/t"
`,
  );
  const ctr = (
    ...argv: string[]
  ) => ["ctr", `--address=${path}/s`, `--namespace=${namespace}`, ...argv];
  const quiet = (...argv: string[]) => command(ctr(...argv), { anyStatus: true });
  stack.use(startDaemon(["containerd", "-c", `${path}/config.toml`], log));
  await until("starting containerd", async () => (await quiet("version")).code === 0, log);
  const remove = async (id: string) => {
    await quiet("task", "kill", "-s", "9", id);
    await quiet("task", "rm", "-f", id);
    await quiet("container", "rm", id);
  };
  // What the shims and runc keep below /run, they keep by namespace.
  stack.defer(async () => {
    await command(["rm", "-rf", `/run/containerd/runc/${namespace}`]);
  });
  const ids = new Set<string>();
  stack.defer(async () => {
    for (const id of ids) await remove(id);
  });

  await makeRoot(`${path}/root`, options.binaries);
  await makeTar(`${path}/root`, `${path}/root.tar`);
  await makeArchive(`${path}/root.tar`, `${path}/archive`, `${path}/image.tar`);
  await command(ctr("images", "import", "--snapshotter=native", `${path}/image.tar`));

  const owned = stack.move();
  return {
    namespace,
    environment: { TALLYMAN_CONTAINERD_STATE: `${path}/e` },
    async run({ name = makeName(), command: argv, labels = {}, detach = true }: RunOptions) {
      ids.add(name);
      const pidFile = `${path}/${name}.pid`;
      const output = await command(
        ctr(
          "run",
          "--snapshotter=native",
          `--pid-file=${pidFile}`,
          ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
          ...(detach ? ["--detach", "--null-io"] : ["--rm"]),
          `localhost/${imageName}`,
          name,
          ...argv,
        ),
        { anyStatus: !detach },
      );
      const pid = detach ? Number(await Deno.readTextFile(pidFile)) : undefined;
      const cgroups = pid === undefined ? "" : await cgroupsOf(pid);
      workspace.note(cgroupIn(cgroups));
      return {
        id: name,
        name,
        cgroups,
        ...(pid === undefined ? {} : { pid }),
        ...(detach ? {} : { output }),
      };
    },
    exec: ({ id }: RunContainer, argv) =>
      command(ctr("task", "exec", `--exec-id=${makeName()}`, id, ...argv), { anyStatus: true }),
    stop: async ({ id, pid }) => {
      await command(ctr("task", "kill", "-s", "9", id));
      await until("ending the task", async () => pid === undefined || await cgroupsOf(pid) === "");
    },
    remove: ({ id }) => remove(id),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
