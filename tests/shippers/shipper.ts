/**
 * Log shippers, as Debian has them, started with the configurations that docs/shippers.md gives.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import { join } from "node:path";
import { checkout } from "../cli/monitor.ts";

/** Where `./test` unpacks Debian's packages: installed, two loggers would exclude each other. */
const unpacked = join(checkout, ".tools/debian");

/** A configuration of docs/shippers.md, with other places. */
export function configuration(language: string, places: Readonly<Record<string, string>>): string {
  const page = Deno.readTextFileSync(join(checkout, "docs/shippers.md"));
  const [, block] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(page) ?? [];
  if (block === undefined) fail(`docs/shippers.md has no ${language}`);
  return Object.entries(places).reduce((text, [from, to]) => text.replaceAll(from, to), block);
}

/** A program of those packages: its path. */
export function program(name: string): string {
  return join(unpacked, "usr/sbin", name);
}

/** A test's name, and whether to skip it. */
export function needs(name: string, ...programs: string[]): { name: string; ignore: boolean } {
  const missing = Deno.uid() === 0 ? programs.filter((each) => !isThere(program(each))) : ["root"];
  const why = missing.length > 0 ? ` [skipped: no ${missing.join(", ")}: ./test unpacks them]` : "";
  return { name: name + why, ignore: missing.length > 0 };
}

/** Whether there is a file of this name. */
export function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function libraries(): string {
  const [folder = ""] = [...Deno.readDirSync(join(unpacked, "usr/lib"))]
    .map(({ name }) => name).filter((name) => name.endsWith("-linux-gnu"));
  return join(unpacked, "usr/lib", folder);
}

const commands = {
  rsyslogd: (folder: string) => ({
    args: [
      ...["-n", "-M", join(libraries(), "rsyslog"), "-f", join(folder, "rsyslog.conf")],
      ...["-i", join(folder, "rsyslog.pid")],
    ],
    env: {},
  }),
  "syslog-ng": (folder: string) => {
    const home = join(unpacked, "usr/lib/syslog-ng");
    return {
      args: [
        ...["--foreground", "--no-caps", "-f", join(folder, "syslog-ng.conf")],
        ...["--module-path", join(home, "3.38"), "--persist-file", join(folder, "persist")],
        ...["--pidfile", join(folder, "syslog-ng.pid"), "--control", join(folder, "control")],
      ],
      env: { LD_LIBRARY_PATH: home },
    };
  },
} as const;

/** A shipper that runs; it can be killed and started again. */
export class Shipper implements AsyncDisposable {
  readonly #name: keyof typeof commands;
  readonly #folder: string;
  #child: Deno.ChildProcess;

  constructor(name: keyof typeof commands, folder: string) {
    this.#name = name;
    this.#folder = folder;
    this.#child = this.#start();
  }

  #start(): Deno.ChildProcess {
    const { args, env } = commands[this.#name](this.#folder);
    const [stdin, stdout] = ["null", "null"] as const;
    return new Deno.Command(program(this.#name), { args, env, stdin, stdout, stderr: "inherit" })
      .spawn();
  }

  /** Stops it for a while, or lets it go on. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await this.#child.status;
    for (const name of ["rsyslog.pid", "syslog-ng.pid"]) {
      await Deno.remove(join(this.#folder, name)).catch(() => {});
    }
  }

  async restart(): Promise<void> {
    await this.kill();
    this.#child = this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Bytes; 0 if it is not there. */
export function sizeOf(file: string): number {
  try {
    return Deno.statSync(file).size;
  } catch {
    return 0;
  }
}
