/** The view on a terminal: util-linux's script(1) makes one. */
import { match, ok, strictEqual } from "node:assert/strict";
import stringWidth from "fast-string-width";
import { processesOf } from "./leftovers.ts";
import { commandLine, has, root, Running, until } from "./monitor.ts";

const terminal = { ignore: root.ignore || !await has("script") };

const COLUMNS = 80;
const ROWS = 24;
const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[?25l";
const MAIN_SCREEN = "\x1b[?25h\x1b[?1049l";

/** The monitor on a terminal of its own. */
function onTerminal(args: readonly string[]): Running {
  const command = commandLine(args).map((arg) => `'${arg}'`).join(" ");
  const script = `stty cols ${COLUMNS} rows ${ROWS}; echo pid $$; exec ${command}`;
  return new Running(["script", "-qec", script, "/dev/null"]);
}

/** The monitor's own pid, not that of the terminal. */
async function pidOf(running: Running): Promise<number> {
  const pid = () => Number(/pid (\d+)/.exec(running.stdout)?.[1]);
  await running.until("its pid", () => pid() > 0);
  return pid();
}

/** The lines of each frame, without what moves the cursor. */
function frames(output: string): string[][] {
  const from = output.indexOf(ALTERNATE_SCREEN);
  const to = output.lastIndexOf(MAIN_SCREEN);
  return output.slice(from, to < 0 ? undefined : to).split("\x1b[H").slice(1).map((frame) =>
    frame.split("\r\n").map((line) => line.replaceAll("\x1b[K", "").replaceAll("\x1b[J", ""))
  );
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(
    `live: blocks in place; ${signal} gives the screen back, with the last tick`,
    terminal,
    async () => {
      await using running = onTerminal(["demo", "-i", "100ms"]);
      const pid = await pidOf(running);
      const titled = () =>
        frames(running.stdout).some((lines) => /^demo-reader /m.test(lines.join("\n")));
      await running.until("a block", titled);
      await running.until("some frames", () => frames(running.stdout).length > 3);
      Deno.kill(pid, signal);
      const { code, stdout } = await running.ended();
      strictEqual(code, 0);
      strictEqual(stdout.split(ALTERNATE_SCREEN).length, 2, "the screen is taken once");
      strictEqual(stdout.split(MAIN_SCREEN).length, 2, "the screen is given back once");
      for (const lines of frames(stdout)) {
        ok(lines.length <= ROWS, `${lines.length} lines`);
        for (const line of lines) ok(stringWidth(line) <= COLUMNS, line);
      }
      const after = stdout.slice(stdout.indexOf(MAIN_SCREEN) + MAIN_SCREEN.length);
      match(after, /^\d\d:\d\d:\d\d {2}3 containers(?: {2}· .*)?\r$/m);
      for (const name of ["demo-reader", "demo-builder", "demo-clock"]) {
        match(after, new RegExp(`^${name} {2}tallyman {2}`, "m"));
      }
      ok(!after.includes("\x1b"), "nothing but text on the screen that was there before");
    },
  );
}

Deno.test("live: a terminal that goes away ends it, and all it started", terminal, async () => {
  await using running = onTerminal(["demo", "-i", "100ms"]);
  const pid = await pidOf(running);
  await running.until("a frame", () => frames(running.stdout).length > 0);
  ok(processesOf(pid).length > 0);
  running.kill("SIGKILL");
  await until("the end of what it started", () => processesOf(pid).length === 0);
  await until("its own end", () => {
    try {
      Deno.statSync(`/proc/${pid}`);
      return false;
    } catch {
      return true;
    }
  });
});

Deno.test(
  "live: what is said shows in the view, and stands whole below it at the end",
  terminal,
  async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-live-" });
    try {
      const rule = `import { defineRule } from "tallyman";
export default defineRule({
  id: "my-throws",
  title: "Throws",
  severity: "info",
  syscalls: ["execve"],
  evaluate: () => {
    throw new Error("what a pity");
  },
});
`;
      Deno.writeTextFileSync(`${folder}/throws.ts`, rule);
      const args = ["demo", "-i", "100ms", "--no-default-rules", "--rules", `${folder}/throws.ts`];
      await using running = onTerminal(args);
      const pid = await pidOf(running);
      const told = /^\d\d:\d\d:\d\d rule my-throws: Error: what a pity$/m;
      await running.until(
        "it shows",
        () => frames(running.stdout).some((lines) => told.test(lines.join("\n"))),
      );
      Deno.kill(pid, "SIGINT");
      const { stdout } = await running.ended();
      const end = stdout.indexOf(MAIN_SCREEN);
      ok(!stdout.slice(0, end).includes("at Object.evaluate"), "it spoils no frame");
      match(stdout.slice(end), /^rule my-throws: Error: what a pity\r\n {4}at .*throws\.ts:8/m);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
