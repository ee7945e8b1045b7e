/**
 * The folders of containers/storage, which Podman and CRI-O share.
 *
 * @module
 */
import { isFolderName } from "./answers.ts";
import { readFolder, readJson, type ReadOptions, readText } from "./files.ts";
import { expand, type Place } from "./places.ts";

/** A store: what lasts, and what lasts until the machine stops. */
export interface Storage extends Place {
  /** The graph root. */
  readonly path: string;
  readonly runRoot: string;
}

/** Root's, unless a configuration says otherwise: containers/storage, docs/containers-storage.conf.5.md. */
const rootStorage: Storage = {
  path: "/var/lib/containers/storage",
  runRoot: "/run/containers/storage",
};

/** Where the configuration is; a later one counts more. */
const configurations = [
  "/usr/share/containers/storage.conf",
  "/etc/containers/storage.conf",
] as const;

/** The value of a key that holds a string: the two that matter here do. */
function tomlString(content: string, key: string): string | undefined {
  return new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*["']([^"'\\n]+)["']`, "m").exec(content)?.[1];
}

/**
 * Root's store and the default one, then those of users.
 *
 * @param configuration The path in `CONTAINERS_STORAGE_CONF`: counts instead of the usual ones.
 */
export async function findStorages(configuration?: string): Promise<Storage[]> {
  let configured = rootStorage;
  for (const path of configuration === undefined ? configurations : [configuration]) {
    const content = await readText(path, { follow: true });
    if (content === undefined) continue;
    configured = {
      path: tomlString(content, "graphroot") ?? configured.path,
      runRoot: tomlString(content, "runroot") ?? configured.runRoot,
    };
  }
  const ofUsers = await expand("~*/.local/share/containers/storage");
  return [
    configured,
    ...(configured.path === rootStorage.path ? [] : [rootStorage]),
    ...ofUsers.map((place) => ({ ...place, runRoot: `/run/user/${place.uid}/containers` })),
  ];
}

/** How far what is in a store is to be trusted. */
export function trust(storage: Storage): ReadOptions {
  return { owner: storage.uid };
}

/** A store's folders of containers, one a storage driver: `overlay-containers`, `vfs-containers`. */
export async function containerFolders(
  storage: Storage,
): Promise<{ lasting: string; running: string }[]> {
  const names = new Set([
    ...await readFolder(storage.path) ?? [],
    ...await readFolder(storage.runRoot) ?? [],
  ]);
  return [...names].filter((name) => /^[a-z0-9]+-containers$/.test(name)).map((name) => ({
    lasting: `${storage.path}/${name}`,
    running: `${storage.runRoot}/${name}`,
  }));
}

/** The OCI `config.json` of a container; undefined if there is none. */
export async function readBundle(
  folder: { lasting: string; running: string },
  id: string,
  options: ReadOptions,
): Promise<unknown> {
  if (!isFolderName(id)) return undefined;
  for (const root of [folder.running, folder.lasting]) {
    const bundle = await readJson(`${root}/${id}/userdata/config.json`, options);
    if (bundle !== undefined) return bundle;
  }
  return undefined;
}
