/** Groups against strace's own. */
import assert from "node:assert/strict";
import { groupCalls, groupNames } from "./groups.ts";
import { rows } from "./rows.ts";

Deno.test("groups have calls that there are, each once", () => {
  for (const name of groupNames) {
    const calls = groupCalls(name) ?? [];
    assert.ok(calls.length > 5, name);
    assert.equal(new Set(calls).size, calls.length);
    assert.deepEqual(calls.filter((call) => !(call in rows)), []);
  }
});

Deno.test("groups are found with and without their sign", () => {
  assert.deepEqual(groupCalls("%net"), groupCalls("network"));
  assert.ok(groupCalls("%file")?.includes("openat"));
  assert.equal(groupCalls("%nothing"), undefined);
  assert.equal(groupCalls("constructor"), undefined);
});

/** Makes every call, with zeros. strace answers each itself, so that none is made. */
const everyCall = `
static long call(long n) {
  long r;
  __asm__ volatile("xor %%edi,%%edi;xor %%esi,%%esi;xor %%edx,%%edx;xor %%r10d,%%r10d;"
    "xor %%r8d,%%r8d;xor %%r9d,%%r9d;syscall" : "=a"(r) : "a"(n)
    : "rdi", "rsi", "rdx", "r10", "r8", "r9", "rcx", "r11", "memory");
  return r;
}
void _start(void) {
  // Not those that no table has, which strace would let through: among them is the kernel's own uprobe.
  for (long i = 0; i <= 450; i++) if (i <= 334 || i >= 424) call(i);
  __builtin_trap();
}`;

function has(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "groups are strace's",
  ignore: Deno.build.arch !== "x86_64" || !has("strace", "-V") || !has("gcc", "--version"),
  fn() {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.writeTextFileSync(`${folder}/every.c`, everyCall);
      assert.ok(has("gcc", "-static", "-nostdlib", "-o", `${folder}/every`, `${folder}/every.c`));
      for (const name of groupNames.filter((each) => each !== "net")) {
        // The group's calls are answered with another error than the rest.
        new Deno.Command("strace", {
          args: [
            ...["-o", `${folder}/log`, "-e", "inject=all:error=ENOSYS"],
            ...["-e", `inject=%${name}:error=EXFULL`, `${folder}/every`],
          ],
          stdout: "null",
          stderr: "null",
        }).outputSync();
        const log = Deno.readTextFileSync(`${folder}/log`);
        const traced = new Set(
          log.matchAll(/^(\w+)\(.*(EXFULL|ENOSYS)/gm).map(([, call = ""]) => call),
        );
        const theirs = new Set(log.matchAll(/^(\w+)\(.*EXFULL/gm).map(([, call = ""]) => call));
        assert.ok(traced.size > 340);
        const ours = new Set<string>(groupCalls(name)?.filter((call) => traced.has(call)));
        assert.deepEqual([...ours].toSorted(), [...theirs].toSorted(), name);
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
