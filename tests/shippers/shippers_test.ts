/** Every record reaches a real log shipper, intact, and its receiver once: through rotation, kill -9, and logrotate. */
import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Load } from "../../bench/load.ts";
import { runProgram, start, until } from "../cli/monitor.ts";
import { Collected } from "./collected.ts";
import { configuration, isThere, needs, program, Shipper, sizeOf } from "./shipper.ts";

/** Calls in all: the bar of issue 5 is 10000000, with TALLYMAN_ROTATE=50M. */
const RECORDS = Number(Deno.env.get("TALLYMAN_RECORDS") ?? 40_000);
const ROTATE = Deno.env.get("TALLYMAN_ROTATE") ?? "1M";
const RATE = Number(Deno.env.get("TALLYMAN_RATE") ?? 10_000);
const PARTS = 4;
/** `kill -9` of the shipper. */
const KILLS = Number(Deno.env.get("TALLYMAN_KILLS") ?? 6);

/** Whatever there is in a folder of ours, by name, in the order of time: the live file is the newest. */
function written(folder: string): string[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.startsWith("tallyman.jsonl"));
  return names.map((name) => join(folder, name));
}

/** All that is left of a run is shipped when the last file has been rotated, too. */
function rotateLast(folder: string): void {
  const file = join(folder, "tallyman.jsonl");
  if (sizeOf(file) > 0) Deno.renameSync(file, `${file}.99991231T235959.999Z`);
}

