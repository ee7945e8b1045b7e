/**
 * containerd, by the OCI bundles in its state folder: those of the CRI, of nerdctl and of ctr.
 *
 * @module
 */
import type { Description, Identity } from "../container.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, isEngineId, isFolderName, text, texts } from "./answers.ts";
import { AbsentError, ask } from "./ask.ts";
import { kindOf, readFolder, readJson } from "./files.ts";

/** State folders: containerd's own, then those of distributions of Kubernetes that bring one. */
export const containerdStates = [
  "/run/containerd",
  "/run/k3s/containerd",
  "/run/k0s/containerd",
  "/var/snap/microk8s/common/run/containerd",
] as const;

/** Where a state folder has its bundles: `<namespace>/<id>/config.json`. */
const bundles = "io.containerd.runtime.v2.task";

/** The namespace of Docker, which knows its containers better. */
const dockersNamespace = "moby";

/** containerd's state, wherever it is. */
export class Containerd implements Engine {
  readonly name = "containerd";
  readonly #states: readonly string[];

  /** @param states State folders (`state` in containerd's config.toml). */
  constructor(states: readonly string[] = containerdStates) {
    this.#states = states;
  }

  describe(container: Identity): Promise<Description | undefined> {
    return ask(this.name, async () => {
      if (!isFolderName(container.id)) return undefined;
      let found = false;
      let isDockers = false;
      for (const state of this.#states) {
        const namespaces = await readFolder(`${state}/${bundles}`);
        found ||= namespaces !== undefined;
        for (const namespace of namespaces ?? []) {
          const wanted = container.containerdNamespace ?? namespace;
          if (namespace !== wanted || !isFolderName(namespace)) continue;
          const bundle = await readJson(
            `${state}/${bundles}/${namespace}/${container.id}/config.json`,
          );
          if (bundle === undefined || !isSame(bundle, container)) continue;
          if (namespace === dockersNamespace) isDockers = true;
          else return describeBundle(bundle, container.id);
        }
      }
      if (!found) throw new AbsentError(this.#states.join(", "));
      return isDockers ? { runtime: "docker" } : undefined;
    });
  }

  async status(): Promise<EngineStatus> {
    const kinds = await Promise.all(this.#states.map((state) => kindOf(`${state}/${bundles}`)));
    const there = this.#states.filter((_, i) => kinds[i] === "folder");
    return there.length > 0
      ? { state: "reached", where: there.join(", ") }
      : { state: "absent", where: this.#states.join(", ") };
  }

  [Symbol.dispose](): void {}
}

/** Whether a bundle of that name is that container's: short names need not be unique on a machine. */
function isSame(bundle: unknown, { id, cgroup, containerdNamespace }: Identity): boolean {
  return isEngineId(id) || containerdNamespace !== undefined ||
    at(bundle, "linux", "cgroupsPath") === cgroup;
}

function describeBundle(bundle: unknown, id: string): Description {
  const annotations = texts(at(bundle, "annotations")) ?? {};
  const said = describeAnnotations(annotations, vocabularies.containerd);
  // ctr has no names but the ids that its user chose.
  const name = text(at(said, "name")) ?? (isEngineId(id) ? undefined : id);
  return { ...said, runtime: "containerd", ...(name === undefined ? {} : { name }) };
}
