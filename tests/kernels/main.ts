/**
 * Boots other kernels and runs tests in them: see README.md.
 *
 *     deno run -A tests/kernels/main.ts [--list] [--only NAME]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fetchKernel } from "./archive.ts";
import { type Command, type CommandResult, STATUS_TIMED_OUT } from "./commands.ts";
import { runGuest } from "./guest.ts";
import { installMissing, unsupported } from "./host.ts";
import { commonTools, type Guest, guests, type TestRun } from "./matrix.ts";
import { runForText } from "./process.ts";
import { doneIn, summaryIn } from "./summary.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const work = `${checkout}/.work/kernels`;

/** Lines of a console that a guest's failure quotes. */
const QUOTED_LINES = 20;

const testArguments = ["--no-check", "--sanitize-ops", "--sanitize-resources", "--allow-all"];

/** A line of the table at the end. */
interface Row {
  readonly guest: string;
  readonly run: string;
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  readonly steps: number;
  readonly seconds: number;
  readonly note: string;
}

function write(text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

function tell(line: string): void {
  write(`# ${line}\n`);
}

/** A guest has no network: what a test imports must be in the cache that it shares with the host. */
async function cacheImports(runs: readonly TestRun[]): Promise<void> {
  const paths = [...new Set(runs.flatMap((each) => each.paths))];
  await runForText(Deno.execPath(), ["test", "--no-run", "--no-check", ...paths], {
    cwd: checkout,
  });
}

async function guestEnvironment(): Promise<Record<string, string>> {
  const info: unknown = JSON.parse(await runForText(Deno.execPath(), ["info", "--json"]));
  if (!(info instanceof Object && "denoDir" in info && typeof info.denoDir === "string")) {
    throw new Error("deno info does not say where its cache is");
  }
  return {
    DENO_DIR: info.denoDir,
    DENO_NO_UPDATE_CHECK: "1",
    HOME: "/root",
    NO_COLOR: "1",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    TERM: "dumb",
    TMPDIR: "/run/tmp",
  };
}

function commandFor(
  guest: Guest,
  each: TestRun,
  environment: Readonly<Record<string, string>>,
): Command {
  return {
    args: [
      Deno.execPath(),
      ...["test", "--cached-only", ...testArguments],
      ...(each.filter === undefined ? [] : [`--filter=${each.filter}`]),
      ...each.paths,
    ],
    environment: { ...environment, TALLYMAN_GUEST: guest.name, ...each.environment },
    limit: each.limit,
  };
}

/** What a command that was begun or not comes to. A failure that no test reported is one, too. */
function judge(
  result: CommandResult | undefined,
  limit: number,
): Omit<Row, "guest" | "run"> {
  const nothing = { passed: 0, failed: 0, ignored: 0, steps: 0, seconds: 0 };
  if (result === undefined) return { ...nothing, failed: 1, note: "not run" };
  const summary = summaryIn(result.output);
  const counts = {
    ...nothing,
    ...(summary ?? doneIn(result.output)),
    seconds: Math.round(result.seconds),
  };
  const unreported = (note: string) => ({ ...counts, failed: counts.failed + 1, note });
  if (result.status === undefined) return unreported("the guest ended");
  if (result.status === STATUS_TIMED_OUT) return unreported(`ended after ${limit} s`);
  if (summary === undefined) return unreported(`no summary, status ${result.status}`);
  if (result.status !== 0 && counts.failed === 0) return unreported(`status ${result.status}`);
  return { ...counts, note: "" };
}

async function runIn(guest: Guest): Promise<Row[]> {
  const kernel = await fetchKernel(`${work}/images`, guest.kernel, tell);
  await cacheImports(guest.runs);
  const environment = await guestEnvironment();
  tell(`booting guest ${guest.name}: Linux ${kernel.release}, ${guest.memory} MiB`);
  const { results, trouble, consoleLog } = await runGuest({
    kernel,
    systemd: guest.systemd,
    memory: guest.memory,
    directory: checkout,
    commands: guest.runs.map((each) => commandFor(guest, each, environment)),
    state: `${work}/guests/${guest.name}`,
    onText: write,
    tell,
  });
  if (trouble !== undefined) {
    tell(`guest ${guest.name}: ${trouble}; ${consoleLog} ends so:`);
    const lines = (await Deno.readTextFile(consoleLog)).trimEnd().split(/\r?\n/);
    write(`${lines.slice(-QUOTED_LINES).join("\n")}\n`);
  }
  return guest.runs.map((each, index) => ({
    guest: guest.name,
    run: each.name,
    ...judge(results[index], each.limit),
  }));
}

/** A guest that could not even be tried has failed, all of its runs with it. */
function failedRows(guest: Guest, error: unknown): Row[] {
  tell(`guest ${guest.name}: ${error instanceof Error ? error.stack : error}`);
  const counts = { passed: 0, failed: 1, ignored: 0, steps: 0, seconds: 0 };
  return guest.runs.map((each) => ({
    guest: guest.name,
    run: each.name,
    ...counts,
    note: "not run",
  }));
}

function table(rows: readonly Row[]): string {
  const heads = [
    "guest",
    "run",
    "passed",
    "failed",
    "ignored",
    "steps",
    "seconds",
    "note",
  ] as const;
  const cells = [heads, ...rows.map((row) => heads.map((head) => String(row[head])))];
  const widths = heads.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0))
  );
  const lines = cells.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  return `${lines.join("\n")}\n`;
}

function list(): void {
  for (const guest of guests) {
    const init = guest.systemd ? "systemd" : "no systemd";
    const runs = guest.runs.map((each) => `${each.name} (${each.paths.join(" ")})`).join(", ");
    write(`${guest.name}: kernel ${guest.kernel}, ${init}, ${guest.memory} MiB: ${runs}\n`);
  }
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { only: { type: "string", multiple: true }, list: { type: "boolean" } },
  });
  if (values.list) {
    list();
    return 0;
  }
  const unknown = values.only?.filter((name) => !guests.some((guest) => guest.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(
      `no guest ${unknown.join(", ")}: there are ${guests.map((g) => g.name).join(", ")}`,
    );
  }
  const chosen = guests.filter(({ name }) => values.only?.includes(name) ?? true);
  const why = unsupported();
  if (why !== undefined) {
    for (const guest of chosen) tell(`skipped: guest ${guest.name}: ${why}`);
    write("0 passed, 0 failed\n");
    return 0;
  }
  if (Deno.uid() !== 0) {
    write("serving the host's file system to a guest takes root: run this as root\n");
    return 3;
  }
  await installMissing([...commonTools, ...chosen.flatMap(({ tools }) => tools)], tell);
  const rows: Row[] = [];
  for (const guest of chosen) {
    rows.push(...await runIn(guest).catch((error) => failedRows(guest, error)));
  }
  const total = (column: "passed" | "failed") => rows.reduce((sum, row) => sum + row[column], 0);
  write(`\n${table(rows)}\n${total("passed")} passed, ${total("failed")} failed\n`);
  return total("failed") === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    write(`${error.message}\n`);
    Deno.exit(2);
  }
}
