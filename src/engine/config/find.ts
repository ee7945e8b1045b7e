/**
 * Which file is the configuration.
 *
 * @module
 */
import { join } from "node:path";
import { ConfigError } from "./error.ts";

/** Looked for in the current folder. */
export const configNames = ["tallyman.config.ts", "tallyman.config.json"] as const;

/** Whose files root takes without being told to. */
interface User {
  readonly uid: number;
  /** Who has become root by sudo. */
  readonly sudoUid?: number | undefined;
}

function currentUser(): User {
  const sudo = Deno.env.get("SUDO_UID");
  return { uid: Deno.uid() ?? 0, sudoUid: sudo === undefined ? undefined : Number(sudo) };
}

/**
 * The configuration in a folder, if there is one.
 *
 * @throws {ConfigError} if there are two, or if it is another user's: it is code, and we are mostly root.
 */
export function findConfig(folder: string, user: User = currentUser()): string | undefined {
  const found = configNames.map((name) => join(folder, name)).filter(exists);
  const [file, other] = found;
  if (file === undefined) return undefined;
  if (other !== undefined) {
    throw new ConfigError(file, `there is ${configNames[1]}, too: name one by --config`);
  }
  const trusted = new Set([0, user.uid, user.sudoUid]);
  const owner = [Deno.lstatSync(file), Deno.statSync(file)]
    .map(({ uid }) => uid ?? 0).find((uid) => !trusted.has(uid));
  if (owner !== undefined) {
    throw new ConfigError(
      file,
      `it belongs to another user, ${owner}, and would run as yours: ` +
        "name it by --config if that is meant",
    );
  }
  return file;
}

function exists(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
