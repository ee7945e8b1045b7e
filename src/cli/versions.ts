/**
 * Which tallyman this is, and on what it runs.
 *
 * @module
 */
import { Libbpf, LibraryError } from "../kernel/mod.ts";
import type { Writer } from "../sinks/mod.ts";
import own from "../../deno.json" with { type: "json" };

/** tallyman's own version. */
export const VERSION: string = own.version;

/** libbpf's; undefined if there is none, or none that will do. */
function libbpfVersion(): string | undefined {
  try {
    using library = Libbpf.open(() => {});
    return library.version.replace(/^v/, "");
  } catch (error) {
    if (error instanceof LibraryError) return undefined;
    throw error;
  }
}

/** `tallyman 0.1.0 (Deno 2.9.6, libbpf 1.5, Linux 6.12.0-1-amd64)` */
export function versionText(): string {
  const libbpf = libbpfVersion() ?? "not found";
  return `tallyman ${VERSION} (Deno ${Deno.version.deno}, libbpf ${libbpf}, Linux ${Deno.osRelease()})`;
}

/** Who writes records. */
export function writer(): Writer {
  return {
    version: VERSION,
    hostName: Deno.hostname(),
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    kernel: Deno.osRelease(),
    deno: Deno.version.deno,
    libbpf: libbpfVersion(),
    pid: Deno.pid,
    started: BigInt(Math.round(performance.timeOrigin * 1000)) * 1000n,
  };
}
