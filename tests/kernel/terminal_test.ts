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

kernelTest("terminal: nothing is said of it unless it is asked for", async () => {
  using watched = new Watched();
  const { tally } = await run(watched, "not-asked", "all", 1);
  strictEqual(tally.onTerminal, undefined);
});