/** How often each line is in some files. `sort` takes what memory does not. */
async function compare(folder: string, from: readonly string[], to: string) {
  // However long it takes: ten million records are some gigabytes.
  const shell = async (script: string, ...args: string[]) => {
    const command = new Deno.Command("sh", { args: ["-c", script, "sh", ...args] });
    const { success, stdout, stderr } = await command.output();
    ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  const [sent, got] = [join(folder, "sent.sorted"), join(folder, "got.sorted")];
  await shell('export LC_ALL=C; out=$1; shift; cat "$@" | sort > "$out"', sent, ...from);
  await shell('LC_ALL=C sort -u "$2" > "$1"', got, to);
  const count = async (script: string, ...args: string[]) => Number(await shell(script, ...args));
  return {
    sent: await count('wc -l < "$1"', sent),
    twiceSent: await count('LC_ALL=C uniq -d "$1" | wc -l', sent),
    received: await count('wc -l < "$1"', to),
    missing: await count('LC_ALL=C comm -23 "$1" "$2" | wc -l', sent, got),
    strange: await count('LC_ALL=C comm -13 "$1" "$2" | wc -l', sent, got),
    events: await count(`cat "$@" | jq -c 'select(.type == "event")' | wc -l`, ...from),
    lost: await count(
      `grep -h '^{"type":"loss"' "$@" | jq -s 'map(.count) | add // 0'`,
      ...from,
    ),
    python: await count(
      `python3 -c 'import json, sys
print(sum(1 for line in open(sys.argv[1], "rb") if isinstance(json.loads(line), dict)))' "$1"`,
      to,
    ),
  };
}

interface Ship {
  readonly shipper: "rsyslogd" | "syslog-ng";
  readonly language: string;
  readonly args: readonly string[];
  /** Only rotated files are read. */
  readonly rotatesLast?: boolean;
  /** Between two parts of the load. */
  between(part: number, facts: Facts): Promise<void>;
}

/** What runs. */
interface Facts {
  readonly shipper: Shipper;
  readonly folder: string;
  readonly collected: Collected;
}

/** ms that a shipper has to get on before it is killed again: there may be nothing to be done. */
const AT_WORK = 1000;

/** Kills a shipper so many times: mostly when it has got on since the last time. */
async function killAtWork(times: number, { shipper, collected }: Facts): Promise<void> {
  for (let i = 0; i < times; i++) {
    const before = await collected.progress();
    await collected.waitFor((progress) => progress > before, AT_WORK);
    await shipper.restart();
  }
}

async function ship(name: string, options: Ship) {
  const { shipper: kind, language, args, between } = options;
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-ships-" });
  try {
    const file = join(folder, "tallyman.jsonl");
    const collected = new Collected(folder);
    Deno.mkdirSync(join(folder, "spool"));
    Deno.writeTextFileSync(join(folder, "collect.py"), configuration("python", {}));
    const places = {
      "/var/log": folder,
      "/var/lib": folder,
      "/usr/local/bin": folder,
      "/var/spool/rsyslog": join(folder, "spool"),
      "/run/tallyman.pid": join(folder, "tallyman.pid"),
    };
    Deno.writeTextFileSync(join(folder, `${language}.conf`), configuration(language, places));
    Deno.writeTextFileSync(
      join(folder, "logrotate.conf"),
      configuration("logrotate", places).replace("size 50M", "size 1k").replaceAll(
        /^ *(delay)?compress\n/gm,
        "",
      ),
    );
    Deno.writeTextFileSync(file, "");
    await using shipper = new Shipper(kind, folder);
    await using load = await Load.start(name);
    await using monitor = start([
      "events",
      "-s",
      "getppid",
      "-c",
      load.name,
      "--jsonl",
      file,
      ...args,
    ]);
    Deno.writeTextFileSync(join(folder, "tallyman.pid"), String(monitor.pid));
    // Not the first record, that the run begins: events are wanted a moment later.
    await until(
      "the container",
      () => Deno.readTextFileSync(file).includes('"type":"container"'),
    );
    let calls = 0;
    for (let part = 0; part < PARTS; part++) {
      const milliseconds = Math.ceil(RECORDS / PARTS / RATE * 1000);
      const making = load.make({ rate: RATE, milliseconds, threads: 1 });
      await between(part, { shipper, folder, collected });
      calls += (await making).calls;
    }
    monitor.kill("SIGINT");
    const { code, stderr } = await monitor.ended();
    strictEqual(code, 0, stderr);
    if (options.rotatesLast) {
      rotateLast(folder);
      // As the page says: a file that appeared just while it was being started is found by the next start.
      await shipper.restart();
    }
    await collected.all(written(folder));
    const result = await compare(folder, written(folder), await collected.file());
    strictEqual(
      result.events + result.lost,
      calls,
      "all that was called is written, or told as lost",
    );
    strictEqual(result.missing, 0, "all that was written was shipped");
    strictEqual(result.strange, 0, "and nothing else");
    strictEqual(result.twiceSent, 0);
    strictEqual(result.python, result.received);
    strictEqual(sizeOf(join(folder, "invalid.txt")), 0);
    return { ...result, files: written(folder).length };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  ...needs("shippers: rsyslog, killed again and again, through rotation by size", "rsyslogd"),
  fn: async () => {
    const { received, sent, files } = await ship("ships-rsyslog", {
      shipper: "rsyslogd",
      language: "rsyslog",
      args: ["--rotate-size", ROTATE, "--rotate-keep", "1000"],
      between: async (part, facts) => {
        if (part === 1 || part === 2) await killAtWork(KILLS / 2, facts);
      },
    });
    ok(files > KILLS / 2, `${files} files`);
    strictEqual(received, sent, "none twice");
  },
});

Deno.test({
  ...needs("shippers: syslog-ng, killed again and again, through rotation by size", "syslog-ng"),
  fn: async () => {
    const { received, sent, files } = await ship("ships-syslog-ng", {
      shipper: "syslog-ng",
      language: "syslog-ng",
      args: ["--rotate-size", ROTATE, "--rotate-keep", "999"],
      rotatesLast: true,
      between: async (part, facts) => {
        if (part === 1 || part === 2) await killAtWork(KILLS / 2, facts);
      },
    });
    ok(files > KILLS / 2, `${files} files`);
    strictEqual(received, sent, "none twice");
  },
});

Deno.test({
  ...needs("shippers: syslog-ng, through logrotate and SIGHUP", "syslog-ng", "logrotate"),
  fn: async () => {
    const { received, sent, files } = await ship("ships-logrotate", {
      shipper: "syslog-ng",
      language: "syslog-ng",
      args: [],
      rotatesLast: true,
      between: async (part, facts) => {
        if (part !== 1 && part !== 2) return;
        const { shipper, folder, collected } = facts;
        const file = join(folder, "tallyman.jsonl");
        await until("some records", () => sizeOf(file) > 1024);
        // A file is moved away while it does not look, and it is killed after that.
        if (part === 2) shipper.signal("SIGSTOP");
        const before = await collected.progress();
        const { code, stderr } = await runProgram(
          program("logrotate"),
          ...["--state", join(folder, "logrotate.state"), join(folder, "logrotate.conf")],
        );
        strictEqual(code, 0, stderr);
        await until("the file again", () => isThere(file));
        if (part === 2) shipper.signal("SIGCONT");
        await collected.waitFor((progress) => progress > before);
        await shipper.restart();
      },
    });
    strictEqual(files, 3);
    strictEqual(received, sent, "none twice");
  },
});
