/**
 * Containers by Docker's commands, which Podman has too.
 *
 * @module
 */
import type { EngineFixture, RunContainer, RunOptions } from "./fixture.ts";
import { makeName } from "./fixture.ts";
import { imageName } from "./image.ts";
import { cgroupIn, cgroupsOf, command, type CommandOptions, type Workspace } from "./workspace.ts";

/** Whose commands they are. */
export interface DockerCommands {
  /** A whole command line. */
  readonly line: (...argv: string[]) => string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
  /** Flags of `run`, besides those that all have. */
  readonly runFlags: readonly string[];
  /** Flags of `rm` by which it does not wait. */
  readonly removeFlags: readonly string[];
}

/** Runs containers, without a network. */
export function containersBy(
  { line, env, workspace, runFlags, removeFlags }: DockerCommands,
): Pick<EngineFixture, "run" | "exec" | "stop" | "remove"> {
  const by = (argv: string[], options: CommandOptions = {}) =>
    command(line(...argv), { ...(env !== undefined && { env }), ...options });
  const pidOf = async (id: string) => {
    const { stdout } = await by(["inspect", "-f", "{{.State.Pid}}", id], { anyStatus: true });
    return Number(stdout) || undefined;
  };
  return {
    async run(
      { name = makeName(), command: argv, labels = {}, detach = true, remove }: RunOptions,
    ) {
      const idFile = `${workspace.path}/${name}.id`;
      const output = await by([
        "run",
        `--name=${name}`,
        `--cidfile=${idFile}`,
        "--network=none",
        ...runFlags,
        ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
        ...(detach ? ["--detach"] : []),
        ...(remove ? ["--rm"] : []),
        imageName,
        ...argv,
      ], { anyStatus: !detach });
      const id = await Deno.readTextFile(idFile).catch((error) => {
        // Podman removes the file with the container.
        if (remove) return "";
        throw error;
      });
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
      by(["exec", ...(terminal ? ["--tty"] : []), id, ...argv], { anyStatus: true }),
    stop: async ({ id }) => void await by(["stop", "-t", "0", id]),
    remove: async ({ id }) => void await by(["rm", ...removeFlags, id]),
  };
}
