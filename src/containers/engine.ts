/**
 * A container engine as the monitor sees it: something that may know a container's name.
 *
 * @module
 */
import type { Description, Identity } from "./container.ts";

/** Whether an engine can be asked, for `doctor`. */
export type EngineStatus =
  | { readonly state: "reached"; readonly where: string; readonly version?: string }
  | { readonly state: "absent"; readonly where: string }
  | { readonly state: "failed"; readonly where: string; readonly reason: string };

/** One engine, by its socket or by its state on disk. */
export interface Engine extends Disposable {
  /** `docker`, `podman`, `containerd`, … */
  readonly name: string;
  /**
   * What the engine knows of a container.
   *
   * @returns undefined if it does not know the container.
   * @throws {EngineError} if it could not be asked: not there, no answer within 2 s, nonsense.
   */
  describe(container: Identity): Promise<Description | undefined>;
  /** Whether it can be asked, and how. Never throws. */
  status(): Promise<EngineStatus>;
}

/** An engine that could not be asked. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  constructor(readonly engine: string, reason: string, options?: ErrorOptions) {
    super(`asking ${engine}: ${reason}`, options);
  }
}
