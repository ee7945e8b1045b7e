import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Alert, AlertEvent } from "../alert.ts";
import { anyContainer, anyTime, container, hostileText } from "../fixtures.ts";
import { line } from "../json_line.ts";
import { anyRecord } from "../schema/mod.ts";
import type { Writer } from "../status.ts";
import { ecsAlert, falcoAlert } from "./mod.ts";

const writer: Writer = {
  version: "0.1.0",
  hostName: "node-3",
  architecture: "amd64",
  kernel: "6.12.0-1-amd64",
  deno: "2.9.6",
  libbpf: "1.5",
  pid: 1,
  started: 0n,
};

const event: Required<AlertEvent> = {
  process: {
    pid: 32625,
    vpid: 7,
    parent_pid: 32610,
    creation: { time: "2026-11-22T17:40:41.118204377Z" },
    executable: { path: "/usr/bin/cat" },
    command_args: ["cat", "/etc/shadow"],
    working_directory: "/etc",
    user: { id: 0 },
    group: { id: 0 },
    ancestors: [{ pid: 32610, name: "sh" }, { pid: 1, name: "init" }],
  },
  thread: { id: 32626, name: "cat" },
  call: {
    syscall: "openat",
    args: { dirfd: "AT_FDCWD", path: "shadow", flags: { value: 0, names: ["O_RDONLY"] } },
    ret: -13,
    error: { type: "EACCES" },
    duration_ns: 21_402,
  },
};

const alert: Alert = {
  time: 1_795_378_648_383_835_932n,
  rule: "sensitive-file-read",
  title: "A file that holds secrets was opened",
  severity: "warning",
  tags: ["mitre:T1003.008", "file"],
  message: "cat opened /etc/shadow",
  container: container("46cdd5404e557e4ee56e4e92c6d4d8de0c9c9bd6a2a1e9f4a0c8a3b7d1f2e6a5", {
    metadata: {
      state: "known",
      description: {
        name: "k8s_web",
        image: { name: "registry:5000/shop/web:1.27", id: "sha256:4f06" },
        pod: { name: "web-7d4b9", namespace: "shop", uid: "0d4c2b1a" },
      },
    },
  }),
  fields: { secret: "password hashes" },
  event,
  suppressed: 2,
};

const written = (format: (alert: Alert) => object, of: Alert) => JSON.parse(line(format(of)));
const falco = (of: Alert) => written(falcoAlert(writer), of);
const ecs = (of: Alert) => written(ecsAlert(writer), of);

Deno.test("falco: what falcosidekick reads, in Falco's words", () => {
  const { output_fields, ...rest } = falco(alert);
  deepStrictEqual(rest, {
    hostname: "node-3",
    output:
      "20:17:28.383835932: Warning cat opened /etc/shadow (container_id=46cdd5404e55 container_name=shop/web-7d4b9)",
    priority: "Warning",
    rule: "sensitive-file-read",
    source: "syscall",
    tags: ["T1003.008", "file"],
    time: "2026-11-22T20:17:28.383835932Z",
  });
  // A number as Falco writes it, to the nanosecond.
  match(line(falcoAlert(writer)(alert)), /"evt\.time":1795378648383835932,/);
  delete output_fields["evt.time"];
  deepStrictEqual(output_fields, {
    "container.id": "46cdd5404e55",
    "container.full_id": alert.container?.identity.id,
    "container.name": "k8s_web",
    "container.type": "docker",
    "container.image": "registry:5000/shop/web:1.27",
    "container.image.repository": "registry:5000/shop/web",
    "container.image.tag": "1.27",
    "container.image.id": "sha256:4f06",
    "k8s.pod.name": "web-7d4b9",
    "k8s.pod.uid": "0d4c2b1a",
    "k8s.ns.name": "shop",
    "evt.type": "openat",
    "evt.res": "EACCES",
    "evt.rawres": -13,
    "evt.latency": 21_402,
    "fd.name": "/etc/shadow",
    "fd.filename": "shadow",
    "proc.name": "cat",
    "proc.pid": 32625,
    "proc.vpid": 7,
    "proc.ppid": 32610,
    "proc.pname": "sh",
    "proc.aname[2]": "init",
    "proc.exepath": "/usr/bin/cat",
    "proc.exe": "cat",
    "proc.args": "/etc/shadow",
    "proc.cmdline": "cat /etc/shadow",
    "proc.cwd": "/etc",
    "thread.tid": 32626,
    "user.uid": 0,
    "user.loginuid": -1,
    "group.gid": 0,
    "tallyman.title": "A file that holds secrets was opened",
    "tallyman.suppressed": 2,
  });
});

Deno.test("falco: a connection's other end is the descriptor's name", () => {
  const addr = { family: "AF_INET", text: "10.0.0.7:443", address: "10.0.0.7", port: 443 };
  const call = { syscall: "connect", args: { fd: 3, address: addr }, ret: 0 };
  const { output_fields: fields } = falco({ ...alert, event: { ...event, call } });
  strictEqual(fields["fd.name"], "10.0.0.7:443");
  strictEqual(fields["fd.rip"], "10.0.0.7");
  strictEqual(fields["fd.rport"], 443);
  strictEqual(fields["evt.res"], "SUCCESS");
});

