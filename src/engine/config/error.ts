/**
 * What is wrong with a configuration.
 *
 * @module
 */

/** What is wrong with a configuration, or with what stands on the command line instead: where, and what. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** @param where A file, or an option. */
  constructor(readonly where: string, message: string, options?: ErrorOptions) {
    super(`${where}: ${message}`, options);
  }
}
