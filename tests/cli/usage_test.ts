/** What is wrong on the command line is told, with what may have been meant; and help helps. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { recordTypes } from "../../src/sinks/mod.ts";
import { checkout, run, runProgram } from "./monitor.ts";

const wrong: Readonly<Record<string, readonly [args: readonly string[], told: RegExp]>> = {
  "an option that there is not": [["--tpo", "3"], /"--tpo"[^]*Did you mean `--top`/],
  "a command's option that there is not": [
    ["count", "--jsno"],
    /"--jsno"[^]*Did you mean `--json`/,
  ],
  "a command that there is not": [["wtach"], /`wtach`[^]*Did you mean `watch`/],
  "a duration that is none": [
    ["-d", "soon"],
    /--duration[^]*"soon" is not a length of time[^]*"10s"/,
  ],
  "an interval that is too short": [["-i", "1ms"], /too short: "10ms"/],
  "a system call that there is not": [["-s", "opneat"], /"opneat"[^]*Did you mean "openat"/],
  "a value that is missing": [["count", "--duration"], /`--duration` requires `DURATION`/],
  "a command about rules that there is not": [["rules", "lsit"], /`lsit`[^]*Did you mean `list`/],
  "an option that a command about rules has not": [
    ["rules", "list", "--jsno"],
    /"--jsno"[^]*Did you mean `--json`/,
  ],
  "a rule's id that is none": [["--rule", "No Rule"], /"No Rule" is not a rule's id/],
  "a type of records that there is not": [["schema", "alrt"], /one of "status"[^]*got "alrt"/],
  "a format that there is not": [["--format", "elastic"], /"ecs"[^]*got "elastic"/],
  "a format without records": [["--format", "ecs"], /--format[^]*--jsonl/],
  "a shell that there is not": [["completion", "tcsh"], /"tcsh"/],
  "no shell to complete words in": [["completion"], /SHELL/],
  "an argument that nobody wants": [["doctor", "now"], /now/],
};

for (const [what, [args, told]] of Object.entries(wrong)) {
  Deno.test(`usage: ${what}: exit code 2`, async () => {
    const { code, stdout, stderr } = await run(args);
    match(stderr, told);
    strictEqual(stdout, "");
    strictEqual(code, 2);
    ok(!stderr.includes("    at "), "a stack helps nobody here");
  });
}

const commands = [
  ...["watch", "count", "events", "record", "replay", "containers", "doctor", "demo"],
  ...["rules", "plugins", "schema", "completion"],
] as const;

Deno.test("help: names every command, on one screen, and goes to standard output", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, stdout, stderr } = await run(args);
    strictEqual(code, 0);
    strictEqual(stderr, "");
    for (const command of commands) match(stdout, new RegExp(`^ {2}${command} `, "m"));
    match(stdout, /Example: /);
    fitsScreen(stdout);
  }
});

for (const command of commands) {
  Deno.test(`help: of ${command}: with an example, on one screen`, async () => {
    const { code, stdout, stderr } = await run([command, "--help"]);
    strictEqual(code, 0);
    strictEqual(stderr, "");
    match(stdout, new RegExp(`^Usage: monitor\\.ts ${command}\\b`, "m"));
    match(stdout, new RegExp(`^Example: \`.*(?:monitor\\.ts|tallyman) ${command}\\b`, "m"));
    fitsScreen(stdout);
    strictEqual((await run(["help", command])).stdout, stdout);
  });
}

for (const action of ["list", "explain", "new", "check", "test"]) {
  Deno.test(`help: of rules ${action}: with an example, on one screen`, async () => {
    const { code, stdout } = await run(["rules", action, "--help"]);
    strictEqual(code, 0);
    match(stdout, new RegExp(`^Example: \`monitor\\.ts rules ${action}\\b`, "m"));
    fitsScreen(stdout);
  });
}

for (const action of ["list", "check"]) {
  Deno.test(`help: of plugins ${action}: with an example, on one screen`, async () => {
    const { code, stdout } = await run(["plugins", action, "--help"]);
    strictEqual(code, 0);
    match(stdout, new RegExp(`^Example: \`monitor\\.ts plugins ${action}\\b`, "m"));
    fitsScreen(stdout);
  });
}

function fitsScreen(text: string): void {
  const lines = text.trimEnd().split("\n");
  ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) ok(line.length <= 80, line);
}

Deno.test("completion: the shells' scripts, and what they ask for", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await run(["completion", shell]);
    strictEqual(code, 0);
    match(stdout, /monitor\.ts/);
  }
  const asked = async (...args: string[]) => (await run(["completion", "bash", ...args])).stdout;
  match(await asked("count", "--syscall", "opena"), /openat/);
  match(await asked("watch", "--rule", "sensitive"), /sensitive-file-read/);
  match(await asked("rules", "explain", "sensitive"), /sensitive-file-read/);
  match(await asked("rules", "li"), /list/);
  match(await asked("schema", "al"), /alert/);
  match(await asked("watch", "--format", "f"), /falco/);
});

Deno.test("completion: bash itself completes by it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "tallyman-completion-" });
  try {
    // As a user has it: a link on the PATH.
    await Deno.symlink(join(checkout, "tallyman"), join(folder, "tallyman"));
    const script = `PATH="${folder}:${dirname(Deno.execPath())}:$PATH"
      eval "$(tallyman completion bash)"
      COMP_WORDS=(tallyman schema al) COMP_CWORD=2
      "$(complete -p tallyman | sed 's/.*-F \\([^ ]*\\) .*/\\1/')"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await runProgram("bash", "-c", script);
    strictEqual(code, 0, stderr);
    strictEqual(stdout.trim(), "alert");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("version: tallyman's, Deno's, libbpf's and the kernel's, on one line", async () => {
  for (const args of [["--version"], ["-V"], ["count", "--version"]]) {
    const { code, stdout, stderr } = await run(args);
    strictEqual(code, 0, stderr);
    const [, own, deno, libbpf, linux] =
      /^tallyman (\S+) \(Deno (\S+), libbpf (.+), Linux (\S+)\)\n$/.exec(stdout) ?? [];
    strictEqual(own, JSON.parse(Deno.readTextFileSync(join(checkout, "deno.json"))).version);
    strictEqual(deno, Deno.version.deno);
    strictEqual(linux, Deno.osRelease());
    match(libbpf ?? "", /^\d+\.\d+|^not found$/);
  }
  const without = await run(["--version"], { env: { LIBBPF_PATH: "/nonexistent" } });
  match(without.stdout, /libbpf not found/);
  strictEqual(without.code, 0);
});

Deno.test("schema: of all records, and of each; it is JSON Schema", async () => {
  const all = JSON.parse((await run(["schema"])).stdout);
  match(all.$schema, /json-schema\.org/);
  const types = all.oneOf.map((each: { properties: { type: { const: string } } }) =>
    each.properties.type.const
  );
  deepStrictEqual(types, [...recordTypes]);
  const { code, stdout } = await run(["schema", "tally"]);
  strictEqual(code, 0);
  strictEqual(JSON.parse(stdout).properties.type.const, "tally");
});
