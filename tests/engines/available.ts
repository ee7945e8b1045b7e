/**
 * Which engines can run here. A test that can't says so in its name.
 *
 * @module
 */
import { isUnified } from "./workspace.ts";

/** Programs that each engine is made of. */
const programs = {
  docker: ["dockerd", "docker", "containerd", "runc"],
  podman: ["podman", "conmon", "runc"],
  containerd: ["containerd", "ctr", "runc"],
  runc: ["runc"],
  crun: ["crun", "unshare"],
  lxc: ["lxc-start", "lxc-stop", "lxc-info", "lxc-attach"],
  nspawn: ["systemd-nspawn", "nsenter"],
} as const satisfies Record<string, readonly string[]>;

/** An engine that there is a fixture for. */
export type FixtureName = keyof typeof programs;

/** Whether an engine can run here, or why not. */
export function available(engine: FixtureName): true | string {
  if (Deno.build.os !== "linux") return "not on Linux";
  if (Deno.uid() !== 0) return "needs root";
  const missing = [...programs[engine], "busybox", "tar"].filter((program) =>
    !isInstalled(program)
  );
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  if (engine === "crun" && !isUnified() && !isMounted("cgroup2")) return "no cgroup v2";
  return true;
}

/** A test's name and whether to skip it, by the engines that it needs. */
export function needs(name: string, ...engines: FixtureName[]): { name: string; ignore: boolean } {
  for (const engine of engines) {
    const reason = available(engine);
    if (reason !== true) return { name: `${name} [skipped: ${engine}: ${reason}]`, ignore: true };
  }
  return { name, ignore: false };
}

function isInstalled(program: string): boolean {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

function isMounted(type: string): boolean {
  return Deno.readTextFileSync("/proc/self/mountinfo").includes(` - ${type} `);
}
