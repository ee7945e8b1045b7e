/**
 * LXC, with containers in a folder of its own.
 *
 * @module
 */
import type { EngineFixture, FixtureOptions, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { makeRoot } from "./image.ts";
import { cgroupIn, cgroupsOf, command, makeWorkspace } from "./workspace.ts";

/** Containers are always detached, and have no labels. */
export async function startLxc(options: FixtureOptions = {}): Promise<EngineFixture> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const { path } = workspace;
  const lxc = (verb: string, name: string, ...argv: string[]) => [
    `lxc-${verb}`,
    `--lxcpath=${path}/c`,
    `--name=${name}`,
    ...argv,
  ];
  const names = new Set<string>();
  stack.defer(async () => {
    for (const name of names) await command(lxc("stop", name, "--kill"), { anyStatus: true });
  });
  await makeRoot(`${path}/root`, options.binaries);

  const owned = stack.move();
  return {
    environment: {},
    async run({ name = makeName(), command: argv }: RunOptions): Promise<RunContainer> {
      const folder = `${path}/c/${name}`;
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(
        `${folder}/config`,
        `lxc.uts.name = ${name}
lxc.rootfs.path = dir:${path}/root
lxc.net.0.type = empty
lxc.apparmor.profile = unconfined
lxc.mount.auto = proc:rw sys:ro
lxc.log.file = ${folder}/log
`,
      );
      names.add(name);
      await command(lxc("start", name, "--daemon", "--", ...argv));
      const { stdout } = await command(lxc("info", name, "--no-humanize", "--pid"));
      const pid = Number(stdout);
      const cgroups = await cgroupsOf(pid);
      workspace.note(cgroupIn(cgroups));
      workspace.note(`/lxc.monitor.${name}`);
      workspace.note("/lxc.pivot");
      return { id: name, name, pid, cgroups };
    },
    exec: ({ id }, argv) => command(lxc("attach", id, "--", ...argv), { anyStatus: true }),
    stop: async ({ id }) => void await command(lxc("stop", id, "--kill")),
    async remove({ id }) {
      await command(lxc("stop", id, "--kill"), { anyStatus: true });
      await Deno.remove(`${path}/c/${id}`, { recursive: true });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
