/**
 * Alerts as Falco writes them with `json_output: true`.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Alert, AlertEvent, AlertFormat } from "../alert.ts";
import { printable } from "../printable.ts";
import { imagePart, rfc3339 } from "../records.ts";
import { displayName, shortId } from "../sink.ts";
import type { Writer } from "../status.ts";
import { fileName, fileOf, peerOf, techniquesOf } from "./parts.ts";

declare global {
  interface JSON {
    /** A number that JavaScript has no room for: https://tc39.es/proposal-json-parse-with-source/ */
    rawJSON(json: string): object;
  }
}

/** Falco's words, as falcosidekick knows them. */
const priorities: Readonly<Record<string, string>> = {
  info: "Informational",
  notice: "Notice",
  warning: "Warning",
  error: "Error",
  critical: "Critical",
};

/** Falco's fields by name: texts and numbers. falcosidekick fails on a pod's name that is no text. */
type Fields = Record<string, string | number | boolean | object>;

/** Members whose value is not known are left out. */
function known(fields: Readonly<Record<string, string | number | boolean | undefined>>): Fields {
  const told: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) told[name] = typeof value === "string" ? value.toWellFormed() : value;
  }
  return told;
}

function containerFields(container: Container): Fields {
  const { identity, metadata } = container;
  const description = metadata.state === "known" ? metadata.description : {};
  const { image, pod, runtime = identity.runtime } = description;
  const parts = image === undefined ? {} : imagePart(image);
  return known({
    "container.id": shortId(identity.id),
    "container.full_id": identity.id,
    "container.name": description.name ?? displayName(container),
    "container.type": runtime,
    "container.image": image?.name,
    "container.image.repository": parts.name,
    "container.image.tag": parts.tags?.[0],
    "container.image.digest": parts.repo_digests?.[0]?.replace(/^.*@/, ""),
    "container.image.id": image?.id,
    "k8s.pod.name": pod?.name,
    "k8s.pod.uid": pod?.uid ?? identity.podUid,
    "k8s.ns.name": pod?.namespace,
  });
}

function callFields({ syscall, error, ret, duration_ns }: NonNullable<AlertEvent["call"]>): Fields {
  return known({
    "evt.type": syscall.replace(/^.*:/, ""),
    "evt.res": error?.type ?? (ret === null ? undefined : "SUCCESS"),
    "evt.rawres": typeof ret === "number" ? ret : undefined,
    "evt.latency": duration_ns,
  });
}

function eventFields(event: AlertEvent): Fields {
  const { process, thread, call } = event;
  const { executable, command_args: args, ancestors = [] } = process;
  const peer = peerOf(event);
  const fd = peer?.text ?? fileOf(event);
  return known({
    ...(call !== undefined && callFields(call)),
    "fd.name": fd,
    "fd.filename": peer === undefined && fd !== undefined ? fileName(fd) : undefined,
    "fd.rip": peer?.address,
    "fd.rport": peer?.port,
    "proc.name": thread.name,
    "proc.pid": process.pid,
    "proc.vpid": process.vpid,
    "proc.ppid": process.parent_pid,
    "proc.pname": ancestors[0]?.name,
    "proc.aname[2]": ancestors[1]?.name,
    "proc.aname[3]": ancestors[2]?.name,
    "proc.exepath": executable?.path,
    "proc.exe": args?.[0],
    "proc.args": args?.slice(1).join(" "),
    "proc.cmdline": args === undefined ? undefined : [thread.name, ...args.slice(1)].join(" "),
    "proc.cwd": process.working_directory,
    "proc.sid": process.session_leader?.pid,
    "thread.tid": thread.id,
    "user.uid": process.user.id,
    "user.loginuid": process.login_user?.id ?? -1,
    "group.gid": process.group.id,
  });
}

/** Techniques as Falco's rules tag them (`T1059`), the rest as it is. */
function tagsOf(alert: Alert): string[] {
  const others = alert.tags.filter((tag) => !tag.startsWith("mitre:"));
  return [...new Set([...techniquesOf(alert), ...others])].sort();
}

/** Makes Falco's objects. */
export function falcoAlert({ hostName }: Writer): AlertFormat {
  return (alert) => {
    const { container, event, rule, severity, suppressed, repeat } = alert;
    const time = rfc3339(alert.time);
    const priority = priorities[severity] ?? "Notice";
    const where = container === undefined
      ? ""
      : ` (container_id=${shortId(container.identity.id)} container_name=${
        displayName(container)
      })`;
    return {
      hostname: hostName,
      output: `${time.slice(11, -1)}: ${priority} ${printable(alert.message + where)}`,
      output_fields: {
        "evt.time": JSON.rawJSON(String(alert.time)),
        ...(container !== undefined && containerFields(container)),
        ...(event !== undefined && eventFields(event)),
        "tallyman.title": alert.title,
        "tallyman.suppressed": suppressed,
        ...(repeat !== undefined && { "tallyman.repeat": repeat }),
      },
      priority,
      rule,
      source: "syscall",
      tags: tagsOf(alert),
      time,
    };
  };
}
