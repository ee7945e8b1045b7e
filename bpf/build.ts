/**
 * Builds the BPF objects that are committed: `deno task build:bpf`. With `--check` nothing is written: it
 * fails if what is committed is not what the sources give, as CI asks with Debian 12's clang 14.
 *
 * @module
 */
import { layoutHeader } from "./layout_header.ts";

const folder = import.meta.dirname ?? ".";

/** Deno's name of an architecture, and libbpf's in bpf_tracing.h. */
const targets = { x86_64: "x86", aarch64: "arm64" } as const;

/** The size that a stripped object must stay under. */
const MAX_BYTES = 200 * 1024;

function run(command: string, ...args: string[]): void {
  const { success, code } = new Deno.Command(command, {
    args,
    cwd: folder,
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  if (!success) throw new Error(`${command} ${args.join(" ")}: exit code ${code}`);
}

/** The newest of a tool that Debian also installs with its version in the name. */
function tool(name: string): string {
  for (const candidate of [name, `${name}-14`, `${name}-18`]) {
    try {
      if (
        new Deno.Command(candidate, { args: ["--version"], stdout: "null" }).outputSync().success
      ) {
        return candidate;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(
    `${name} is not installed (Debian, Ubuntu: apt-get install clang llvm libbpf-dev)`,
  );
}

function compile(target: keyof typeof targets, output: string): void {
  run(
    tool("clang"),
    ...["-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Werror"],
    `-D__TARGET_ARCH_${targets[target]}`,
    // The same bytes wherever the project lies.
    ...["-fdebug-compilation-dir=/bpf", "-I", ".", "-c", "tallyman.bpf.c", "-o", output],
  );
  // BTF stays: CO-RE needs it. Its relocations are a linker's: libbpf goes by what stands there already.
  const relocations = [".rel.BTF", ".rel.BTF.ext", ".llvm_addrsig"];
  const removed = relocations.map((name) => `--remove-section=${name}`);
  run(tool("llvm-objcopy"), "--strip-debug", ...removed, output);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function main(isCheck: boolean): number {
  const stale: string[] = [];
  const keep = (name: string, bytes: Uint8Array) => {
    const path = `${folder}/${name}`;
    if (!isCheck) return Deno.writeFileSync(path, bytes);
    if (!same(Deno.readFileSync(path), bytes)) stale.push(`bpf/${name}`);
  };
  keep("layout.h", new TextEncoder().encode(layoutHeader()));
  const built = Deno.makeTempDirSync();
  try {
    for (const target of ["x86_64", "aarch64"] as const) {
      const name = `tallyman.${target}.bpf.o`;
      compile(target, `${built}/${name}`);
      const bytes = Deno.readFileSync(`${built}/${name}`);
      if (bytes.length > MAX_BYTES) throw new Error(`${name} has grown to ${bytes.length} bytes`);
      keep(name, bytes);
    }
  } finally {
    Deno.removeSync(built, { recursive: true });
  }
  if (stale.length === 0) return 0;
  Deno.stderr.writeSync(
    new TextEncoder().encode(
      `${
        stale.join(", ")
      }: not what the sources give with this clang; run \`deno task build:bpf\`\n`,
    ),
  );
  return 1;
}

if (import.meta.main) Deno.exit(main(Deno.args.includes("--check")));
