import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { constants, execEvent, processEvent, record } from "../kernel/mod.ts";
import { type ProcessEvent, processEventAt } from "./process_event.ts";

const SIZE = record.size + processEvent.size + execEvent.size;
const PROCESS = record.size;
const EXEC = record.size + processEvent.size;

function exec(strings: { filename?: string; argv?: Uint8Array; whole?: number }): ProcessEvent {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(record.offset.type, constants.RECORD_EXEC, true);
  const { filename = "", argv = new Uint8Array(), whole = argv.length } = strings;
  bytes.set(new TextEncoder().encode(filename), EXEC + execEvent.offset.filename);
  bytes.set(argv, EXEC + execEvent.offset.arguments);
  view.setUint32(EXEC + execEvent.offset.arguments_length, argv.length, true);
  view.setUint32(EXEC + execEvent.offset.arguments_whole, whole, true);
  const event = processEventAt(view, 0);
  if (event === undefined) throw new Error("it is a call");
  return event;
}

Deno.test("an exec's arguments are those between the NULs, empty ones too", () => {
  const argv = fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(fc.property(argv, (strings) => {
    const bytes = new TextEncoder().encode(strings.map((text) => `${text}\0`).join(""));
    fc.pre(bytes.length <= 2048);
    const event = exec({ argv: bytes });
    if (event.type !== "exec") throw new Error(event.type);
    deepStrictEqual(event.argv, strings);
    strictEqual(event.truncated, false);
  }));
});

Deno.test("what was cut is said, and a name without end ends with its field", () => {
  const event = exec({
    filename: "/".padEnd(1024, "x"),
    argv: new TextEncoder().encode("sh\0-c\0ec"),
    whole: 5000,
  });
  if (event.type !== "exec") throw new Error(event.type);
  deepStrictEqual([event.argv, event.argvBytes, event.truncated], [["sh", "-c", "ec"], 5000, true]);
  strictEqual(event.filename.length, 1024);
  deepStrictEqual(exec({}).type, "exec");
});

Deno.test("unset is not a user, an end has its code, a call is none of these", () => {
  const view = new DataView(new ArrayBuffer(SIZE));
  view.setUint16(record.offset.type, constants.RECORD_EXIT, true);
  view.setUint32(PROCESS + processEvent.offset.login_uid, 0xffffffff, true);
  view.setUint32(PROCESS + processEvent.offset.exit_code, 0x100, true);
  const event = processEventAt(view, 0);
  if (event?.type !== "exit") throw new Error("no exit");
  deepStrictEqual([event.loginUid, event.exitCode], [undefined, 256]);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  strictEqual(processEventAt(view, 0), undefined);
  view.setUint16(record.offset.type, 99, true);
  throws(() => processEventAt(view, 0), /type 99/);
});

Deno.test("any bytes are some event, whatever lengths they claim", () => {
  const types = fc.constantFrom(
    constants.RECORD_FORK,
    constants.RECORD_EXEC,
    constants.RECORD_EXIT,
  );
  const any = fc.uint8Array({ minLength: SIZE, maxLength: SIZE });
  fc.assert(fc.property(types, any, (type, bytes) => {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    view.setUint16(record.offset.type, type, true);
    strictEqual(processEventAt(view, 0) === undefined, false);
  }));
});
