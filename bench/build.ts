/**
 * Builds what the benchmarks run beside the monitor, into `.work/bench`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const output = fileURLToPath(new URL("../.work/bench", import.meta.url));

function sourcePath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) {
    throw new Error(`${command} ${args.join(" ")}:\n${new TextDecoder().decode(stderr)}`);
  }
}

/** Compiles `bench/NAME.c`; returns the program's path. */
export async function buildProgram(name: string): Promise<string> {
  await Deno.mkdir(output, { recursive: true });
  const path = `${output}/${name}`;
  await run("cc", ["-O2", "-static", "-Wall", "-o", path, sourcePath(`${name}.c`)]);
  return path;
}

/** Compiles `bench/bpf/NAME.bpf.c`; returns the object's path. */
export async function buildBpf(name: string): Promise<string> {
  await Deno.mkdir(output, { recursive: true });
  const path = `${output}/${name}.bpf.o`;
  const source = sourcePath(`bpf/${name}.bpf.c`);
  await run("clang", ["-O2", "-g", "-target", "bpf", "-Wall", "-c", "-o", path, source]);
  return path;
}
