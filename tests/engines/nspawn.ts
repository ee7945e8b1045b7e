/**
 * systemd-nspawn without systemd: in a scope that is made by hand.
 *
 * @module
 */
import type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { makeRoot } from "./image.ts";
import {
  cgroupIn,
  cgroupsOf,
  command,
  type Daemon,
  hierarchies,
  makeWorkspace,
  startDaemon,
  until,
} from "./workspace.ts";

/** Containers are always detached, and have no labels. Their first process is the second, a child of nspawn's. */
export async function startNspawn(options: FixtureOptions = {}): Promise<EngineFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  const daemons = new Map<string, Daemon>();
  stack.defer(async () => {
    for (const daemon of daemons.values()) await daemon.stop("SIGKILL");
  });

  const owned = stack.move();
  return {
    environment: {},
    async run({ name = makeName(), command: argv }: RunOptions): Promise<RunContainer> {
      const root = `${path}/${name}`;
      await makeRoot(root, options.binaries);
      const scope = `/machine.slice/machine-${name}.scope`;
      workspace.note(scope);
      workspace.note(`${scope}/payload`);
      workspace.note(`${scope}/supervisor`);
      const folders = hierarchies().filter((at) => /(unified|systemd|fs\/cgroup)$/.test(at))
        .map((at) => `${at}${scope}`);
      for (const folder of folders) await Deno.mkdir(folder, { recursive: true });
      const enter = folders.map((folder) => `echo $$ > ${folder}/cgroup.procs && `).join("");
      const log = `${path}/${name}.log`;
      const daemon = startDaemon([
        "sh",
        "-c",
        `${enter}exec "$@"`,
        "sh",
        "systemd-nspawn",
        "--quiet",
        "--register=no",
        "--keep-unit",
        "--private-network",
        "--as-pid2",
        "--console=pipe",
        `--machine=${name}`,
        `--directory=${root}`,
        ...argv,
      ], log);
      daemons.set(name, daemon);
      let pid = 0;
      await until("starting systemd-nspawn", async () => {
        pid = await lastDescendant(daemon.pid);
        return (await cgroupsOf(pid)).includes("/payload") &&
          await argvOf(pid) === argv.join("\0");
      }, log);
      return { id: name, name, pid, cgroups: await cgroupsOf(pid) };
    },
    exec: ({ pid }, argv) =>
      command([
        "nsenter",
        `--target=${pid}`,
        "--mount",
        "--pid",
        "--uts",
        "--ipc",
        "--net",
        "--root",
        ...argv,
      ], {
        anyStatus: true,
      }),
    stop: async ({ id }) => void await daemons.get(id)?.stop("SIGKILL"),
    async remove({ id, cgroups }) {
      await daemons.get(id)?.stop("SIGKILL");
      workspace.note(cgroupIn(cgroups));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Down the first children. */
async function lastDescendant(pid: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  const [first] = children.split(" ").filter(Boolean).map(Number);
  return first === undefined ? pid : await lastDescendant(first);
}

/** Tells the program from nspawn's own processes before it, the last of which may still have no child. */
async function argvOf(pid: number): Promise<string> {
  return (await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "")).replace(/\0$/, "");
}
