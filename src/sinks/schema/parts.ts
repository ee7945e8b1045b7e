/**
 * Parts that several records have. Strict: a field that is not described here is not written.
 *
 * @module
 */
import { z } from "zod";
import type { Runtime } from "../../containers/mod.ts";

const runtimes = [
  "docker",
  "podman",
  "containerd",
  "cri-o",
  "lxc",
  "systemd-nspawn",
  "runc",
  "crun",
  "tallyman",
  "oci",
  "plain",
  "host",
  "overflow",
] as const satisfies readonly Runtime[];

/** Each is named above: else this does not compile. */
type Unnamed = Exclude<Runtime, typeof runtimes[number]>;
const _none: Unnamed extends never ? true : Unnamed = true;

/** RFC 3339 in UTC, nine digits behind the second. */
export function time(meaning: string) {
  return z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/).describe(meaning);
}

const count = z.int().nonnegative();

/** Calls by system call. */
export function calls(meaning: string) {
  return z.record(
    z.string(),
    z.int().positive().describe("How often; by the call's name: `openat`, `i386:openat`"),
  ).describe(meaning);
}

/** What every record may have. */
export const anywhere = {
  not_utf8: z.record(z.string(), z.base64().describe("The bytes of one")).optional().describe(
    "The true bytes of texts that are no UTF-8, by where they are in the record: a JSON pointer (RFC 6901), of a member's name with `#` before it",
  ),
  cut: z.literal(true).optional().describe(
    "The monitor, or the machine, went down while this was written: what is missing is lost, and the last value may be cut short. It was closed by the next run",
  ),
};

const image = z.strictObject({
  name: z.string().optional().describe("With its registry, without tag and digest"),
  tags: z.array(z.string()).optional().describe("The tag that was asked for"),
  repo_digests: z.array(z.string()).optional().describe("Name and digest, if it was asked for so"),
  id: z.string().optional().describe("As its engine has it: mostly `sha256:…`"),
});

const containerFields = {
  id: z.string().describe(
    "The engine's own: 64 hex digits, or a name where the engine has names",
  ),
  runtime: z.strictObject({
    name: z.enum(runtimes).describe(
      "Who made it. `oci`: not known of which engine; `plain`: a pid namespace of its own; `host`: all that is in no container; `overflow`: all for which there was no slot",
    ),
  }),
  metadata: z.enum(["known", "pending", "unknown"]).describe(
    "`pending`: its engine has not answered yet; `unknown`: no engine knows it",
  ),
  name: z.string().optional().describe("By its engine"),
  image: image.optional(),
};

/** A container, as every record names it. */
export const container = z.strictObject(containerFields);

/** A container in full. */
export const wholeContainer = z.strictObject({
  ...containerFields,
  cgroup: z.string().describe("Its cgroup's path, from the hierarchy's root"),
  label: z.record(z.string(), z.string().describe("One label's value")).optional().describe(
    "Labels or annotations, by name",
  ),
  reason: z.string().optional().describe("Why its metadata is unknown"),
});

/** Kubernetes' names for a container. */
export const k8s = z.strictObject({
  pod: z.strictObject({
    name: z.string().optional().describe("The pod's"),
    uid: z.string().optional().describe("Also where only the cgroup's path tells of a pod"),
  }),
  namespace: z.strictObject({ name: z.string().describe("The pod's") }).optional(),
  container: z.strictObject({ name: z.string().describe("The container's in its pod") }).optional(),
}).describe("Kubernetes' names, where it has any");

const id = (meaning: string) => z.strictObject({ id: count.describe(meaning) });

/** What a program is. */
const program = {
  executable: z.strictObject({
    path: z.string().describe("The file, as the container has it; of a script its interpreter"),
  }).optional(),
  command_args: z.array(z.string()).optional().describe("Program name and arguments"),
  command_args_truncated: z.boolean().optional().describe("There are more than these"),
};

/** A process that called. */
export const process = z.strictObject({
  pid: count.describe("As the host numbers it"),
  vpid: count.optional().describe("In its innermost pid namespace"),
  parent_pid: count.optional().describe("Who forked it"),
  creation: z.strictObject({
    time: time("When it began: with the pid, what tells it from all others"),
  }),
  ...program,
  working_directory: z.string().optional().describe("As the container has it"),
  user: id("Effective, in the initial user namespace"),
  group: id("Effective, likewise"),
  login_user: id("Who logged in").optional(),
  session_leader: z.strictObject({ pid: count.describe("As the host numbers it") }).optional(),
  tty: z.string().optional().describe("Its controlling terminal: `pts/0`"),
  capabilities: z.string().regex(/^[0-9a-f]{16}$/).optional().describe(
    "The effective set in hexadecimal, as `CapEff` in /proc/PID/status",
  ),
  ancestors: z.array(z.strictObject({
    pid: count.describe("As the host numbers it"),
    name: z.string().describe("Its first thread's name"),
  })).optional().describe("Who forked it, who forked that one, and so on: 16 at most"),
}).describe(
  "Who called; of an execve that succeeded, as it was before. What nobody knows is left out",
);

/** The thread that called. */
export const thread = z.strictObject({
  id: count.describe("As the host numbers it"),
  name: z.string().describe("15 bytes at most; it may differ from its process's"),
});

/** A call. */
export const call = {
  syscall: z.string().describe("`openat`; of 32-bit code `i386:openat`; without a name `sys_700`"),
  args: z.record(z.string(), z.json()).describe(
    "By name: numbers, texts, names of flags, structs as objects. An integer beyond 2^53 is its digits. A text that was cut is an object with `text`, `truncated` and the whole `length`; a buffer has `text`, its `length` and, if it is no UTF-8, `base64`; memory that could not be had is `fault` with its `address` and `why`",
  ),
  ret: z.json().describe(
    "What it returned; negative: it failed; null: it has not returned, or never does",
  ),
  error: z.strictObject({ type: z.string().describe("`ENOENT`") }).optional().describe(
    "If it failed",
  ),
  duration_ns: count.optional().describe("From its enter to its return, in nanoseconds"),
  abandoned: z.boolean().optional().describe("Its task ended before it could return"),
  refused: z.boolean().optional().describe("seccomp refused it: the kernel did not begin it"),
  executed: z.strictObject(program).optional().describe(
    "The program that an execve has begun",
  ),
  descriptors: z.record(
    z.string(),
    z.strictObject({
      name: z.string().describe("As strace shows it: a path, `socket:[123]`, `pipe:[5]`"),
      from: z.enum(["event", "proc"]).describe(
        "`event`: the call that opened it; `proc`: /proc, after the call: it may be of a later one of that number",
      ),
    }),
  ).optional().describe(
    "What descriptors refer to, where that is known: of arguments by their names, of the result by `ret`",
  ),
};
