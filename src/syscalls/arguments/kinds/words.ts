/**
 * Kinds that are numbers: integers of each width, sizes, addresses, descriptors, ids.
 *
 * Registers have 64 bits; C's `int` is the low half of one, and what is above it means nothing. 32-bit code's
 * `long` is such an `int`. Values beyond 2^53 are the nearest number; lines and JSON have all their digits.
 */
import { address, type Kind, type Word, word } from "./kind.ts";

const MAX_U64 = (1n << 64n) - 1n;

const toInt = (value: bigint) => Number(BigInt.asIntN(32, value));
const toUint = (value: bigint) => Number(BigInt.asUintN(32, value));

type Width = (bits: number, word: bigint) => bigint;

function number(name: string, bits: 32 | 64, as: Width, on?: Kind<number>["on"]) {
  const exact = (value: bigint) => as(bits, value);
  return word<number>(name, {
    of: (value) => Number(exact(value)),
    text: (value) => exact(value).toString(),
    json: (value) => {
      const digits = exact(value);
      const near = Number(digits);
      return Number.isSafeInteger(near) ? near : digits.toString();
    },
    register: { bits },
    ...(on === undefined ? {} : { on }),
  });
}

const { asIntN, asUintN } = BigInt;

/** `int` */
export const int: Word<number> = number("int", 32, asIntN);
/** `unsigned int` */
export const uint: Word<number> = number("uint", 32, asUintN);
/** `long`, `ssize_t`, `loff_t` in a register of its own */
export const long: Word<number> = number(
  "long",
  64,
  asIntN,
  ({ abi }) => abi === "compat" ? int : undefined,
);
/** `unsigned long`, `size_t` */
export const size: Word<number> = number("size", 64, asUintN);
/** A number that is the same in 32-bit code: a field of 64 bits. */
export const i64: Word<number> = number("i64", 64, asIntN);
/** A place in a file. */
export const offset: Word<number> = { ...long, name: "offset" };

/** An unsigned number that is written in hexadecimal. */
function hexadecimal(name: string, bits: number): Word<number> {
  return word(name, {
    of: (value) => Number(BigInt.asUintN(bits, value)),
    text: (value) => {
      const own = BigInt.asUintN(bits, value);
      return own === 0n ? "0" : `0x${own.toString(16)}`;
    },
  });
}
/** 32 bits without names for them */
export const hex: Word<number> = hexadecimal("hex", 32);
/** 64 bits without names for them */
export const longHex: Word<number> = hexadecimal("longHex", 64);

/** An address whose memory is not copied. */
export const pointer: Word<bigint> = word("pointer", {
  of: (value) => BigInt.asUintN(64, value),
  text: (value) => address(BigInt.asUintN(64, value)),
  json: (value) => `0x${BigInt.asUintN(64, value).toString(16)}`,
});

/** A file descriptor. */
export const fd: Word<number> = word("fd", {
  of: toInt,
  text: (value, options) => described(toInt(value), options.describe),
  register: { bits: 32 },
});

/** linux/fcntl.h: the current working directory, in place of a descriptor. */
export const AT_FDCWD: number = -100;

/** The descriptor that a relative path starts from: {@linkcode AT_FDCWD} or a directory's. */
export const dirfd: Word<number> = word("dirfd", {
  of: toInt,
  text: (value, options) =>
    toInt(value) === AT_FDCWD ? "AT_FDCWD" : described(toInt(value), options.describe),
  json: (value) => toInt(value) === AT_FDCWD ? "AT_FDCWD" : toInt(value),
  register: { bits: 32 },
});

function described(descriptor: number, describe?: (fd: number) => string | undefined): string {
  const what = descriptor < 0 ? undefined : describe?.(descriptor);
  return what === undefined ? `${descriptor}` : `${descriptor}<${escape(what)}>`;
}

/** What ends a descriptor's description, and what would move the cursor, is escaped as strace does. */
function escape(text: string): string {
  return text.replace(/[^ -;=?-[\]-~]/gu, (character) => {
    const bytes = new TextEncoder().encode(character);
    return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  });
}

/** A process or thread. */
export const pid: Word<number> = { ...int, name: "pid" };

/** A user or group; -1 in calls that leave it as it is. */
function id(name: string): Word<number> {
  return word(name, {
    of: (value) => toUint(value) === 0xffff_ffff ? -1 : toUint(value),
    text: (value) => toUint(value) === 0xffff_ffff ? "-1" : `${toUint(value)}`,
    register: { bits: 32 },
  });
}
/** A user; -1 in calls that leave it as it is. */
export const uid: Word<number> = id("uid");
/** A group; -1 in calls that leave it as it is. */
export const gid: Word<number> = id("gid");

/** Permission bits, written in octal. */
export const mode: Word<number> = word("mode", {
  of: (value) => toUint(value) & 0xffff,
  text: (value) => octal(toUint(value) & 0xffff),
});

/** With the zero that says they are octal, and three digits at least: `0644`, `022`, `000`, as strace has it. */
export function octal(bits: number): string {
  return `0${bits.toString(8)}`.padStart(3, "0");
}

/** A device's number, as user space has it: include/linux/kdev_t.h, new_decode_dev. */
export const device: Word<number> = word("device", {
  of: (value) => Number(BigInt.asUintN(64, value)),
  text: (value) => {
    const own = BigInt.asUintN(64, value);
    const major = (own >> 8n) & 0xfffn | (own >> 32n) & 0xfffff000n;
    const minor = own & 0xffn | (own >> 12n) & 0xffffff00n;
    return `makedev(${zeroOrHex(major)}, ${zeroOrHex(minor)})`;
  },
});

function zeroOrHex(value: bigint): string {
  return value === 0n ? "0" : `0x${value.toString(16)}`;
}

/** How many descriptors are ready; none when the time is over. */
export const readyCount: Word<number> = word("readyCount", {
  of: toInt,
  text: (value) => toInt(value) === 0 ? "0 (Timeout)" : `${toInt(value)}`,
  register: { bits: 32 },
});

/** Milliseconds to wait; -1: for ever. */
export const milliseconds: Word<number> = { ...int, name: "milliseconds" };

/** RLIM_INFINITY is written by its name. */
export const limit: Word<number> = word("limit", {
  of: (value) => Number(BigInt.asUintN(64, value)),
  text: (value) => {
    const own = BigInt.asUintN(64, value);
    if (own === MAX_U64) return "RLIM64_INFINITY";
    return own > 1024n && own % 1024n === 0n ? `${own / 1024n}*1024` : own.toString();
  },
});
