/**
 * What stands at both ends of a run: who writes, and by which schema.
 *
 * @module
 */
import { rfc3339 } from "./records.ts";

/**
 * Of all records. It grows when a field goes away or gets another meaning; new fields, types and values of enumerations
 * may come without.
 */
export const SCHEMA_VERSION = 1;

/** Who writes. */
export interface Writer {
  /** tallyman's own version. */
  readonly version: string;
  readonly hostName: string;
  /** As OpenTelemetry calls it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** The kernel's, as `uname -r` says it. */
  readonly kernel: string;
  readonly deno: string;
  /** undefined: none was loaded. */
  readonly libbpf: string | undefined;
  readonly pid: number;
  /** When it started: nanoseconds since 1970, UTC. */
  readonly started: bigint;
}

/** The beginning or the end of a run. */
export interface Status {
  readonly state: "started" | "stopped";
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  readonly writer: Writer;
}

/** The first record of a run, and its last. */
export interface StatusRecord {
  readonly type: "status";
  readonly time: string;
  readonly state: Status["state"];
  readonly schema_version: number;
  readonly service: { readonly name: "tallyman"; readonly version: string };
  readonly host: { readonly name: string; readonly arch: string };
  readonly os: { readonly type: "linux"; readonly version: string };
  readonly process: {
    readonly pid: number;
    readonly creation: { readonly time: string };
    readonly runtime: { readonly name: "deno"; readonly version: string };
  };
  readonly libbpf?: { readonly version: string };
}

/** The record of the beginning or the end of a run. */
export function statusRecord({ state, time, writer }: Status): StatusRecord {
  return {
    type: "status",
    time: rfc3339(time),
    state,
    schema_version: SCHEMA_VERSION,
    service: { name: "tallyman", version: writer.version },
    host: { name: writer.hostName, arch: writer.architecture },
    os: { type: "linux", version: writer.kernel },
    process: {
      pid: writer.pid,
      creation: { time: rfc3339(writer.started) },
      runtime: { name: "deno", version: writer.deno },
    },
    ...(writer.libbpf !== undefined && { libbpf: { version: writer.libbpf } }),
  };
}
