/**
 * Builds what the benchmarks run beside the monitor, into `.work/bench`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** The folder of what is built, and of what is written meanwhile. */
export const output = fileURLToPath(new URL("../.work/bench", import.meta.url));

function sourcePath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) {
    throw new Error(`${command} ${args.join(" ")}:\n${new TextDecoder().decode(stderr)}`);
  }
}

/** What has been built by this process, by its output: it need not be built again, and may be running. */
const built = new Map<string, Promise<string>>();

function once(name: string, command: string, args: readonly string[]): Promise<string> {
  const path = `${output}/${name}`;
  const build = async () => {
    await Deno.mkdir(output, { recursive: true });
    await run(command, [...args, "-o", path]);
    return path;
  };
  const building = built.get(name) ?? build();
  built.set(name, building);
  return building;
}

/** Compiles `bench/NAME.c`; returns the program's path. */
export function buildProgram(name: string): Promise<string> {
  return once(name, "cc", ["-O2", "-static", "-Wall", sourcePath(`${name}.c`)]);
}

/** Compiles `bench/bpf/NAME.bpf.c`; returns the object's path. */
export function buildBpf(name: string): Promise<string> {
  const flags = ["-O2", "-g", "-target", "bpf", "-Wall", "-c"];
  return once(`${name}.bpf.o`, "clang", [...flags, sourcePath(`bpf/${name}.bpf.c`)]);
}
