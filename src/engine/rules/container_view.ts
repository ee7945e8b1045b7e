/**
 * A container as rules see it.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { displayName } from "../../sinks/mod.ts";
import type { RuleContainer } from "./define.ts";

interface Made {
  readonly of: Container["metadata"];
  readonly view: RuleContainer;
}

const made = new WeakMap<Container, Made>();

/** The same object as long as nothing new is known of the container. Frozen: it is shared by all rules. */
export function containerView(container: Container): RuleContainer {
  const known = made.get(container);
  if (known?.of === container.metadata) return known.view;
  const { identity, metadata } = container;
  const description = metadata.state === "known" ? metadata.description : {};
  const { image, labels = {}, pod, runtime = identity.runtime } = description;
  const uid = pod?.uid ?? identity.podUid;
  const view: RuleContainer = Object.freeze({
    id: identity.id,
    name: displayName(container),
    runtime,
    image: image?.name,
    labels: Object.freeze({ ...labels }),
    pod: pod === undefined && uid === undefined
      ? undefined
      : Object.freeze({ ...pod, ...(uid !== undefined && { uid }) }),
    metadata: metadata.state,
  });
  made.set(container, { of: container.metadata, view });
  return view;
}
