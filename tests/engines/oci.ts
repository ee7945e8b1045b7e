/**
 * runc and crun, with no engine above.
 *
 * @module
 */
import type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { imageName, makeRoot } from "./image.ts";
import {
  cgroupIn,
  cgroupsOf,
  command,
  type CommandOptions,
  isOver,
  isUnified,
  makeWorkspace,
  until,
} from "./workspace.ts";

export interface OciRunOptions extends RunOptions {
  /** Path of the cgroup to run in: `/kubepods/besteffort/pod…/<64 hex>`. By default called like the container. */
  readonly cgroup?: string;
  /** Instead of the name. */
  readonly id?: string;
}

export interface OciFixture extends EngineFixture {
  run(options: OciRunOptions): Promise<RunContainer>;
}

export async function startOci(
  program: "runc" | "crun",
  options: FixtureOptions = {},
): Promise<OciFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  // crun refuses machines with both versions of cgroups. In this mount namespace there is v2 only.
  const view = program === "crun" && !isUnified()
    ? [
      "unshare",
      "-m",
      "sh",
      "-c",
      'mount --make-rprivate / && mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"',
      "sh",
    ]
    : [];
  const oci = (argv: readonly string[], more: CommandOptions = {}) =>
    command([...view, program, `--root=${path}/state`, ...argv], more);
  const ids = new Set<string>();
  stack.defer(async () => {
    for (const id of ids) await oci(["delete", "-f", id], { anyStatus: true });
  });
  await makeRoot(`${path}/root`, options.binaries);

  const owned = stack.move();
  return {
    environment: { TALLYMAN_RUNC_ROOTS: `${path}/state` },
    async run(
      { name = makeName(), id = name, command: argv, labels = {}, detach = true, remove, cgroup },
    ) {
      const bundle = `${path}/${id}`;
      await Deno.mkdir(bundle, { recursive: true });
      await command([program, "spec"], { cwd: bundle });
      const file = `${bundle}/config.json`;
      const config = JSON.parse(await Deno.readTextFile(file));
      config.root = { path: `${path}/root`, readonly: false };
      config.process.args = argv;
      config.process.terminal = false;
      // More than a process without CAP_SYS_RESOURCE may ask for.
      delete config.process.rlimits;
      delete config.linux.resources;
      config.annotations = { "org.opencontainers.image.ref.name": imageName, ...labels };
      if (cgroup !== undefined) config.linux.cgroupsPath = cgroup;
      await Deno.writeTextFile(file, JSON.stringify(config));
      ids.add(id);
      const pidFile = `${path}/${id}.pid`;
      const run = ["run", `--pid-file=${pidFile}`, ...(detach ? ["-d"] : []), id];
      const output = await oci(run, { cwd: bundle, anyStatus: !detach });
      if (!detach && remove) await oci(["delete", "-f", id], { anyStatus: true });
      const pid = detach ? Number(await Deno.readTextFile(pidFile)) : undefined;
      const cgroups = pid === undefined ? "" : await cgroupsOf(pid);
      workspace.note(cgroupIn(cgroups));
      return {
        id,
        name: id,
        cgroups,
        ...(pid === undefined ? {} : { pid }),
        ...(detach ? {} : { output }),
      };
    },
    exec: ({ id }, argv) => oci(["exec", id, ...argv], { anyStatus: true }),
    stop: async ({ id, pid }) => {
      await oci(["kill", id, "KILL"]);
      await until("ending the container", async () => pid === undefined || await isOver(pid));
    },
    remove: async ({ id }) => void await oci(["delete", "-f", id]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
