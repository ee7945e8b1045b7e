/**
 * CRI-O: the annotations of its bundles.
 *
 * @module
 */
import type { Description, Identity } from "../container.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, isEngineId, texts } from "./answers.ts";
import { AbsentError, ask, reason } from "./ask.ts";
import { kindOf } from "./files.ts";
import { containerFolders, findStorages, readBundle, type Storage } from "./storage.ts";

/** CRI-O's bundles, in the store that it shares with Podman. */
export class Crio implements Engine {
  readonly name = "cri-o";
  readonly #find: () => Promise<Storage[]>;

  /** @param find Where the stores are; those of users are nothing to CRI-O. */
  constructor(find: () => Promise<Storage[]> = findStorages) {
    this.#find = find;
  }

  describe(container: Identity): Promise<Description | undefined> {
    return ask(this.name, async () => {
      if (!isEngineId(container.id)) return undefined;
      const storages = await this.#storages();
      let found = false;
      for (const storage of storages) {
        for (const folder of await containerFolders(storage)) {
          found = true;
          const annotations = texts(at(await readBundle(folder, container.id, {}), "annotations"));
          if (at(annotations, "io.container.manager") !== "cri-o") continue;
          return { ...describeAnnotations(annotations ?? {}, vocabularies.crio), runtime: "cri-o" };
        }
      }
      if (!found) throw new AbsentError(storages.map(({ runRoot }) => runRoot).join(", "));
      return undefined;
    });
  }

  async status(): Promise<EngineStatus> {
    try {
      const paths = (await this.#storages()).map(({ runRoot }) => runRoot);
      const kinds = await Promise.all(paths.map(kindOf));
      const there = paths.filter((_, i) => kinds[i] === "folder");
      return there.length > 0
        ? { state: "reached", where: there.join(", ") }
        : { state: "absent", where: paths.join(", ") };
    } catch (error) {
      return { state: "failed", where: "storage.conf", reason: reason(error) };
    }
  }

  async #storages(): Promise<Storage[]> {
    return (await this.#find()).filter(({ uid }) => uid === undefined);
  }

  [Symbol.dispose](): void {}
}
