/**
 * Every system call's row, and those that are other on some platforms.
 *
 * @module
 */
import { descriptorCalls } from "./calls/descriptor.ts";
import { fileCalls } from "./calls/file.ts";
import { ipcCalls } from "./calls/ipc.ts";
import { memoryCalls } from "./calls/memory.ts";
import { networkCalls } from "./calls/network.ts";
import { processCalls } from "./calls/process.ts";
import { signalCalls } from "./calls/signal.ts";
import { systemCalls } from "./calls/system.ts";
import { timeCalls } from "./calls/time.ts";

/** The rows of x86-64, which arm64 shares but for {@linkcode overrides}. */
export const rows = {
  ...fileCalls,
  ...descriptorCalls,
  ...processCalls,
  ...networkCalls,
  ...memoryCalls,
  ...signalCalls,
  ...ipcCalls,
  ...timeCalls,
  ...systemCalls,
} as const;

/** A call that has a row: each of x86-64 and arm64. */
export type CallName = keyof typeof rows;
