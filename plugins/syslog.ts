/**
 * Records as syslog messages of RFC 5424, framed by octet counting (RFC 6587), on TCP and unix streams. Deno's stable
 * API has no unix datagrams, so /dev/log, which is one mostly, is out of reach.
 */
import { definePlugin, type SinkItem, z } from "tallyman";
import { address, Connection } from "./shared/connection.ts";

/** RFC 5424, section 6.2.1. */
const LOCAL_0 = 16;
const LOCAL_7 = 23;

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

/** A header's field: printable ASCII without spaces, as long as it may be; `-` if there is nothing. */
function field(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, "").slice(0, most) || "-";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A message, whose text is the record's line, behind its length. */
function frame({ record, line }: SinkItem, facility: number, host: string): string {
  const of = (name: string) => text(Reflect.get(record, name));
  const priority = facility * 8 + (severities[of("severity")] ?? INFORMATIONAL);
  // It allows microseconds, and no finer.
  const stamp = of("time").replace(/(\.\d{6})\d*Z$/, "$1Z") || "-";
  const header = `<${priority}>1 ${stamp} ${field(host, 255)} tallyman ${Deno.pid} ${
    field(of("type"), 32)
  } -`;
  const message = `${header} ${line}`;
  return `${encoder.encode(message).length} ${message}`;
}

export default definePlugin({
  name: "syslog",
  title: "Records go to a syslog server, by RFC 5424 on a unix or TCP stream",
  options: z.object({
    url: address("syslog:").describe("Where to: `syslog:unix:/PATH`, `syslog:tcp://HOST:PORT`."),
    facility: z.int().min(0).max(LOCAL_7).default(LOCAL_0)
      .describe("Of the messages, as a number: 16 is `local0`."),
    host: z.string().min(1).prefault(() => Deno.hostname()).describe(
      "Who they say that they are of.",
    ),
  }),
  sink({ url, facility, host }) {
    const connection = new Connection(url);
    return {
      name: url.name,
      async writeBatch(batch) {
        const frames = Array.from(batch, (item) => frame(item, facility, host));
        await connection.write(encoder.encode(frames.join("")));
      },
      close: () => connection.close(),
    };
  },
});
