/**
 * What several formats ask of an alert, and no record has as it is.
 *
 * @module
 */
import type { Alert, AlertEvent } from "../alert.ts";

/** Techniques that a rule's tags name: `mitre:T1059.004`. */
export function techniquesOf({ tags }: Pick<Alert, "tags">): string[] {
  return tags.flatMap((tag) => /^mitre:(T\d{4}(?:\.\d{3})?)$/.exec(tag)?.slice(1) ?? []);
}

/** A text among the call's arguments: of one that was cut, what there is. */
function textArgument({ call }: AlertEvent, name: string): string | undefined {
  const value = call?.args[name];
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("text" in value)) return undefined;
  return typeof value.text === "string" ? value.text : undefined;
}

/** Names of arguments that are a file's, the likeliest first, with what a relative one starts from. */
const paths = [["path", "dirfd"], ["newpath", "newdirfd"], ["oldpath", "olddirfd"]] as const;

/** The file that the call is about: by its name, as it was given, or by what a descriptor refers to. */
export function fileOf(event: AlertEvent): string | undefined {
  const { args = {}, descriptors } = event.call ?? {};
  for (const [name, from] of paths) {
    const path = textArgument(event, name);
    if (path === undefined) continue;
    const start = args[from];
    const folder = start === undefined || start === "AT_FDCWD"
      ? event.process.working_directory
      : descriptors?.[from]?.name;
    return path.startsWith("/") || folder === undefined ? path : join(folder, path);
  }
  const opened = descriptors?.["fd"]?.name;
  return opened?.startsWith("/") ? opened : undefined;
}

function join(folder: string, path: string): string {
  return `${folder.replace(/\/$/, "")}/${path}`;
}

/** The other end of a connection. */
export interface Peer {
  /** `10.0.0.7:443`, `/run/x.sock` */
  readonly text: string;
  readonly address?: string;
  readonly port?: number;
}

/** The socket address that the call names. */
export function peerOf({ call }: AlertEvent): Peer | undefined {
  for (const value of Object.values(call?.args ?? {})) {
    if (typeof value !== "object" || value === null || !("family" in value)) continue;
    if (!("text" in value) || typeof value.text !== "string") continue;
    const { text } = value;
    const address = "address" in value ? value.address : undefined;
    const port = "port" in value ? value.port : undefined;
    return {
      text,
      ...(typeof address === "string" && { address }),
      ...(typeof port === "number" && { port }),
    };
  }
  return undefined;
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
