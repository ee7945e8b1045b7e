/**
 * A guest: a Debian kernel in QEMU, with the host's file system under it (see guest/init.sh).
 *
 * QEMU emulates the processor: no /dev/kvm is needed, and where there is one it may not be able to boot
 * stock kernels. That makes a guest some ten times slower than its host.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Kernel, moduleFile } from "./archive.ts";
import { type Command, type CommandResult, OutputReader, script } from "./commands.ts";
import { cpio, type CpioEntry } from "./cpio.ts";
import { BUSYBOX, VIRTIOFSD } from "./host.ts";
import { run } from "./process.ts";

/** Seconds until the first command must have begun. */
const BOOT_LIMIT = 90;

/** A guest that dies before its first command is booted again: TCG does that to a kernel now and then. */
const BOOTS = 3;

/** Milliseconds between two looks at what the guest has written. */
const LOOK_INTERVAL = 200;

/** Those that some kernel has not built in. The cloud flavour has no 9p, hence virtiofs. */
const MODULES = [
  "virtio",
  "virtio_ring",
  "virtio_pci_modern_dev",
  "virtio_pci_legacy_dev",
  "virtio_pci",
  "fuse",
  "virtiofs",
  "overlay",
] as const;

const SYSTEMD_ARGUMENTS = "systemd.show_status=0 systemd.log_target=null " +
  "systemd.condition-needs-update=no";

/** Services on systemd's way up that only take time: the first cleans the host's whole /tmp. */
const MASKED = [
  "systemd-tmpfiles-setup.service",
  "systemd-timesyncd.service",
  "systemd-update-utmp.service",
  "systemd-udevd.service",
  "systemd-udev-trigger.service",
] as const;

/** What to boot, and what for. */
export interface GuestOptions {
  readonly kernel: Kernel;
  readonly systemd: boolean;
  /** MiB. */
  readonly memory: number;
  /** Where the commands run: a folder of the host. */
  readonly directory: string;
  readonly commands: readonly Command[];
  /** A folder for this guest's logs, and what it boots from. Emptied first. */
  readonly state: string;
  /** Hears what the commands write. */
  readonly onText: (text: string) => void;
  /** Hears when it is up, and of boots that failed and are tried again. */
  readonly tell: (line: string) => void;
}

/** How it went. */
export interface GuestResult {
  /** Of the commands that were begun, in their order; none if it did not boot. */
  readonly results: readonly CommandResult[];
  /** Why it ended before its commands did, if so. */
  readonly trouble: string | undefined;
  /** The kernel's own words. */
  readonly consoleLog: string;
}

async function unpackedModule(file: string): Promise<Uint8Array> {
  // The kernel unpacks .xz by itself only when asked by kmod; busybox's insmod does not ask.
  if (file.endsWith(".xz")) return await run("xz", ["--decompress", "--stdout", file]);
  return await Deno.readFile(file);
}

async function initramfs(options: GuestOptions, token: string): Promise<Uint8Array<ArrayBuffer>> {
  const here = fileURLToPath(new URL("guest/", import.meta.url));
  const text = (content: string) => new TextEncoder().encode(content);
  const folders = ["bin", "dev", "lower", "new", "proc", "sys", "tallyman", "upper"];
  folders.push("tallyman/modules", "tallyman/units");
  const entries: CpioEntry[] = folders.map((path) => ({ path }));
  entries.push(
    { path: "init", content: await Deno.readFile(`${here}init.sh`), executable: true },
    { path: "bin/busybox", content: await Deno.readFile(BUSYBOX), executable: true },
    { path: "tallyman/settings", content: text(`systemd=${options.systemd ? "yes" : "no"}\n`) },
    {
      path: "tallyman/commands",
      content: text(script(options.commands, options.directory, token)),
    },
  );
  for (const unit of ["tallyman.target", "tallyman.service"]) {
    entries.push({ path: `tallyman/units/${unit}`, content: await Deno.readFile(here + unit) });
  }
  for (const name of MODULES) {
    const file = await moduleFile(options.kernel, name);
    if (file === undefined) continue;
    entries.push({ path: `tallyman/modules/${name}.ko`, content: await unpackedModule(file) });
  }
  return cpio(entries);
}

/** Arguments for setpriv: the program dies with us, however we die. */
function bound(program: string, args: readonly string[]): string[] {
  return ["--pdeathsig", "KILL", program, ...args];
}

/** A program that runs until its owner has done with it. */
class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #log: Promise<void>;
  hasEnded = false;

  /** @param log Gets its standard error. */
  constructor(program: string, args: readonly string[], log: string) {
    this.#child = new Deno.Command("setpriv", {
      args: bound(program, args),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#log = Deno.writeTextFile(log, this.#child.stderr.pipeThrough(new TextDecoderStream()), {
      append: true,
    });
    this.#child.status.then(() => this.hasEnded = true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#log;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Serves the host's file system on a socket, for one QEMU. */
