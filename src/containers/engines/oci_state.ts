/**
 * Containers that runc or crun made with no engine above, by the state that these keep on disk.
 *
 * @module
 */
import type { Description, Identity } from "../container.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, isFolderName, text, texts } from "./answers.ts";
import { AbsentError, ask } from "./ask.ts";
import { kindOf, readFolder, readJson, type ReadOptions } from "./files.ts";
import { expandAll, type Place, speaksFor } from "./places.ts";

/** What a state file says. */
interface State {
  /** Paths of the container's cgroup, from the root of each hierarchy that it is in. */
  readonly cgroups: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** A program that keeps state. */
interface Kind {
  readonly roots: readonly string[];
  /** `<root>/<id>/<file>`, which is JSON. */
  readonly file: string;
  readonly read: (state: unknown, folder: string, options: ReadOptions) => Promise<State>;
}

export const kinds = {
  // opencontainers/runc, libcontainer/container.go: State, BaseState and configs.Config.
  runc: {
    roots: ["/run/runc", "/run/user/*/runc"],
    file: "state.json",
    read: (state) => {
      const labels = at(state, "config", "labels");
      return Promise.resolve({
        cgroups: Object.values(texts(at(state, "cgroup_paths")) ?? {}).flatMap(belowMount),
        annotations: Object.fromEntries((Array.isArray(labels) ? labels : []).flatMap(keyAndValue)),
      });
    },
  },
  // containers/crun, src/libcrun/status.c.
  crun: {
    roots: ["/run/crun", "/run/user/*/crun"],
    file: "status",
    read: async (state, folder, options) => {
      const cgroup = text(at(state, "cgroup-path"));
      const bundle = text(at(state, "bundle"));
      // Newer ones keep a copy of the bundle's, which may have changed since.
      const config = await readJson(`${folder}/config.json`, options) ??
        (bundle === undefined ? undefined : await readJson(`${bundle}/config.json`, options));
      return {
        cgroups: cgroup === undefined ? [] : [cgroup],
        annotations: texts(at(config, "annotations")) ?? {},
      };
    },
  },
} as const satisfies Record<string, Kind>;

/** `/sys/fs/cgroup/memory/a/b` is `/a/b` in a hierarchy of its own, or `/memory/a/b` in the only one. */
function belowMount(path: string): string[] {
  const only = /^\/sys\/fs\/cgroup(\/.*)$/s.exec(path)?.[1];
  return only === undefined ? [] : [only, only.replace(/^\/[^/]*/, "")];
}

function keyAndValue(label: unknown): [string, string][] {
  const [, key, value] = typeof label === "string" ? /^([^=]*)=(.*)$/s.exec(label) ?? [] : [];
  return key === undefined || value === undefined ? [] : [[key, value]];
}

/** runc's or crun's state, root's and that of users. */
export class OciState implements Engine {
  readonly name: keyof typeof kinds;
  readonly #kind: Kind;
  readonly #roots: readonly string[];

  /** @param roots Patterns: see {@linkcode expandAll}. */
  constructor(name: keyof typeof kinds, roots: readonly string[] = kinds[name].roots) {
    this.name = name;
    this.#kind = kinds[name];
    this.#roots = roots;
  }

  describe(container: Identity): Promise<Description | undefined> {
    return ask(this.name, async (signal) => {
      let found = false;
      for (const root of await expandAll(this.#roots)) {
        if (!speaksFor(root, container)) continue;
        const ids = await readFolder(root.path);
        if (ids === undefined) continue;
        found = true;
        // Most cgroups are called like their container, so that the others are rarely read.
        const others = ids.filter((id) => id !== container.id);
        for (const id of others.length < ids.length ? [container.id, ...others] : others) {
          if (signal.aborted) return undefined;
          if (!isFolderName(id)) continue;
          const reading = this.#read(root, id);
          // What is wrong with another's state is nothing to this one.
          const state = await (id === container.id ? reading : reading.catch(() => undefined));
          if (state !== undefined && isSame(state, id, container)) return this.#describe(id, state);
        }
      }
      if (!found) throw new AbsentError(this.#roots.join(", "));
      return undefined;
    });
  }

  async status(): Promise<EngineStatus> {
    const paths = (await expandAll(this.#roots)).map(({ path }) => path);
    const kinds = await Promise.all(paths.map(kindOf));
    const there = paths.filter((_, i) => kinds[i] === "folder");
    return there.length > 0
      ? { state: "reached", where: there.join(", ") }
      : { state: "absent", where: this.#roots.join(", ") };
  }

  [Symbol.dispose](): void {}

  async #read(root: Place, id: string): Promise<State | undefined> {
    const folder = `${root.path}/${id}`;
    const options = { owner: root.uid };
    const state = await readJson(`${folder}/${this.#kind.file}`, options);
    return state === undefined ? undefined : await this.#kind.read(state, folder, options);
  }

  #describe(id: string, { annotations }: State): Description {
    return {
      ...describeAnnotations(annotations, vocabularies.oci),
      runtime: this.name,
      name: id,
    };
  }
}

/** By its cgroup, or one above. By its id only where the cgroup does not speak against it. */
function isSame({ cgroups }: State, id: string, { id: wanted, cgroup }: Identity): boolean {
  const own = cgroups.filter((path) => path !== "" && path !== "/");
  if (own.some((path) => cgroup === path || cgroup.startsWith(`${path}/`))) return true;
  // In a cgroup namespace, paths begin elsewhere.
  return id === wanted && (own.length === 0 || own.some((path) => leaf(path) === leaf(cgroup)));
}

function leaf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
