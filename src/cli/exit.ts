/**
 * How a command ends: DESIGN section 7.
 *
 * @module
 */
import { CallError, CaptureError, Errno, LibraryError } from "../kernel/mod.ts";
import { writeStandardError } from "../text/mod.ts";

/** Exit codes. */
export const ExitCode = {
  done: 0,
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** The machine can't: no root, no BTF, no libbpf. */
  machine: 3,
} as const;

/** An end that is told on standard error. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(readonly code: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

let hearer: ((text: string) => void) | undefined;

/**
 * Says a line on standard error, where everything goes that is not data; or to who draws on that terminal: see
 * {@linkcode heard}.
 */
export function say(text: string): void {
  if (hearer !== undefined) return hearer(text);
  writeStandardError(`${text}\n`);
}

/** Until it is disposed of, what is said is told to `hear` and not written: it would spoil a screen. */
export function heard(hear: (text: string) => void): Disposable {
  hearer = hear;
  return { [Symbol.dispose]: () => void (hearer = undefined) };
}

/** What went wrong and what to do about it, with the exit code for it. */
export function explain(error: unknown): { code: number; text: string } {
  if (error instanceof Failure) return { code: error.code, text: error.message };
  if (error instanceof SuppressedError) {
    // What failed first is why the command ended; the rest came of putting things away.
    const [first, then] = [explain(error.suppressed), explain(error.error)];
    return { code: first.code, text: `${first.text}\n${then.text}` };
  }
  if (error instanceof LibraryError) {
    return {
      code: ExitCode.machine,
      text:
        `${error.message}. Install libbpf 1.1 or later (Debian, Ubuntu: apt-get install libbpf1), ` +
        "or name its file in LIBBPF_PATH.",
    };
  }
  if (error instanceof CaptureError) {
    const { cause, log } = error;
    const refused = cause instanceof CallError &&
      (cause.errno === Errno.EPERM || cause.errno === Errno.EACCES);
    const code = ExitCode.machine;
    if (refused && !isRoot()) {
      // What libbpf has to say of that is about other things that it could be.
      const advice = "Run as root, or give the process CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE.";
      return { code, text: `${error.message}. ${advice}` };
    }
    const advice =
      "`monitor.ts doctor` says what this machine lacks; --verbose shows all of libbpf's messages.";
    return { code, text: [...log, `${error.message}. ${advice}`].join("\n") };
  }
  if (error instanceof Deno.errors.PermissionDenied && !isRoot()) {
    return { code: ExitCode.machine, text: `${error.message}. Run as root.` };
  }
  // What the system says of a file or the like: where in our code it came up helps nobody.
  if (isSystemError(error)) return { code: ExitCode.failed, text: error.message };
  if (error instanceof Error) return { code: ExitCode.failed, text: error.stack ?? error.message };
  return { code: ExitCode.failed, text: String(error) };
}

/** With a code like ENOENT: what a system call returned. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code);
}

function isRoot(): boolean {
  return Deno.uid() === 0;
}