Deno.test("ecs: each field is ECS's, and the whole record is in event.original", () => {
  const { event: told, ...rest } = ecs(alert);
  const { original, ...about } = told;
  deepStrictEqual(about, {
    kind: "alert",
    module: "tallyman",
    dataset: "tallyman.alert",
    category: ["intrusion_detection", "file"],
    type: ["info"],
    action: "openat",
    outcome: "failure",
    duration: 21_402,
    severity: 47,
  });
  const record = anyRecord.parse(JSON.parse(original));
  strictEqual(record.type === "alert" && record.fields?.["secret"], "password hashes");
  deepStrictEqual(rest, {
    "@timestamp": "2026-11-22T20:17:28.383835932Z",
    ecs: { version: "8.17.0" },
    log: { level: "warning" },
    rule: { id: alert.rule, name: alert.title, ruleset: "tallyman" },
    message: alert.message,
    tags: alert.tags,
    threat: {
      framework: "MITRE ATT&CK",
      technique: { id: ["T1003"], subtechnique: { id: ["T1003.008"] } },
    },
    host: {
      hostname: "node-3",
      name: "node-3",
      architecture: "x86_64",
      os: { type: "linux", kernel: "6.12.0-1-amd64" },
    },
    observer: { product: "tallyman", version: "0.1.0" },
    container: {
      id: alert.container?.identity.id,
      runtime: "docker",
      name: "k8s_web",
      image: { name: "registry:5000/shop/web", tag: ["1.27"], hash: { all: ["sha256:4f06"] } },
    },
    orchestrator: {
      type: "kubernetes",
      namespace: "shop",
      resource: { type: "pod", name: "web-7d4b9", id: "0d4c2b1a" },
    },
    process: {
      pid: 32625,
      vpid: 7,
      name: "cat",
      executable: "/usr/bin/cat",
      args: ["cat", "/etc/shadow"],
      args_count: 2,
      command_line: "cat /etc/shadow",
      working_directory: "/etc",
      start: "2026-11-22T17:40:41.118204377Z",
      thread: { id: 32626, name: "cat" },
      interactive: false,
      user: { id: "0" },
      group: { id: "0" },
      parent: { pid: 32610, name: "sh" },
    },
    user: { id: "0" },
    file: { path: "/etc/shadow", name: "shadow" },
    error: { code: "EACCES" },
    tallyman: { suppressed: 2 },
  });
});

Deno.test("formats: an alert about no call and no container has what there is", () => {
  const bare = { ...alert, event: undefined, container: undefined, tags: [] };
  const { output, output_fields } = falco(bare);
  strictEqual(output, "20:17:28.383835932: Warning cat opened /etc/shadow");
  deepStrictEqual(Object.keys(output_fields), [
    "evt.time",
    "tallyman.title",
    "tallyman.suppressed",
  ]);
  deepStrictEqual(ecs(bare).event.category, ["intrusion_detection"]);
  ok(!("process" in ecs(bare)));
});

/** What falcosidekick's Go types let through: it fails on a pod or namespace that is no text. */
function isForSidekick(read: Record<string, unknown>): void {
  const priorities = ["Informational", "Notice", "Warning", "Error", "Critical"];
  ok(priorities.includes(String(read["priority"])));
  for (const name of ["rule", "source", "hostname", "output", "time"]) {
    ok(typeof read[name] === "string" && read[name] !== "", name);
  }
  match(String(read["time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  ok(Array.isArray(read["tags"]) && read["tags"].every((tag) => typeof tag === "string"));
  const fields = Object.entries(read["output_fields"] as object);
  ok(fields.length > 0);
  for (const [name, value] of fields) {
    ok(["string", "number", "boolean"].includes(typeof value), name);
    if (name.startsWith("k8s.") || name.startsWith("container.")) {
      strictEqual(typeof value, "string");
    }
  }
}

Deno.test("formats: whatever things are called, a line each, all UTF-8, of the right shape", () => {
  const severity = fc.constantFrom("info", "notice", "warning", "error", "critical");
  const any = fc.record({
    time: anyTime,
    message: hostileText,
    container: anyContainer,
    severity,
    path: hostileText,
    comm: hostileText,
    argv: fc.array(hostileText, { maxLength: 4 }),
  });
  fc.assert(fc.property(any, ({ path, comm, argv, ...facts }) => {
    const about: AlertEvent = {
      process: { ...event.process, executable: { path }, command_args: argv },
      thread: { id: 1, name: comm },
      call: { ...event.call, args: { path } },
    };
    const each = { ...alert, ...facts, event: about };
    for (const format of [falcoAlert(writer), ecsAlert(writer)]) {
      const text = line(format(each));
      doesNotMatch(text.slice(0, -1), /[\p{Cc}\u2028\u2029]/u);
      const read = JSON.parse(text);
      ok(!("not_utf8" in read));
    }
    isForSidekick(falco(each));
    doesNotMatch(falco(each).output, /\p{C}/u);
    anyRecord.parse(JSON.parse(ecs(each).event.original));
  }));
});
