/**
 * What a container names, from the kernel's bytes to the line, and back: comm, paths, arguments, container names.
 *
 * 2,000 random ones; HOSTILE_NAMES=100000 for as many as may be, which takes minutes.
 */
import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../../src/containers/mod.ts";
import { callSpecs, Event } from "../../src/events/decoded/mod.ts";
import { CallEvent, processEventAt } from "../../src/events/mod.ts";
import {
  callEvent,
  constants,
  execEvent,
  pieceHeader,
  processEvent,
  record,
} from "../../src/kernel/mod.ts";
import { ProcessTable } from "../../src/processes/mod.ts";
import { alertEvent, JsonlEvents } from "../../src/sinks/events/mod.ts";
import { meant } from "../../src/sinks/json_fixtures.ts";
import { alertRecord, line, LineBuffer, printable } from "../../src/sinks/mod.ts";
import { containerRecord } from "../../src/sinks/records.ts";
import { anyRecord } from "../../src/sinks/schema/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import { decodeText, encodeText } from "../../src/text/mod.ts";

const RANDOM = Number(Deno.env.get("HOSTILE_NAMES") ?? 2000);

/** Nobody has it: pids end at 2^22. */
const PID = 2 ** 22 + 812;
const EXEC = record.size + processEvent.size;
const MOST_ARGV = execEvent.fields.arguments.dimensions[0] ?? 0;

const text = (value: string) => new TextEncoder().encode(value);

/** What has broken logs, terminals and parsers. */
const chosen: readonly Uint8Array[] = [
  "\x1b[2J\x1b[H\x1b]0;owned\x07",
  "\x9b31m\x85next",
  "a\r\nb\rc\n",
  '"}\n{"type":"alert","severity":"critical","message":"forged"}',
  '","container":{"id":"other"},"x":"',
  "Nov 22 17:40:43 host sshd[1]: Accepted password for root",
  "\\u0000\\udc80\\n\\\\ud800",
  "a\u2028b\u2029c",
  "\u202egnp.exe\u200b\ufeff",
  "__proto__",
  "constructor/toString",
  "%s%n%x ${HOME} $(reboot) `id`",
  "',; DROP TABLE records;--",
  "名前🐳\u0301",
  "\x7f\x01\x02\x08\x0c",
  "\ufffd",
  "~0~1/a~b",
].map(text).concat([
  Uint8Array.of(0xff, 0xfe),
  Uint8Array.of(0x63, 0x61, 0x66, 0xe9),
  Uint8Array.of(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
  Uint8Array.of(0xed, 0xb2, 0x80),
  Uint8Array.of(0xc0, 0xaf, 0xe0, 0x80, 0xaf),
  Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  Uint8Array.of(0xf0, 0x9f, 0x90),
  Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
  Uint8Array.of(0xef, 0xbf, 0xbd, 0xff),
]);

/** Bytes without NUL, which ends every one of these names. */
function anyName(most: number): fc.Arbitrary<Uint8Array> {
  const part = fc.oneof(
    fc.constantFrom(...chosen),
    fc.uint8Array({ min: 1, maxLength: 8 }),
    fc.string({ unit: "binary", maxLength: 4 }).map((each) => encodeText(each)),
  );
  return fc.array(part, { maxLength: 4 }).map((parts) =>
    Uint8Array.from(parts.flatMap((each) => [...each])).filter((byte) => byte !== 0)
      .subarray(0, most)
  );
}

interface Names {
  readonly comm: Uint8Array;
  readonly path: Uint8Array;
  readonly argv: readonly Uint8Array[];
  /** Engines' names are text: JSON brings them. */
  readonly container: string;
  readonly label: string;
}

/** A container, a process that it has, and its call, as the kernel and an engine tell of them. */
class Witness {
  readonly #table = new ProcessTable({
    proc: { file: () => undefined, link: () => undefined, pids: () => [] },
  });
  readonly #event = new Event(this.#table, 1_795_000_000_000_000_000n);
  readonly #jsonl = new JsonlEvents();
  readonly #written = new LineBuffer();
  readonly #spec = [...callSpecs(["openat"]).values()][0];
  #start = 0n;

  /** The lines of its container, of an alert, and of the call. */
  lines({ comm, path, argv, container: name, label }: Names): readonly [string, string, string] {
    const container: Container = {
      identity: { runtime: "docker", id: name, cgroup: `/docker/${name}` },
      metadata: {
        state: "known",
        description: { name, image: { name }, labels: { [label]: name, of: label } },
      },
      v1: false,
      origin: "seen",
      since: 0n,
      state: "running",
    };
    this.#start++;
    this.#exec(comm, argv);
    const event = this.#event.show(this.#openat(comm, path), container);
    const alert = alertRecord({
      time: event.time,
      rule: "opened",
      title: "A file was opened",
      severity: "warning",
      tags: [],
      message: `${event.process.comm} opened ${decodeText(path)}`,
      container,
      fields: { [decodeText(path)]: [decodeText(comm)] },
      event: alertEvent(event),
      suppressed: 0,
    });
    return [
      line(containerRecord({ action: "seen", container, time: 0n })),
      line(alert),
      this.#eventLine(event),
    ];
  }

  #eventLine(event: Event): string {
    this.#written.cut(0);
    this.#jsonl.write(event, this.#written);
    return new TextDecoder("utf-8", { fatal: true }).decode(this.#written.bytes);
  }

  #head(view: DataView, type: number, comm: Uint8Array): void {
    view.setUint16(record.offset.type, type, true);
    view.setUint32(record.offset.pid, PID, true);
    view.setUint32(record.offset.tid, PID, true);
    view.setBigUint64(record.offset.start_time, this.#start, true);
    new Uint8Array(view.buffer).set(comm, record.offset.comm);
  }

  #exec(comm: Uint8Array, argv: readonly Uint8Array[]): void {
    const bytes = new Uint8Array(EXEC + execEvent.size);
    const view = new DataView(bytes.buffer);
    this.#head(view, constants.RECORD_EXEC, comm);
    let at = 0;
    for (const each of argv) {
      bytes.set(each, EXEC + execEvent.offset.arguments + at);
      at += each.length + 1;
    }
    view.setUint32(EXEC + execEvent.offset.arguments_length, at, true);
    view.setUint32(EXEC + execEvent.offset.arguments_whole, at, true);
    const interpreter = Uint8Array.of(0x2f, ...argv[0] ?? []).subarray(0, 255);
    bytes.set(interpreter, EXEC + execEvent.offset.interpreter);
    const event = processEventAt(view, 0);
    if (event?.type !== "exec") throw new Error("no exec");
    this.#table.exec({ ...event, argvAddress: event.argvAddress });
  }

  #openat(comm: Uint8Array, path: Uint8Array): CallEvent {
    ok(this.#spec !== undefined);
    const pieceAt = record.size + callEvent.size;
    const length = Math.ceil((path.length + 1) / 8) * 8;
    const bytes = new ArrayBuffer(pieceAt + pieceHeader.size + length);
    const view = new DataView(bytes);
    this.#head(view, constants.RECORD_CALL, comm);
    view.setUint16(record.offset.flags, constants.EVENT_RETURNED, true);
    view.setInt32(record.size + callEvent.offset.nr, syscallNumber("openat") ?? -1, true);
    view.setBigUint64(record.size + callEvent.offset.arguments + 8, 0x5000n, true);
    view.setBigInt64(record.size + callEvent.offset.result, -2n, true);
    view.setUint16(record.size + callEvent.offset.pieces, 1, true);
    view.setUint16(pieceAt + pieceHeader.offset.length, path.length + 1, true);
    view.setUint32(pieceAt + pieceHeader.offset.whole, path.length + 1, true);
    new Uint8Array(bytes).set(path, pieceAt + pieceHeader.size);
    return new CallEvent(bytes).move(0, bytes.byteLength);
  }
}

