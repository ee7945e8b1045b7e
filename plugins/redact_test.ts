import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { PluginTrial } from "tallyman/testing";
import plugin from "./redact.ts";

const SECRET = "hunter2";

/** Programs' arguments; `hunter2` must not leave. */
const lists: readonly (readonly string[])[] = [
  ["mysql", "-u", "root", `-p${SECRET}`],
  ["/usr/bin/mysqldump", `--password=${SECRET}`, "db"],
  ["psql", "--password", SECRET],
  ["sshpass", "-p", SECRET, "ssh", "host"],
  ["curl", "-u", `me:${SECRET}`, "https://example.org"],
  ["curl", "-H", `Authorization: Bearer ${SECRET}`, "https://example.org"],
  ["curl", "-H", `X-Api-Key: ${SECRET}`, "https://example.org"],
  ["curl", `https://me:${SECRET}@example.org/`],
  ["curl", `https://me:a@${SECRET}@example.org/`],
  ["redis-cli", "-a", SECRET],
  ["env", `PGPASSWORD=${SECRET}`, `AWS_SECRET_ACCESS_KEY=${SECRET}`, "psql"],
  ["tool", "--api-key", SECRET, "--auth-token", SECRET],
  ["tool", `--client_secret=${SECRET}`, `DB_PASS=${SECRET}`],
];

/** Text of all kinds, messages and what is written. */
const texts: readonly string[] = [
  `sh started mysql -u root -p${SECRET} db`,
  `sh started psql --password ${SECRET} db`,
  `sh started curl -s -u me:${SECRET} https://example.org`,
  `{"password": "${SECRET}", "user": "me"}`,
  `password: ${SECRET}`,
  `GET / HTTP/1.1\r\nCookie: session=${SECRET}\r\n\r\n`,
  `GET / HTTP/1.1\r\nAuthorization: Basic ${SECRET}\r\n\r\n`,
  `postgres://me:${SECRET}@10.0.0.7/db`,
  `token='${SECRET}'`,
  `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`,
];

/** What has nothing to hide stays as it is. */
const harmless: readonly (readonly string[])[] = [
  ["mkdir", "-p", "/var/lib/app"],
  ["ssh", "-p", "2222", "host"],
  ["docker", "run", "-p8080:80", "nginx"],
  ["cat", "/run/secrets/kubernetes.io/serviceaccount/token"],
  ["ls", "-l", "/etc/passwd"],
  ["curl", "https://example.org/a:b@c"],
];

Deno.test("redact: arguments that hold a secret", () => {
  const trial = new PluginTrial(plugin);
  for (const argv of lists) {
    const text = JSON.stringify(trial.record({ process: { command_args: argv }, args: { argv } }));
    ok(!text.includes(SECRET), text);
    ok(text.includes("[redacted]"), text);
  }
});

Deno.test("redact: texts that hold one", () => {
  const trial = new PluginTrial(plugin);
  for (const message of texts) {
    const text = JSON.stringify(trial.record({ message }));
    ok(!text.includes(SECRET), text);
    ok(text.includes("[redacted]"), text);
  }
});

Deno.test("redact: what holds none stays, and what says of which kind a record is", () => {
  const trial = new PluginTrial(plugin);
  for (const argv of harmless) deepStrictEqual(trial.record({ argv }), { argv });
  const record = { type: "event", time: "now", syscall: "read", error: "EIO", args: { fd: 3 } };
  deepStrictEqual(trial.record(record), record);
});

Deno.test("redact: fields and labels by their names", () => {
  const trial = new PluginTrial(plugin, { keys: ["path"] });
  deepStrictEqual(
    trial.record({
      fields: { token: SECRET, user: "me" },
      label: { "db.password": SECRET },
      path: "/x",
    }),
    {
      fields: { token: "[redacted]", user: "me" },
      label: { "db.password": "[redacted]" },
      path: "[redacted]",
    },
  );
});

Deno.test("redact: patterns of one's own, alone or besides", () => {
  const own = new PluginTrial(plugin, { patterns: ["/home/[^/]+"], defaults: false });
  deepStrictEqual(own.record({ path: "/home/eve/x", argv: [`--password=${SECRET}`] }), {
    path: "[redacted]/x",
    argv: [`--password=${SECRET}`],
  });
  throws(() => new PluginTrial(plugin, { patterns: ["("] }), /patterns\.0: /);
});

Deno.test("redact: whatever stands around it, a secret behind its name goes; texts come back as many", () => {
  const trial = new PluginTrial(plugin);
  const around = fc.string({ unit: "binary" }).filter((text) => !text.includes(SECRET));
  fc.assert(fc.property(around, around, (before, after) => {
    const argv = [`${before} --password=${SECRET} ${after}`, "--token", SECRET, after];
    const record = trial.record({ argv });
    ok(!JSON.stringify(record).includes(SECRET));
    deepStrictEqual(record.argv.length, argv.length);
  }));
});
