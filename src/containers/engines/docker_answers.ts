/**
 * What a Docker-compatible API says of a container, read.
 *
 * @module
 */
import type { Description, Runtime } from "../container.ts";
import { describeAnnotations, vocabularies } from "./annotations.ts";
import { at, jsonIn, present, text, texts } from "./answers.ts";

/** The labels, and the pod that they tell of. */
export function describeLabels(
  labels: Readonly<Record<string, string>> | undefined,
): { labels: Description["labels"] | undefined; pod: Description["pod"] | undefined } {
  const { pod } = describeAnnotations(labels ?? {}, vocabularies.docker) ?? {};
  return { labels, pod };
}

/**
 * The answer to `GET /containers/ID/json`.
 *
 * @throws {Error} if it is not about that container.
 */
export function readContainer(body: string, id: string, runtime: Runtime): Description {
  const container = jsonIn(body);
  if (container === undefined) throw new Error("the answer is not JSON");
  if (at(container, "Id") !== id) throw new Error("the answer is about another container");
  return {
    runtime,
    ...present<Description>({
      runtime: undefined,
      // Docker's names begin with a slash; not all of Podman's do.
      name: text(text(at(container, "Name"))?.replace(/^\//, "")),
      image: present<NonNullable<Description["image"]>>({
        name: text(at(container, "Config", "Image")) ?? text(at(container, "ImageName")),
        id: text(at(container, "Image")),
      }),
      ...describeLabels(texts(at(container, "Config", "Labels"))),
    }),
  };
}