/** A line is one JSON object of the schema, in UTF-8 that any reader takes; what was meant is got back. */
function read(written: string) {
  strictEqual(written.indexOf("\n"), written.length - 1);
  doesNotMatch(written.slice(0, -1), /[\p{Cc}\u2028\u2029]/u);
  ok(written.isWellFormed());
  const parsed = JSON.parse(written);
  // No half of a surrogate pair is escaped, either: many parsers refuse the line.
  ok(JSON.stringify(parsed).replaceAll("\\\\", "").search(/\\ud[89a-f]/) < 0);
  anyRecord.parse(parsed);
  return Object(meant(parsed));
}

/** As text that compares quickly. */
const base64 = (bytes: Uint8Array) => bytes.toBase64();
const bytesOf = (value: unknown) => base64(encodeText(String(value)));

function holds(witness: Witness, names: Names): void {
  const { comm, path, argv, container, label } = names;
  const [seen, alert, event] = witness.lines(names).map(read);
  strictEqual(bytesOf(seen.container.name), bytesOf(container));
  strictEqual(bytesOf(seen.container.label.of), bytesOf(label));
  for (const record of [event, alert]) {
    strictEqual(bytesOf(record.thread.name), base64(comm));
    deepStrictEqual(
      record.process.command_args.map(bytesOf),
      argv.map(base64),
    );
    strictEqual(bytesOf(record.container.name), bytesOf(container));
    strictEqual(record.type, record === event ? "event" : "alert");
  }
  strictEqual(bytesOf(event.args.path), base64(path));
  strictEqual(bytesOf(alert.event.args.path), base64(path));
  strictEqual(bytesOf(Object.keys(alert.fields)[0]), base64(path));
  // And on a terminal it is text.
  doesNotMatch(printable(alert.message), /[\p{C}\p{Zl}\p{Zp}]/u);
}

Deno.test("hostile names: those that have broken others, each in each place", () => {
  const witness = new Witness();
  for (const bytes of chosen) {
    const name = bytes.filter((byte) => byte !== 0);
    for (
      const path of [
        name,
        Uint8Array.from({ length: 4095 }, (_, i) => name[i % name.length] ?? 0),
      ]
    ) {
      holds(witness, {
        comm: name.subarray(0, 15),
        path,
        argv: [name, new Uint8Array(), name],
        container: decodeText(name),
        label: decodeText(name),
      });
    }
  }
});

Deno.test(`hostile names: ${RANDOM} random ones`, () => {
  const witness = new Witness();
  const any: fc.Arbitrary<Names> = fc.record({
    comm: anyName(15),
    path: anyName(4095),
    argv: fc.array(anyName(200), { minLength: 1, maxLength: 5 })
      .filter((argv) => argv.reduce((all, { length }) => all + length + 1, 0) <= MOST_ARGV),
    container: anyName(64).map(decodeText),
    label: anyName(64).map(decodeText),
  });
  fc.assert(fc.property(any, (names) => holds(witness, names)), { numRuns: RANDOM });
});
