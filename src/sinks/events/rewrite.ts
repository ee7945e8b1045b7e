/**
 * What is made of events before they are written, by others than their writer.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";

/** Rewrites what a container has had a hand in. */
export interface Rewrites {
  readonly isEmpty: boolean;
  /** Texts that belong together: as many come back. */
  texts(texts: readonly string[], key: string): readonly string[];
  record<T extends object>(record: T): T;
  container(container: Container): Container;
}

/** What an event's writer is to do besides. */
export interface EventChanges {
  readonly rewrites?: Rewrites;
  /** Fields to add, by who adds them. */
  fields?(container: Container, process: object, event: object):
    | Readonly<Record<string, object>>
    | undefined;
}
