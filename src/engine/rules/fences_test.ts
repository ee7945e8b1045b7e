import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { asRuleCode, Fences, isRuleCode } from "./fences.ts";

Deno.test("fences: rules' code is known as such, and so is what it began", async () => {
  const seen: boolean[] = [];
  asRuleCode(() => {
    seen.push(isRuleCode());
    setTimeout(() => seen.push(isRuleCode()));
    void Promise.resolve().then(() => seen.push(isRuleCode()));
  });
  strictEqual(isRuleCode(), false);
  await new Promise((resolve) => setTimeout(resolve, 5));
  deepStrictEqual(seen, [true, true, true]);
});

Deno.test("fences: they stand until the last is gone, and leave nothing behind", () => {
  const { exit } = Deno;
  const { log } = globalThis.console;
  const own = () => Object.getOwnPropertyNames(Deno.stdout);
  const before = own();
  const one = new Fences();
  const two = new Fences();
  ok(Deno.exit !== exit);
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  ok(Deno.exit !== exit);
  two[Symbol.dispose]();
  strictEqual(Deno.exit, exit);
  strictEqual(globalThis.console.log, log);
  deepStrictEqual(own(), before);
});

/** Runs code in a process of its own: what it writes, and how it ends. */
async function run(code: string) {
  const fences = new URL("./fences.ts", import.meta.url).href;
  const { stdout, stderr, code: status } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `import { asRuleCode, Fences } from ${JSON.stringify(fences)};\n${code}`],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr), status };
}

Deno.test("fences: what rules write to the console goes to standard error, as the console writes it", async () => {
  const { stdout, stderr, status } = await run(`
    using _ = new Fences();
    asRuleCode(() => {
      console.log("log %d", 5, { a: [1] });
      console.info("info");
      console.debug("debug");
      console.table([{ a: 1 }]);
      console.dir({ dir: 1 });
      console.error("error");
      queueMicrotask(() => console.log("later"));
    });
    console.log("data");
    await 0;
  `);
  deepStrictEqual([stdout, status], ["data\n", 0]);
  for (const each of ["log 5 { a: [ 1 ] }", "info", "debug", "(index)", "dir", "error", "later"]) {
    ok(stderr.includes(each), stderr);
  }
});

Deno.test("fences: what a container calls itself is harmless on the console, too", async () => {
  const { stderr } = await run(`
    using _ = new Fences();
    asRuleCode(() => console.log("\\x1b[2J\\x1b]0;title\\x07\\r", ["\\x1b[2J"]));
  `);
  // deno-lint-ignore no-control-regex
  ok(!/[\x00-\x09\x0b-\x1f]/.test(stderr), stderr);
  ok(stderr.startsWith("\\x1b[2J"), stderr);
});

Deno.test("fences: no way of node's leads around them", async () => {
  const { stdout, stderr, status } = await run(`
    import process from "node:process";
    using _ = new Fences();
    for (const code of [() => process.exit(5), () => process.stdout.write("forged")]) {
      try { asRuleCode(code); } catch (error) { console.error(error.message); }
    }
    console.log("alive");
  `);
  deepStrictEqual([stdout, status], ["alive\n", 0]);
  match(stderr, /can't end the monitor\n.*can't write to standard output/);
});

Deno.test("fences: what is not contained ends the process, as without them", async () => {
  const rejection = (isTheirs: boolean) =>
    run(`
      using _ = new Fences(() => ${isTheirs});
      void Promise.reject(new Error("late"));
      setTimeout(() => { throw new Error("later"); });
      await new Promise((resolve) => setTimeout(resolve, 20));
      console.log("alive");
    `);
  deepStrictEqual(await rejection(true), { stdout: "alive\n", stderr: "", status: 0 });
  strictEqual((await rejection(false)).status, 1);
});
