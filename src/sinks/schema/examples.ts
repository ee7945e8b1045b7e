/**
 * A record of each type, as a real one looks.
 *
 * @module
 */
import type { RecordType } from "../record_types.ts";

const container = {
  id: "46cdd5404e557e4ee56e4e92c6d4d8de0c9c9bd6a2a1e9f4a0c8a3b7d1f2e6a5",
  name: "web-1",
  runtime: { name: "docker" },
  image: { name: "nginx", tags: ["1.27"], id: "sha256:4f067ab2" },
  metadata: "known",
};

const process = {
  pid: 32625,
  vpid: 7,
  parent_pid: 32610,
  creation: { time: "2026-11-22T17:40:41.118204377Z" },
  executable: { path: "/usr/bin/cat" },
  command_args: ["cat", "/etc/shadow"],
  working_directory: "/",
  user: { id: 0 },
  group: { id: 0 },
  session_leader: { pid: 32610 },
  capabilities: "00000000a80425fb",
  ancestors: [{ pid: 32610, name: "sh" }],
};

const thread = { id: 32625, name: "cat" };

const call = {
  syscall: "openat",
  args: { dirfd: "AT_FDCWD", path: "/etc/shadow", flags: { value: 0, names: ["O_RDONLY"] } },
  ret: 3,
  duration_ns: 21_402,
};

/** By type. Each is of its schema, which a test holds. */
export const recordExamples: Readonly<Record<RecordType, object>> = {
  status: {
    type: "status",
    time: "2026-11-22T17:40:12.539228887Z",
    state: "started",
    schema_version: 1,
    service: { name: "tallyman", version: "0.1.0" },
    host: { name: "node-3", arch: "amd64" },
    os: { type: "linux", version: "6.12.0-1-amd64" },
    process: {
      pid: 812,
      creation: { time: "2026-11-22T17:40:12.101000000Z" },
      runtime: { name: "deno", version: "2.9.6" },
    },
    libbpf: { version: "1.5" },
  },
  container: {
    type: "container",
    time: "2026-11-22T17:40:12.539228887Z",
    action: "started",
    container: {
      ...container,
      cgroup: "/system.slice/docker-46cdd5404e55.scope",
      label: { "com.example.team": "shop" },
    },
  },
  tally: {
    type: "tally",
    time: "2026-11-22T17:40:13.699002796Z",
    container,
    k8s: {
      pod: { name: "web-7d4b9", uid: "0d4c2b1a-6f0e-4d7e-9a55-2f4b1c9f7e10" },
      namespace: { name: "shop" },
      container: { name: "web" },
    },
    total: { read: 140, openat: 61, execve: 1 },
    new: { read: 14, openat: 6 },
    terminal: { total: { read: 9 }, new: { read: 2 } },
    interval_ms: 1000,
  },
  process: {
    type: "process",
    time: "2026-11-22T17:40:42.112004117Z",
    action: "exited",
    container,
    process: { ...process, name: "cat", exit_code: 1 },
  },
  event: {
    type: "event",
    time: "2026-11-22T17:40:43.562559114Z",
    container,
    process,
    thread,
    ...call,
    syscall: "newfstatat",
    args: {
      dirfd: 5,
      path: "caf\ufffd",
      statbuf: { fault: true, address: "0x7ffe0", why: "unwritten" },
      flags: { value: 0, names: [] },
    },
    ret: -2,
    error: { type: "ENOENT" },
    descriptors: { dirfd: { name: "/srv", from: "event" } },
    not_utf8: { "/args/path": "Y2Fm6Q==" },
  },
  alert: {
    type: "alert",
    time: "2026-11-22T17:40:43.562559114Z",
    security_rule: {
      name: "sensitive-file-read",
      description: "A file that holds secrets was opened",
    },
    severity: "warning",
    message: "cat opened /etc/shadow",
    tags: ["mitre:T1003.008", "file"],
    container,
    process,
    thread,
    event: call,
    suppressed: 0,
  },
  loss: {
    type: "loss",
    time: "2026-11-22T17:40:44.699002796Z",
    container,
    reason: "rate_limited",
    syscall: "openat",
    count: 120_344,
  },
};
