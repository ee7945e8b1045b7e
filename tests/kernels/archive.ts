/**
 * Kernels from Debian's archive, unpacked and not installed. A private apt asks for them, so that the
 * host's own lists, and what it would upgrade to, stay as they are.
 *
 * @module
 */
import { type KernelName, kernels, type KernelSource } from "./matrix.ts";
import { run, runForText } from "./process.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Its dependency names the image of the day. `cloud`: the smallest flavour, with all that we test. */
const META_PACKAGE = "linux-image-cloud-amd64";

/** A kernel up to 6.18 is in the first of these, a newer one in the other two. */
const PACKAGE_PREFIXES = ["linux-image-", "linux-binary-", "linux-modules-"] as const;

/** A kernel that is there to be booted. */
export interface Kernel {
  /** As `uname -r` has it. */
  readonly release: string;
  readonly image: string;
  /** Below this are its modules. */
  readonly directory: string;
}

/** The addresses that the host itself fetches Debian from. */
interface Mirrors {
  readonly main: string;
  readonly security: string;
}

/** @param targets What `apt-get indextargets` says, one `address|label` a line. */
export function mirrorsIn(targets: string): Mirrors {
  const byLabel = new Map<string, string>();
  for (const line of targets.split("\n")) {
    const [address, label] = line.split("|");
    if (address !== undefined && label !== undefined) byLabel.set(label, address);
  }
  const main = byLabel.get("Debian");
  const security = byLabel.get("Debian-Security");
  if (main === undefined || security === undefined) {
    throw new Error("apt's sources have no Debian mirror with security updates");
  }
  return { main, security };
}

async function findMirrors(): Promise<Mirrors> {
  const ask = ["indextargets", "--format", "$(REPO_URI)|$(LABEL)", "Created-By: Packages"];
  try {
    return mirrorsIn(await runForText("apt-get", ask));
  } catch {
    // A machine made from an image has sources and no lists yet, and then no labels.
    await run("apt-get", ["--quiet", "update"]);
    return mirrorsIn(await runForText("apt-get", ask));
  }
}

/** @returns the environment in which apt works in that directory and with these suites alone. */
async function privateApt(
  directory: string,
  source: KernelSource,
): Promise<Record<string, string>> {
  const mirrors = await findMirrors();
  const lines = [`deb [signed-by=${KEYRING}] ${mirrors.main} ${source.suite} main`];
  if (source.security !== undefined) {
    lines.push(`deb [signed-by=${KEYRING}] ${mirrors.security} ${source.security} main`);
  }
  for (const each of ["lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(`${directory}/${each}`, { recursive: true });
  }
  await Deno.writeTextFile(`${directory}/sources.list`, `${lines.join("\n")}\n`);
  const settings = {
    "Dir::Etc::sourcelist": `${directory}/sources.list`,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::State::lists": `${directory}/lists`,
    "Dir::Cache": `${directory}/cache`,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  const configuration = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  await Deno.writeTextFile(`${directory}/apt.conf`, configuration.join(""));
  return { APT_CONFIG: `${directory}/apt.conf` };
}

/** @param control What `apt-cache show` says of the meta package. */
export function releaseIn(control: string): string {
  const release = control.match(/^Depends: .*?linux-image-(\d[^ ,]*)/m)?.[1];
  if (release === undefined) throw new Error(`${META_PACKAGE} names no kernel:\n${control}`);
  return release;
}

async function fetchInto(directory: string, source: KernelSource): Promise<string> {
  const env = await privateApt(`${directory}/apt`, source);
  await run("apt-get", ["--quiet", "update"], { env });
  const meta = ["show", "--no-all-versions", META_PACKAGE];
  const release = releaseIn(await runForText("apt-cache", meta, { env }));
  // Not every release has all three, and `download` refuses names that there are not.
  const names = PACKAGE_PREFIXES.map((prefix) => prefix + release);
  const known = await runForText("apt-cache", ["pkgnames", "linux-"], { env });
  const wanted = known.split("\n").filter((name) => names.includes(name));
  await run("apt-get", ["--quiet", "download", ...wanted], { cwd: directory, env });
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".deb")) continue;
    await run("dpkg", ["--extract", name, "."], { cwd: directory });
    await Deno.remove(`${directory}/${name}`);
  }
  await Deno.remove(`${directory}/apt`, { recursive: true });
  return release;
}

async function findFile(directory: string, name: RegExp): Promise<string | undefined> {
  for await (const entry of Deno.readDir(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) {
      const found = await findFile(path, name);
      if (found !== undefined) return found;
    } else if (entry.isFile && name.test(entry.name)) return path;
  }
  return undefined;
}

/**
 * The kernel of that name, fetched unless an earlier run has. A fetch that was cut short left no mark and
 * is done again.
 *
 * @param root Where kernels are kept, a folder each.
 */
export async function fetchKernel(
  root: string,
  name: KernelName,
  tell: (line: string) => void,
): Promise<Kernel> {
  const directory = `${root}/${name}`;
  const mark = `${directory}/release`;
  let release: string;
  try {
    release = await Deno.readTextFile(mark);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    tell(`fetching kernel ${name} from ${kernels[name].suite}`);
    await Deno.remove(directory, { recursive: true }).catch(() => {});
    await Deno.mkdir(directory, { recursive: true });
    release = await fetchInto(directory, kernels[name]);
    await Deno.writeTextFile(mark, release);
  }
  const image = await findFile(directory, /^vmlinuz/);
  if (image === undefined) {
    throw new Error(`no vmlinuz in ${directory}: remove it to fetch it again`);
  }
  return { release, image, directory };
}

/** The file of a kernel module, which may be packed; undefined if it is built in. */
export function moduleFile(kernel: Kernel, name: string): Promise<string | undefined> {
  return findFile(kernel.directory, new RegExp(`^${name}\\.ko(\\.xz)?$`));
}
