/** Calls on a terminal: against a program that makes them, and others, in exact numbers. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ContainerTally } from "../../src/sinks/mod.ts";
import { exactAttachments, kernelTest, program, scaled, Watched, workload } from "./fixture.ts";

const terminal = program("terminal");

/** What the program says of itself, by syscall. */
interface Said {
  readonly onTerminal: Readonly<Record<string, number>>;
  readonly all: Readonly<Record<string, number>>;
}

function said(report: string): Said {
  const lines = report.trimEnd().split("\n").map((line) => line.split(" "));
  const column = (i: number) =>
    lines.map(([name = "", ...counts]): [string, number] => [name, Number(counts[i])]);
  return {
    onTerminal: Object.fromEntries(column(0).filter(([, count]) => count > 0)),
    all: Object.fromEntries(column(1)),
  };
}

async function run(
  watched: Watched,
  name: string,
  scenario: string,
  rounds: number,
): Promise<{ readonly tally: ContainerTally; readonly said: Said }> {
  const report = Deno.makeTempFileSync();
  try {
    using work = await workload(name, terminal, report, scenario, String(rounds));
    work.resume();
    strictEqual((await work.status()).code, 0);
    const { tallies } = await watched.tick();
    const tally = tallies.find(({ container }) => container.identity.id === name);
    if (tally === undefined) throw new Error(`${name} was not counted`);
    return { tally, said: said(Deno.readTextFileSync(report)) };
  } finally {
    Deno.removeSync(report);
  }
}

function assertSame(tally: ContainerTally, { onTerminal, all }: Said): void {
  deepStrictEqual(Object.fromEntries(tally.onTerminal?.total ?? []), onTerminal);
  const counted = Object.keys(all).map((name) => [name, tally.total.get(name) ?? 0]);
  deepStrictEqual(Object.fromEntries(counted), all);
}

const scenarios = [
  "all",
  "threads",
  "odd",
  "reused",
  "shared",
  "moved",
  "devices",
  ...(Deno.build.arch === "x86_64" ? ["compat", "x32"] : []),
];

for (const attachment of exactAttachments()) {
  for (const scenario of scenarios) {
    kernelTest(`terminal (${attachment}): ${scenario}`, async () => {
      using watched = new Watched({ attachments: [attachment], terminal: true });
      const { tally, said } = await run(watched, scenario, scenario, scaled(500, 50));
      ok(Object.keys(said.onTerminal).length > 0);
      assertSame(tally, said);
    });
  }
}

kernelTest("terminal: a slot's next container begins with nothing", async () => {
  // Other containers that run here have some of the slots.
  using watched = new Watched({ terminal: true, slots: 16 });
  for (let round = 0; round < scaled(30, 20); round++) {
    const { tally, said } = await run(watched, `next-${round}`, "all", 3);
    assertSame(tally, said);
    await watched.tick(3);
  }
});

kernelTest("terminal: at no tick more than there are calls, and what is new adds up", async () => {
  using watched = new Watched({ terminal: true });
  const report = Deno.makeTempFileSync();
  try {
    using work = await workload("ticks", terminal, report, "threads", String(scaled(5000, 200)));
    work.resume();
    let isOver = false;
    const status = work.status().finally(() => isOver = true);
    while (!isOver) {
      await watched.tick();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    strictEqual((await status).code, 0);
    await watched.tick();
    const tallies = watched.ticks.flatMap((tick) => tick.tallies)
      .filter(({ container }) => container.identity.id === "ticks");
    const added = new Map<string, number>();
    for (const { new: all, onTerminal } of tallies) {
      for (const [name, calls] of onTerminal?.new ?? []) {
        ok(calls <= (all.get(name) ?? 0), `${calls} of ${all.get(name)} ${name}`);
        added.set(name, (added.get(name) ?? 0) + calls);
      }
    }
    ok(tallies.length > 2, "there were ticks while it ran");
    deepStrictEqual(Object.fromEntries(added), said(Deno.readTextFileSync(report)).onTerminal);
  } finally {
    Deno.removeSync(report);
  }
});

kernelTest("terminal: of what is in no container too, when that is counted", async () => {
  using watched = new Watched({ terminal: true, countHost: true });
  const report = Deno.makeTempFileSync();
  try {
    await new Deno.Command(terminal, { args: [report, "moved", "1000"] }).output();
    const { tallies } = await watched.tick();
    const host = tallies.find(({ container }) => container.identity.runtime === "host");
    for (const [name, calls] of Object.entries(said(Deno.readTextFileSync(report)).onTerminal)) {
      ok((host?.onTerminal?.total.get(name) ?? 0) >= calls, name);
    }
  } finally {
    Deno.removeSync(report);
  }
});

kernelTest("terminal: nothing is said of it unless it is asked for", async () => {
  using watched = new Watched();
  const { tally } = await run(watched, "not-asked", "all", 1);
  strictEqual(tally.onTerminal, undefined);
});
