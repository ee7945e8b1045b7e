/**
 * A container image that is busybox and nothing else, in the format of `docker save`.
 *
 * @module
 */
import { BUSYBOX } from "./host.ts";
import { run, runForText } from "./process.ts";

/** How engines know it once they have imported it. */
export const IMAGE = "localhost/tallyman-busybox:test";

/** The commands that it has, each a link to busybox. */
const COMMANDS = ["cat", "echo", "ls", "sh", "sleep", "true"] as const;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Makes it.
 *
 * @param directory A folder that exists, for the parts.
 * @returns the path of the image's archive.
 */
export async function makeBusyboxImage(directory: string): Promise<string> {
  const root = `${directory}/root`;
  await Deno.mkdir(`${root}/bin`, { recursive: true });
  await Deno.copyFile(BUSYBOX, `${root}/bin/busybox`);
  for (const command of COMMANDS) await Deno.symlink("busybox", `${root}/bin/${command}`);
  await run("tar", ["--create", "--file", `${directory}/layer.tar`, "--directory", root, "."]);
  const layer = await sha256(await Deno.readFile(`${directory}/layer.tar`));
  const architecture = (await runForText("dpkg", ["--print-architecture"])).trim();
  const config = {
    architecture,
    os: "linux",
    // A pod's sandbox runs this: a container that does nothing and does not end.
    config: { Cmd: ["/bin/sleep", "2147483647"], Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [IMAGE], Layers: ["layer.tar"] }];
  await Deno.writeTextFile(`${directory}/config.json`, JSON.stringify(config));
  await Deno.writeTextFile(`${directory}/manifest.json`, JSON.stringify(manifest));
  const archive = `${directory}/image.tar`;
  const members = ["manifest.json", "config.json", "layer.tar"];
  await run("tar", ["--create", "--file", archive, "--directory", directory, ...members]);
  return archive;
}
