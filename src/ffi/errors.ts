/**
 * What can go wrong at the border to C, as typed errors.
 *
 * @module
 */

/** A shared library that could not be opened. */
export class LibraryError extends Error {
  override readonly name = "LibraryError";
  constructor(readonly library: string, options?: ErrorOptions) {
    super(`opening ${library}: not found, or not of this architecture`, options);
  }
}

/** A call into C that failed, with its errno. */
export class CallError extends Error {
  override readonly name = "CallError";
  /**
   * @param call What was tried, on what: `mapping rows`.
   * @param errno A positive errno.
   * @param reason What the C library says of that errno.
   */
  constructor(readonly call: string, readonly errno: number, readonly reason: string) {
    super(`${call}: ${reason} (errno ${errno})`);
  }
}

/** include/uapi/asm-generic/errno-base.h; those that callers tell apart. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EEXIST: 17,
  EINVAL: 22,
  ENOSPC: 28,
} as const;