async function startVirtiofsd(socket: string, log: string): Promise<Running> {
  const server = new Running(VIRTIOFSD, [
    `--socket-path=${socket}`,
    ...["-o", "source=/", "-o", "sandbox=chroot", "-o", "cache=always", "-o", "log_level=err"],
    // Raising the limit takes a capability that a container has not.
    "--rlimit-nofile=0",
    "--thread-pool-size=0",
  ], log);
  for (let attempt = 0; attempt < 50; attempt++) {
    if (await Deno.lstat(socket).then(() => true, () => false)) return server;
    await pause(100);
  }
  await server[Symbol.asyncDispose]();
  throw new Error(`virtiofsd did not start: see ${log}`);
}

function qemuArguments(options: GuestOptions, socket: string): string[] {
  const { state, memory } = options;
  const kernelArguments = [
    "console=ttyS0 quiet panic=-1 rdinit=/init mitigations=off random.trust_cpu=on",
    // Docker refuses to run where AppArmor is on and its parser is not installed.
    "apparmor=0",
    // Since 6.19 (commit f484f4a3e058) task storage is allocated by kmalloc_nolock(), which has nothing to give
    // on a processor without cmpxchg16b (see -cpu below), except from caches that are being debugged.
    "slab_debug=F,kmalloc-*",
    ...options.systemd ? [SYSTEMD_ARGUMENTS, ...MASKED.map((unit) => `systemd.mask=${unit}`)] : [],
  ];
  return [
    ...["-machine", "q35,memory-backend=memory", "-m", String(memory)],
    ...["-object", `memory-backend-memfd,id=memory,size=${memory}M,share=on`],
    // QEMU 7.2 emulates cmpxchg16b wrongly, which crashes 6.12 more often than not; and with more than
    // one CPU it loses a race with the kernel's patching of its own code now and then.
    ...["-accel", "tcg,thread=multi", "-cpu", "max,cx16=off", "-smp", "1"],
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    ...["-serial", `file:${state}/console.log`, "-serial", `file:${state}/output.log`],
    ...["-chardev", `socket,id=host,path=${socket}`],
    ...["-device", "vhost-user-fs-pci,queue-size=256,chardev=host,tag=host"],
    ...["-device", "virtio-rng-pci"],
    ...["-kernel", options.kernel.image, "-initrd", `${state}/initramfs`],
    ...["-append", kernelArguments.join(" ")],
  ];
}

/** Reads a file that somebody else is still writing. */
class Follower implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #buffer = new Uint8Array(65536);

  constructor(path: string) {
    this.#file = Deno.openSync(path, { read: true, write: true, create: true, truncate: true });
  }

  /** What has been added since the last call. */
  readNew(onBytes: (bytes: Uint8Array) => void): void {
    for (;;) {
      const length = this.#file.readSync(this.#buffer);
      if (length === null) return;
      onBytes(this.#buffer.subarray(0, length));
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Boots once. */
async function boot(options: GuestOptions): Promise<GuestResult> {
  const { state, commands } = options;
  const token = `@${crypto.randomUUID()}`;
  await Deno.remove(state, { recursive: true }).catch(() => {});
  await Deno.mkdir(state, { recursive: true });
  await Deno.writeFile(`${state}/initramfs`, await initramfs(options, token));
  const consoleLog = `${state}/console.log`;
  // A socket's path is short: not every checkout's is.
  const sockets = await Deno.makeTempDir({ prefix: "tallyman-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(sockets, { recursive: true }));
  const socket = `${sockets}/host`;
  stack.use(await startVirtiofsd(socket, `${state}/virtiofsd.log`));
  using follower = new Follower(`${state}/output.log`);
  const reader = new OutputReader(token, options.onText);
  const qemu = stack.use(
    new Running("qemu-system-x86_64", qemuArguments(options, socket), `${state}/qemu.log`),
  );
  const limits = commands.reduce((sum, { limit }) => sum + limit, 0);
  const start = performance.now();
  let trouble: string | undefined;
  let isUp = false;
  while (!qemu.hasEnded && trouble === undefined) {
    await pause(LOOK_INTERVAL);
    follower.readNew((bytes) => reader.push(bytes));
    const seconds = (performance.now() - start) / 1000;
    if (!isUp && reader.results.length > 0) {
      isUp = true;
      options.tell(`up after ${Math.round(seconds)} s`);
    }
    if (reader.results.length === 0 && seconds > BOOT_LIMIT) {
      trouble = `no command begun after ${BOOT_LIMIT} s`;
    } else if (seconds > BOOT_LIMIT + limits) {
      trouble = `still running after ${BOOT_LIMIT + limits} s`;
    }
  }
  follower.readNew((bytes) => reader.push(bytes));
  const { results } = reader;
  const ended = results.length === commands.length && results.at(-1)?.status !== undefined;
  if (ended) trouble = undefined;
  else trouble ??= results.length === 0 ? "it did not boot" : "it died in the middle of a command";
  return { results, trouble, consoleLog };
}

/** Boots, runs the commands one after another, and ends. */
export async function runGuest(options: GuestOptions): Promise<GuestResult> {
  for (let attempt = 1;; attempt++) {
    const result = await boot(options);
    if (result.results.length > 0 || result.trouble === undefined || attempt === BOOTS) {
      return result;
    }
    options.tell(`boot ${attempt} of ${BOOTS}: ${result.trouble}; see ${result.consoleLog}`);
  }
}
