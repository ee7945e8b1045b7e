/**
 * CRI-O: the annotations of its bundles.
 *
 * @module
 */
import type { Description, Identity } from "../container.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, isEngineId, texts } from "./answers.ts";
import { AbsentError, ask } from "./ask.ts";
import { kindOf } from "./files.ts";
import { containerFolders, findStorages, readBundle, type Storage } from "./storage.ts";

/** CRI-O's own socket. It is not spoken to: that it is there tells the store's other user from Podman. */
const usualSocket = "/run/crio/crio.sock";

/** CRI-O's bundles, in the store that it shares with Podman. */
export class Crio implements Engine {
  readonly name = "cri-o";
  readonly #find: () => Promise<Storage[]>;
  readonly #socket: string;

  /** @param find Where the stores are; those of users are nothing to CRI-O. */
  constructor(find: () => Promise<Storage[]> = findStorages, socket: string = usualSocket) {
    this.#find = find;
    this.#socket = socket;
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
    const where = this.#socket;
    return { state: await kindOf(where) === "socket" ? "reached" : "absent", where };
  }

  async #storages(): Promise<Storage[]> {
    return (await this.#find()).filter(({ uid }) => uid === undefined);
  }

  [Symbol.dispose](): void {}
}
