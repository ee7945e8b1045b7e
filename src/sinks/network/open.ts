/**
 * Sinks by their URL.
 *
 * @module
 */
import type { Target } from "../target.ts";
import { HttpTarget } from "./http.ts";
import { connectTo } from "./lines.ts";
import { SocketTarget } from "./socket.ts";
import { SyslogTarget } from "./syslog.ts";

/** The ways to write one. */
export const sinkForms: readonly string[] = [
  "unix:/PATH",
  "tcp://HOST:PORT",
  "http://HOST/PATH",
  "https://HOST/PATH",
  "syslog:unix:/PATH",
  "syslog:tcp://HOST:PORT",
];

/** Opens nothing yet: that is done when there is something to write, and again after it broke. undefined: no such. */
export function openSink(url: string, say: (text: string) => void): Target | undefined {
  if (/^https?:\/\//.test(url)) return URL.canParse(url) ? new HttpTarget(url, say) : undefined;
  const [, syslog, rest = ""] = /^(syslog:)?(.*)$/s.exec(url) ?? [];
  const address = addressOf(rest);
  if (address === undefined) return undefined;
  const connect = connectTo(address);
  return syslog === undefined ? new SocketTarget(url, connect) : new SyslogTarget(url, connect);
}

function addressOf(url: string): { readonly path: string } | Deno.ConnectOptions | undefined {
  const [, path] = /^unix:(\/.+)$/s.exec(url) ?? [];
  if (path !== undefined) return { path };
  const [, six, four, port = ""] = /^tcp:\/\/(?:\[([0-9a-f:.]+)\]|([^:/[\]]+)):(\d+)$/i.exec(url) ??
    [];
  const hostname = six ?? four;
  const number = Number(port);
  return hostname === undefined || number < 1 || number > 65_535
    ? undefined
    : { hostname, port: number };
}
