/**
 * Podman without its service: what it leaves in its store.
 *
 * @module
 */
import type { Description, Identity } from "../container.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, firstText, isEngineId, jsonIn, present, text, texts } from "./answers.ts";
import { AbsentError, ask, reason } from "./ask.ts";
import { kindOf, readJson } from "./files.ts";
import { speaksFor } from "./places.ts";
import { containerFolders, findStorages, readBundle, type Storage, trust } from "./storage.ts";

/** Podman's stores, root's and those of users. */
export class PodmanStorage implements Engine {
  readonly name = "podman-storage";
  readonly #find: () => Promise<Storage[]>;

  /** @param find Where the stores are. */
  constructor(find: () => Promise<Storage[]> = findStorages) {
    this.#find = find;
  }

  describe(container: Identity): Promise<Description | undefined> {
    return ask(this.name, async () => {
      if (!isEngineId(container.id)) return undefined;
      const storages = await this.#find();
      let found = false;
      for (const storage of storages) {
        if (!speaksFor(storage, container)) continue;
        const folders = await containerFolders(storage);
        found ||= folders.length > 0;
        for (const folder of folders) {
          const description = await describeIn(storage, folder, container.id);
          if (description !== undefined) return description;
        }
      }
      if (!found) throw new AbsentError(storages.map(({ path }) => path).join(", "));
      return undefined;
    });
  }

  async status(): Promise<EngineStatus> {
    try {
      const paths = (await this.#find()).map(({ path }) => path);
      const kinds = await Promise.all(paths.map(kindOf));
      const there = paths.filter((_, i) => kinds[i] === "folder");
      return there.length > 0
        ? { state: "reached", where: there.join(", ") }
        : { state: "absent", where: paths.join(", ") };
    } catch (error) {
      return { state: "failed", where: "storage.conf", reason: reason(error) };
    }
  }

  [Symbol.dispose](): void {}
}

async function describeIn(
  storage: Storage,
  folder: { lasting: string; running: string },
  id: string,
): Promise<Description | undefined> {
  const options = trust(storage);
  const bundle = await readBundle(folder, id, options);
  const annotations = texts(at(bundle, "annotations"));
  const manager = at(annotations, "io.container.manager");
  // CRI-O keeps its containers in the same store.
  if (manager !== undefined && manager !== "libpod") return undefined;
  const record = await findRecord(`${folder.lasting}/containers.json`, id, options) ??
    await findRecord(`${folder.running}/volatile-containers.json`, id, options);
  if (record === undefined && bundle === undefined) return undefined;
  const metadata = jsonIn(at(record, "metadata"));
  if (manager === undefined && at(metadata, "pod-id") !== undefined) return undefined;
  const imageId = text(at(metadata, "image-id")) ?? text(at(record, "image"));
  const images = folder.lasting.replace(/-containers$/, "-images");
  return {
    runtime: "podman",
    ...describeAnnotations(annotations ?? {}, vocabularies.podman),
    ...present<Description>({
      runtime: undefined,
      // What is in the metadata is older: a container can be renamed.
      name: firstText(at(record, "names")) ?? text(at(metadata, "name")),
      image: present<NonNullable<Description["image"]>>({
        name: text(at(metadata, "image-name")) ??
          firstText(at(await findRecord(`${images}/images.json`, imageId, options), "names")),
        id: imageId,
      }),
      labels: undefined,
      pod: undefined,
    }),
  };
}

/** The record with that id, in a file that is a list of records. */
async function findRecord(
  path: string,
  id: string | undefined,
  options: { owner?: number | undefined },
): Promise<unknown> {
  if (id === undefined) return undefined;
  const records = await readJson(path, options);
  return Array.isArray(records) ? records.find((record) => at(record, "id") === id) : undefined;
}
