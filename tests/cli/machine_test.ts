/** What the machine lacks is told, with what to do about it: exit code 3. */
import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { root, run, runProgram } from "./monitor.ts";

/** Somebody who is not root, with Deno's cache in a folder of theirs; they may read a checkout in root's home, too. */
async function nobody(): Promise<AsyncDisposable & { options: Parameters<typeof run>[1] }> {
  const folder = await Deno.makeTempDir();
  const { stdout } = await runProgram(Deno.execPath(), "info", "--json");
  const { npmCache } = JSON.parse(stdout);
  const cache = join(folder, "deno");
  await Deno.mkdir(cache);
  await runProgram("cp", "-r", npmCache, cache);
  await runProgram("chown", "-R", "65534:65534", folder);
  return {
    options: {
      env: { DENO_DIR: cache },
      before: [
        ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        ...["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
      ],
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("machine: without root, each command that counts says to be root", root, async (t) => {
  await using user = await nobody();
  for (const args of [[], ["--jsonl"], ["count"], ["count", "--", "true"], ["demo"]]) {
    await t.step(args.join(" ") || "watch", async () => {
      const { code, stdout, stderr } = await run(args, user.options);
      match(stderr, /Run as root/);
      strictEqual(stderr.trimEnd().split("\n").length, 1, stderr);
      strictEqual(stdout, "");
      strictEqual(code, 3);
    });
  }
});

Deno.test("machine: without root, doctor says what is missing", root, async () => {
  await using user = await nobody();
  const { code, stdout, stderr } = await run(["doctor"], user.options);
  match(stdout, /^LACKS +privileges .*CAP_BPF[^]*?-> run as root/m);
  strictEqual(stderr, "");
  strictEqual(code, 3);
});

Deno.test("machine: without libbpf: how to install it", root, async () => {
  const options = { env: { LIBBPF_PATH: "/nonexistent/libbpf.so.1" } };
  for (const args of [[], ["count", "--", "true"]]) {
    const { code, stdout, stderr } = await run(args, options);
    match(stderr, /\/nonexistent\/libbpf\.so\.1: not found.*apt-get install libbpf1/);
    strictEqual(stdout, "");
    strictEqual(code, 3);
  }
  const { code, stdout } = await run(["doctor"], options);
  match(stdout, /^LACKS +libbpf /m);
  strictEqual(code, 3);
});

Deno.test("machine: doctor finds nothing that is missing here", root, async () => {
  const { code, stdout, stderr } = await run(["doctor"]);
  for (const what of ["kernel", "BTF", "libbpf", "BPF programs", "cgroups", "engine docker"]) {
    match(stdout, new RegExp(`^(ok|so-so) +${what} `, "m"));
  }
  strictEqual(stderr, "");
  strictEqual(code, 0);
});

Deno.test("machine: doctor --json says the same to programs", root, async () => {
  const { code, stdout } = await run(["doctor", "--json"]);
  const findings: Record<string, unknown>[] = JSON.parse(stdout);
  ok(findings.length > 8);
  for (const { what, state, found, advice } of findings) {
    strictEqual(typeof what, "string");
    ok(["ok", "falls back", "lacks"].includes(String(state)));
    strictEqual(typeof found, "string");
    ok(advice === undefined || typeof advice === "string");
    ok(state === "ok" || advice !== undefined, `${what}: what is to be done about it?`);
  }
  strictEqual(code, 0);
});
