/**
 * What happened to a process, as the ring brought it. Rare beside calls, so these are objects.
 *
 * @module
 */
import type { ExecFacts, ExitFacts, ProcessFacts } from "../processes/mod.ts";
import { constants, execEvent, processEvent, record } from "../kernel/mod.ts";
import { decodeText } from "../text/mod.ts";

const PROCESS = record.size;
const EXEC = record.size + processEvent.size;
const UNSET = 0xffffffff;

const sizeOf = (name: "filename" | "interpreter" | "arguments") =>
  execEvent.fields[name].dimensions[0] ?? 0;
const [FILENAME, INTERPRETER, ARGUMENTS] = [
  sizeOf("filename"),
  sizeOf("interpreter"),
  sizeOf("arguments"),
] as const;

/** A process at the time of a record, and where it is. */
export interface ProcessState extends ProcessFacts {
  /** The slot of its container. */
  readonly slot: number;
}

/** A process came, executed a program, or ended. */
export type ProcessEvent =
  | ProcessState & { readonly type: "fork" }
  | ProcessState & ExecFacts & { readonly type: "exec" }
  | ProcessState & ExitFacts & { readonly type: "exit" };

/** Up to the NUL, or the end of the field. */
function stringIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

function stringsIn(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const last = bytes.length - 1;
  return decodeText(bytes[last] === 0 ? bytes.subarray(0, last) : bytes).split("\0");
}

/** Reads the record at `at`; undefined if it is of a call. */
export function processEventAt(view: DataView<ArrayBuffer>, at: number): ProcessEvent | undefined {
  const type = view.getUint16(at + record.offset.type, true);
  if (type === constants.RECORD_CALL) return undefined;
  const u32 = (offset: number) => view.getUint32(at + offset, true);
  const u64 = (offset: number) => view.getBigUint64(at + offset, true);
  const bytes = (offset: number, length: number) =>
    new Uint8Array(view.buffer, view.byteOffset + at + offset, length);
  const loginUid = u32(PROCESS + processEvent.offset.login_uid);
  const state: ProcessState = {
    slot: u32(record.offset.slot),
    pid: u32(record.offset.pid),
    start: u64(record.offset.start_time),
    parent: u32(PROCESS + processEvent.offset.parent),
    parentStart: u64(PROCESS + processEvent.offset.parent_start),
    containerPid: u32(PROCESS + processEvent.offset.container_pid),
    comm: stringIn(bytes(record.offset.comm, 16)),
    uid: u32(record.offset.uid),
    gid: u32(record.offset.gid),
    loginUid: loginUid === UNSET ? undefined : loginUid,
    session: u32(PROCESS + processEvent.offset.session),
    tty: u32(PROCESS + processEvent.offset.tty),
    capabilities: u64(PROCESS + processEvent.offset.capabilities),
    time: u64(record.offset.time),
  };
  switch (type) {
    case constants.RECORD_FORK:
      return { ...state, type: "fork" };
    case constants.RECORD_EXIT:
      return { ...state, type: "exit", exitCode: u32(PROCESS + processEvent.offset.exit_code) };
    case constants.RECORD_EXEC: {
      const length = u32(EXEC + execEvent.offset.arguments_length);
      const argvBytes = u32(EXEC + execEvent.offset.arguments_whole);
      return {
        ...state,
        type: "exec",
        filename: stringIn(bytes(EXEC + execEvent.offset.filename, FILENAME)),
        interpreter: stringIn(bytes(EXEC + execEvent.offset.interpreter, INTERPRETER)),
        argv: stringsIn(bytes(EXEC + execEvent.offset.arguments, Math.min(length, ARGUMENTS))),
        argvBytes,
        argvAddress: u64(EXEC + execEvent.offset.arguments_address),
        truncated: argvBytes > length,
      };
    }
  }
  throw new RangeError(`a record of type ${type}`);
}
