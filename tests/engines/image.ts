/**
 * The smallest image: busybox, and what a test adds.
 *
 * @module
 */
import { command } from "./workspace.ts";

/** A static busybox. */
const busybox = "/bin/busybox";

/** The commands that the image has. */
const applets = ["sh", "sleep", "true", "cat", "echo", "ls", "mount", "kill", "id"] as const;

/** What the image is called in every engine. */
export const imageName = "tallyman-test:1";

/** Static programs to add: path in the image, path here. */
export type Binaries = Readonly<Record<string, string>>;

/** Makes a root file system. */
export async function makeRoot(path: string, binaries: Binaries = {}): Promise<void> {
  for (const name of ["bin", "dev", "etc", "proc", "sys", "tmp", "run", "usr", "var"]) {
    await Deno.mkdir(`${path}/${name}`, { recursive: true });
  }
  await Deno.copyFile(busybox, `${path}/bin/busybox`);
  for (const applet of applets) await Deno.symlink("busybox", `${path}/bin/${applet}`);
  await Deno.writeTextFile(`${path}/etc/passwd`, "root:x:0:0:root:/:/bin/sh\n");
  await Deno.writeTextFile(`${path}/etc/os-release`, "ID=tallyman-test\n");
  for (const [inside, here] of Object.entries(binaries)) {
    await Deno.mkdir(`${path}${inside.slice(0, inside.lastIndexOf("/"))}`, { recursive: true });
    await Deno.copyFile(here, `${path}${inside}`);
    await Deno.chmod(`${path}${inside}`, 0o755);
  }
}

/** Makes a root file system into a tar file, as `docker import` takes it. */
export async function makeTar(root: string, file: string): Promise<void> {
  await command(["tar", "-C", root, "--numeric-owner", "-cf", file, "."]);
}

/** Makes a tar file of a root file system into an image archive, as `docker save` writes it. */
export async function makeArchive(rootTar: string, folder: string, file: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const layer = await Deno.readFile(rootTar);
  await Deno.writeFile(`${folder}/layer.tar`, layer);
  const config = {
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    os: "linux",
    config: { Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${await sha256(layer)}`] },
  };
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config));
  const RepoTags = [`localhost/${imageName}`];
  const manifest = [{ Config: "config.json", RepoTags, Layers: ["layer.tar"] }];
  await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify(manifest));
  await command(["tar", "-C", folder, "-cf", file, "manifest.json", "config.json", "layer.tar"]);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
