/**
 * Alerts as Elastic Common Schema has them.
 *
 * @module
 */
import { groupCalls } from "../../syscalls/arguments/mod.ts";
import { type Alert, type AlertEvent, type AlertFormat, alertRecord } from "../alert.ts";
import { exact, lineOf, utf8Only } from "../json_line.ts";
import { imagePart, rfc3339 } from "../records.ts";
import type { Writer } from "../status.ts";
import { fileName, fileOf, peerOf, techniquesOf } from "./parts.ts";

const ECS_VERSION = "8.17.0";

/** ECS wants a number, the higher the worse; these are Elastic's own for detection rules. */
const severities: Readonly<Record<string, number>> = {
  info: 10,
  notice: 21,
  warning: 47,
  error: 73,
  critical: 99,
};

/** ECS's category of a call, the first whose calls it is among. */
const categories: readonly (readonly [category: string, calls: readonly string[]])[] = [
  ["process", ["execve", "execveat", "clone", "clone3", "fork", "vfork", "kill", "ptrace"]],
  ["network", groupCalls("%network") ?? []],
  ["file", groupCalls("%file") ?? []],
];

function categoriesOf(event: AlertEvent | undefined): string[] {
  if (event !== undefined && event.call === undefined) return ["intrusion_detection", "process"];
  const name = event?.call?.syscall.replace(/^.*:/, "") ?? "";
  const own = categories.find(([, calls]) => calls.includes(name))?.[0];
  return ["intrusion_detection", ...(own === undefined ? [] : [own])];
}

function containerOf({ container }: Alert): object {
  if (container === undefined) return {};
  const { identity, metadata } = container;
  const description = metadata.state === "known" ? metadata.description : {};
  const { name, image, pod, runtime = identity.runtime } = description;
  const { name: imageName, tags, repo_digests, id } = image === undefined ? {} : imagePart(image);
  const uid = pod?.uid ?? identity.podUid;
  const hasPod = pod !== undefined || uid !== undefined;
  return {
    container: {
      id: identity.id,
      runtime,
      ...(name !== undefined && { name }),
      ...(image !== undefined && {
        image: {
          ...(imageName !== undefined && { name: imageName }),
          ...(tags !== undefined && { tag: tags }),
          ...((repo_digests ?? id) !== undefined &&
            { hash: { all: repo_digests?.map((each) => each.replace(/^.*@/, "")) ?? [id] } }),
        },
      }),
    },
    ...(hasPod && {
      orchestrator: {
        type: "kubernetes",
        ...(pod?.namespace !== undefined && { namespace: pod.namespace }),
        resource: {
          type: "pod",
          ...(pod?.name !== undefined && { name: pod.name }),
          ...(uid !== undefined && { id: uid }),
        },
      },
    }),
  };
}

function processOf({ process, thread }: AlertEvent): object {
  const { pid, vpid, parent_pid, creation, executable, command_args: args } = process;
  const { working_directory, user, group, session_leader, tty, ancestors } = process;
  const [parent] = ancestors ?? [];
  return {
    process: {
      pid,
      ...(vpid !== undefined && { vpid }),
      name: executable === undefined ? thread.name : fileName(executable.path),
      ...(executable !== undefined && { executable: executable.path }),
      ...(args !== undefined && {
        args,
        args_count: args.length,
        command_line: args.join(" "),
      }),
      ...(working_directory !== undefined && { working_directory }),
      start: creation.time,
      thread,
      interactive: tty !== undefined,
      user: { id: String(user.id) },
      group: { id: String(group.id) },
      ...(parent_pid !== undefined && {
        parent: {
          pid: parent_pid,
          ...(parent?.pid === parent_pid && { name: parent.name }),
        },
      }),
      ...(session_leader !== undefined && { session_leader }),
    },
    user: { id: String(user.id) },
  };
}

function subjectOf(event: AlertEvent): object {
  const path = fileOf(event);
  const peer = peerOf(event);
  return {
    ...(path !== undefined && { file: { path, name: fileName(path) } }),
    ...(peer !== undefined && {
      destination: {
        address: peer.text,
        ...(peer.address !== undefined && { ip: peer.address }),
        ...(peer.port !== undefined && { port: peer.port }),
      },
    }),
  };
}

function threatOf(alert: Alert): object {
  const techniques = techniquesOf(alert);
  if (techniques.length === 0) return {};
  const parts = techniques.filter((id) => id.includes("."));
  return {
    threat: {
      framework: "MITRE ATT&CK",
      technique: {
        id: [...new Set(techniques.map((id) => id.replace(/\..*/, "")))],
        ...(parts.length > 0 && { subtechnique: { id: parts } }),
      },
    },
  };
}

/** Makes ECS documents. `event.original` is tallyman's own record, which has everything. */
export function ecsAlert({ hostName, architecture, kernel, version }: Writer): AlertFormat {
  const host = {
    hostname: hostName,
    name: hostName,
    architecture: architecture === "amd64" ? "x86_64" : "aarch64",
    os: { type: "linux", kernel },
  };
  return (alert) => {
    const { event, rule, title, severity, tags, message, suppressed, repeat } = alert;
    const { call } = event ?? {};
    return utf8Only({
      "@timestamp": rfc3339(alert.time),
      ecs: { version: ECS_VERSION },
      event: {
        kind: "alert",
        module: "tallyman",
        dataset: "tallyman.alert",
        category: categoriesOf(event),
        type: ["info"],
        ...(call !== undefined && {
          action: call.syscall,
          outcome: call.ret === null ? "unknown" : call.error === undefined ? "success" : "failure",
        }),
        ...(call?.duration_ns !== undefined && { duration: call.duration_ns }),
        severity: severities[severity] ?? 0,
        original: exact(lineOf(alertRecord(alert))),
      },
      log: { level: severity },
      rule: { id: rule, name: title, ruleset: "tallyman" },
      message,
      ...(tags.length > 0 && { tags }),
      ...threatOf(alert),
      host,
      observer: { product: "tallyman", version },
      ...containerOf(alert),
      ...(event !== undefined && { ...processOf(event), ...subjectOf(event) }),
      ...(call?.error !== undefined && { error: { code: call.error.type } }),
      tallyman: { suppressed, ...(repeat !== undefined && { repeat }) },
    });
  };
}
