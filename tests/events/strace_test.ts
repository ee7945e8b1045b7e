/**
 * What we say of a call is what strace says of it, and what its caller knows: argument by argument, result by result,
 * for every call of a fixed set of commands. What may differ has a name in strace/differences/.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { syscallNames } from "../../src/syscalls/mod.ts";
import { runnable } from "../kernel/fixture.ts";
import { commands } from "./strace/commands.ts";
import { align, compare, Usage } from "./strace/compare.ts";
import type { Difference } from "./strace/difference.ts";
import { differences } from "./strace/differences/mod.ts";
import { build, checkLog, programs, readLog } from "./strace/program.ts";
import { openMonitor, trace, type Traced } from "./strace/traced.ts";

/** What the lists of where differences are were made on: elsewhere there may be some less. */
const madeOn = { strace: "6.1", kernel: "6.18" } as const;

/** Problems that are told of one command. */
const MOST_PROBLEMS = 20;

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function can(): true | string {
  const is = runnable();
  if (is !== true) return is;
  return Deno.build.arch === "x86_64" || "the programs are written for x86-64";
}

function straceVersion(): string | undefined {
  const { stdout } = new Deno.Command("strace", { args: ["--version"] }).outputSync();
  return /version ([\d.]+)/.exec(new TextDecoder().decode(stdout))?.[1];
}

/** All that is compared, added up. */
class Comparison {
  readonly usage = new Usage();
  readonly names = new Set<string>();
  calls = 0;
  logged = 0;
  lines = 0;
  neverBegun = 0;

  /** Compares what both saw of a command; what differs without a name is returned. */
  compare(traced: Traced): string[] {
    const { pairs, problems, neverBegun } = align(traced);
    this.neverBegun += neverBegun;
    const found = [...problems];
    if (traced.lost > 0) found.push(`${traced.lost} events were lost`);
    for (const pair of pairs) {
      this.calls++;
      this.names.add(pair.ours.name);
      const differs = compare(pair, differences, this.usage);
      if (differs.length === 0) continue;
      const { theirs, ours } = pair.text;
      found.push(`${differs.join("\n  ")}\n  strace ${theirs}\n  ours   ${ours}`);
    }
    return found;
  }

  /** The same with a program's own log. */
  compareLog({ log, events }: Traced): string[] {
    const checked = checkLog(readLog(log), events.values());
    this.logged += checked.calls;
    this.lines += checked.lines;
    return [...checked.problems];
  }
}

/** Fails with what was found, shortened. */
function assertNone(found: readonly string[]): void {
  const told = found.slice(0, MOST_PROBLEMS).map((each) => each.slice(0, 4000));
  strictEqual(found.length, 0, `${found.length} differences without a name:\n${told.join("\n")}`);
}

/** What of a difference was not met: all of it, or some of its places. */
function unmet(difference: Difference, usage: Usage): string[] {
  const { name, where, details = [] } = difference;
  if (usage.total(difference) === 0) return [`${name}: nowhere`];
  const places = where === "anywhere" ? details : [...where, ...details];
  return places.filter((place) => usage.count(difference, place) === 0)
    .map((place) => `${name}: ${place}`);
}

const is = can();

Deno.test({
  name: `events: arguments and results are strace's${is === true ? "" : ` (skipped: ${is})`}`,
  ignore: is !== true,
  async fn(t) {
    using monitor = openMonitor();
    const all = new Comparison();
    for (const [name, script] of Object.entries(commands)) {
      await t.step(`command: ${name}`, async () => {
        const traced = await trace(monitor, name.replaceAll(/\W+/g, "-"), script);
        deepStrictEqual(traced.errors.match(/^.*: not found$|applet not found/gm), null);
        assertNone(all.compare(traced));
      });
    }
    for (const name of programs) {
      await t.step(`program: ${name}`, async () => {
        const traced = await trace(monitor, name, `${build(name)} "$LOG"`);
        assertNone([...all.compare(traced), ...all.compareLog(traced)]);
      });
    }
    await t.step("every call that there is was compared", () => {
      const missing = syscallNames().filter((name) => !all.names.has(name));
      deepStrictEqual(missing, []);
    });
    await t.step("every named difference is met", () => {
      const isMadeHere = straceVersion() === madeOn.strace &&
        Deno.osRelease().startsWith(`${madeOn.kernel}.`);
      const unused = differences.flatMap((difference) => unmet(difference, all.usage));
      const fails = unused.filter((each) => isMadeHere || each.endsWith(": nowhere"));
      for (const each of unused) if (!fails.includes(each)) print(`not met here: ${each}`);
      deepStrictEqual(fails, []);
    });
    print(
      `${Object.keys(commands).length} commands and ${programs.length} programs: ` +
        `${all.calls} calls compared with strace ${straceVersion()}, of ${all.names.size} names; ` +
        `${all.logged} with the programs' logs, ${all.lines} lines among them`,
    );
    print(`${String(all.neverBegun).padStart(6)}  calls that were killed before they began`);
    for (const difference of differences) {
      print(`${String(all.usage.total(difference)).padStart(6)}  ${difference.name}`);
    }
  },
});
