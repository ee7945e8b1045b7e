/**
 * What the host must have: which distribution it is, and the programs that are missing.
 *
 * @module
 */
import type { Tool } from "./matrix.ts";
import { run } from "./process.ts";

/** Where a tool is, and the Debian package that brings it. */
interface Provided {
  /** One of these is enough. */
  readonly files: readonly string[];
  readonly package: string;
}

/** QEMU's own file server, which Debian 12 packs with it. */
export const VIRTIOFSD = "/usr/lib/qemu/virtiofsd";

/** The guest's first program; has to be linked statically. */
export const BUSYBOX = "/bin/busybox";

const provided: Record<Tool, Provided> = {
  busybox: { files: ["/usr/share/doc/busybox-static"], package: "busybox-static" },
  containerd: { files: ["/usr/bin/containerd"], package: "containerd" },
  crun: { files: ["/usr/bin/crun"], package: "crun" },
  dbus: { files: ["/usr/bin/dbus-daemon"], package: "dbus" },
  docker: { files: ["/usr/sbin/dockerd", "/usr/bin/dockerd"], package: "docker.io" },
  libbpf: { files: ["/usr/lib/x86_64-linux-gnu/libbpf.so.1"], package: "libbpf1" },
  podman: { files: ["/usr/bin/podman"], package: "podman" },
  qemu: { files: ["/usr/bin/qemu-system-x86_64"], package: "qemu-system-x86" },
  runc: { files: ["/usr/sbin/runc", "/usr/bin/runc"], package: "runc" },
  setpriv: { files: ["/usr/bin/setpriv"], package: "util-linux" },
  systemd: { files: ["/lib/systemd/systemd"], package: "systemd" },
  virtiofsd: { files: [VIRTIOFSD], package: "qemu-system-common" },
  xz: { files: ["/usr/bin/xz"], package: "xz-utils" },
};

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The packages that bring the tools which are missing. */
export function missingPackages(
  tools: readonly Tool[],
  isThere: (path: string) => boolean = exists,
): string[] {
  return tools.map((tool) => provided[tool])
    .filter(({ files }) => !files.some(isThere))
    .map((each) => each.package);
}

/** Installs what is missing, after saying so. */
export async function installMissing(
  tools: readonly Tool[],
  tell: (line: string) => void,
): Promise<void> {
  const packages = missingPackages(tools);
  if (packages.length === 0) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  tell(`installing by apt-get: ${packages.join(" ")}`);
  await run("apt-get", ["--quiet", "update"], { env });
  const install = ["--quiet", "--yes", "--no-install-recommends", "install"];
  await run("apt-get", [...install, ...packages], { env });
  const still = missingPackages(tools);
  if (still.length > 0) {
    throw new Error(`installed, but not where it should be: ${still.join(" ")}`);
  }
}

/** Why guests can't be booted here by design, if so: not a failure, but something to say aloud. */
export function unsupported(
  release: string = Deno.readTextFileSync("/etc/os-release"),
  architecture: string = Deno.build.arch,
): string | undefined {
  const id = release.match(/^ID="?([^"\n]*)"?$/m)?.[1] ?? "unknown";
  if (id !== "debian") return `kernels come from Debian's suites, and this is ${id}`;
  if (architecture !== "x86_64") {
    return `kernels are fetched for x86_64, and this is ${architecture}`;
  }
  return undefined;
}
