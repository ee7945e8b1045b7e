/** What a session in a container calls on its terminal, next to what strace says that it calls. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Counts } from "../../src/sinks/mod.ts";
import { paused, program, until, Watched } from "../kernel/fixture.ts";
import { straced } from "./strace.ts";
import { type EngineFixture, needs, type RunContainer, startDocker, startPodman } from "./mod.ts";

const binaries = { "/bin/calls": program("calls") };

/** It waits for a signal, so that the tracer, or the monitor, is there when the rest begins. */
const session = [
  "/bin/calls pause getppid 1",
  "ls -l /bin",
  "ls /",
  "stty size; stty -a; stty -echo",
  "for i in 1 2 3; do echo $i; done",
  "read -t 0.1 line",
  "ls / | cat; cat /etc/passwd | wc",
  "head -c 100000 /dev/zero | wc -c",
  "date > /dev/null",
].join("; ");

const calls = ["read", "write", "readv", "writev", "ioctl", "poll", "ppoll", "select", "pselect6"];

interface Session {
  /** Its shell, as the host numbers it. */
  readonly shell: number;
  readonly begin: () => void;
  readonly ended: Promise<unknown>;
}

function statusOf(pid: string, key: string): string {
  const line = Deno.readTextFileSync(`/proc/${pid}/status`).split("\n")
    .find((each) => each.startsWith(`${key}:`));
  return line?.split("\t")[1]?.trim() ?? "";
}

/** The process of a name in a container's cgroup. */
function find(container: RunContainer, comm: string): string | undefined {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      try {
        return statusOf(pid, "Name") === comm &&
          Deno.readTextFileSync(`/proc/${pid}/cgroup`) === container.cgroups;
      } catch (error) {
        // It has just ended.
        if (error instanceof Deno.errors.NotFound || String(error).includes("os error 3")) {
          return false;
        }
        throw error;
      }
    });
}

async function begun(engine: EngineFixture, container: RunContainer): Promise<Session> {
  const ended = engine.exec(container, ["/bin/sh", "-c", session], { terminal: true });
  let pid: string | undefined;
  await until("the session", () => (pid = find(container, "calls")) !== undefined);
  if (pid === undefined) throw new Error("no session");
  const waiting = Number(pid);
  await paused({ pid: waiting });
  return {
    shell: Number(statusOf(pid, "PPid")),
    begin: () => Deno.kill(waiting, "SIGUSR1"),
    ended,
  };
}

/** Calls by name: on a terminal by what their descriptors are, and all. */
async function traced(
  { shell, begin, ended }: Session,
): Promise<{ readonly onTerminal: Map<string, number>; readonly all: Map<string, number> }> {
  const lines = await straced(shell, ["-y", "-e", `trace=${calls.join(",")}`], async () => {
    begin();
    await ended;
  });
  const [onTerminal, all] = [new Map<string, number>(), new Map<string, number>()];
  for (const line of lines) {
    const [, name, rest = ""] = /^\d+ +([a-z0-9]+)\((.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    all.set(name, (all.get(name) ?? 0) + 1);
    // A poll here is of one descriptor: the shell's, in `read -t`.
    if (/^(?:\[\{fd=)?\d+<\/dev\/pts\/\d+[<>]/.test(rest)) {
      onTerminal.set(name, (onTerminal.get(name) ?? 0) + 1);
    }
  }
  return { onTerminal, all };
}

function sorted(counts: Counts): Map<string, number> {
  return new Map([...counts].filter(([name]) => calls.includes(name)).sort());
}

for (const [name, start] of [["docker", startDocker], ["podman", startPodman]] as const) {
  Deno.test(
    needs(`terminal: a session by ${name} exec -t calls on its terminal what strace says`, name),
    async () => {
      await using engine = await start({ binaries });
      const container = await engine.run({ command: ["/bin/sleep", "1000"] });
      const expected = await traced(await begun(engine, container));
      ok((expected.onTerminal.get("write") ?? 0) > 10, "strace saw the terminal");
      ok((expected.onTerminal.get("poll") ?? 0) > 0, "a poll of it too");

      const { begin, ended } = await begun(engine, container);
      using watched = new Watched({ terminal: true });
      begin();
      await ended;
      const { tallies } = await watched.tick();
      const tally = tallies.find(({ container: { identity } }) => identity.id === container.id);
      deepStrictEqual(sorted(tally?.onTerminal?.total ?? new Map()), sorted(expected.onTerminal));
      deepStrictEqual(sorted(tally?.total ?? new Map()), sorted(expected.all));
    },
  );
}
