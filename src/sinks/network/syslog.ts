/**
 * Records as syslog messages of RFC 5424, framed by octet counting (RFC 6587), on TCP and unix streams. Deno's stable
 * API has no unix datagrams, so /dev/log, which is one mostly, is out of reach.
 *
 * @module
 */
import type { Target } from "../target.ts";
import { type Connect, Connection, wholeLines } from "./lines.ts";

/** RFC 5424, section 6.2.1: local0. */
const FACILITY = 16;

/** By an alert's severity; all else is informational. */
const severities: Readonly<Record<string, number>> = {
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};
const INFORMATIONAL = 6;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A header's field: printable ASCII without spaces, as long as it may be; `-` if there is nothing. */
function field(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, "").slice(0, most) || "-";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * A message, whose text is the record's line.
 *
 * @param line A record's JSON.
 */
export function syslogMessage(line: string, host: string, pid: number): Uint8Array {
  const record: unknown = JSON.parse(line);
  const { type, time, severity } = typeof record === "object" && record !== null
    ? record as { readonly [name: string]: unknown }
    : {};
  const priority = FACILITY * 8 + (severities[text(severity)] ?? INFORMATIONAL);
  // It allows microseconds, and no finer.
  const stamp = text(time).replace(/(\.\d{6})\d*Z$/, "$1Z") || "-";
  const header = `<${priority}>1 ${stamp} ${field(host, 255)} tallyman ${pid} ${
    field(text(type), 32)
  } -`;
  return encoder.encode(`${header} ${line}`);
}

/** Records as syslog messages on a stream. */
export class SyslogTarget implements Target {
  readonly name: string;
  readonly #connection: Connection;
  readonly #host = Deno.hostname();

  constructor(name: string, connect: Connect) {
    this.name = name;
    this.#connection = new Connection(connect);
  }

  async write(bytes: Uint8Array): Promise<number> {
    const frames: Uint8Array[] = [];
    let taken = 0;
    for (const line of wholeLines(bytes, 1 << 16)) {
      const message = syslogMessage(decoder.decode(line), this.#host, Deno.pid);
      frames.push(encoder.encode(`${message.length} `), message);
      taken += line.length + 1;
    }
    const all = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
    let at = 0;
    for (const frame of frames) {
      all.set(frame, at);
      at += frame.length;
    }
    await this.#connection.write(all);
    return taken;
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
