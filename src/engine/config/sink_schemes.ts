/**
 * Which plugin a sink's URL is for.
 *
 * @module
 */

/** A kind of URLs. */
interface Scheme {
  /** The ways to write one. */
  readonly forms: readonly string[];
  /** The plugin that ships, and takes it as its option `url`. */
  readonly plugin: string;
}

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ["unix", { forms: ["unix:/PATH"], plugin: "socket" }],
  ["tcp", { forms: ["tcp://HOST:PORT"], plugin: "socket" }],
  ["http", { forms: ["http://HOST/PATH"], plugin: "http" }],
  ["https", { forms: ["https://HOST/PATH"], plugin: "http" }],
  ["syslog", { forms: ["syslog:unix:/PATH", "syslog:tcp://HOST:PORT"], plugin: "syslog" }],
]);

/** The ways to write a sink's URL. */
export const sinkForms: readonly string[] = [...schemes.values()].flatMap(({ forms }) => forms);

/** The name of the plugin that a URL is for; undefined: there is no such sink. */
export function sinkPlugin(url: string): string | undefined {
  const [, scheme = ""] = /^([a-z]+):/.exec(url) ?? [];
  return schemes.get(scheme)?.plugin;
}

/** The ways to write a URL that is for a plugin. */
export function formsOf(plugin: string): string[] {
  return [...schemes.values()].filter((scheme) => scheme.plugin === plugin)
    .flatMap(({ forms }) => forms);
}
