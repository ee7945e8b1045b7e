/**
 * Kinds of addresses of sockets, and of the lengths that go with them.
 */
import { decodeText } from "../../../text/mod.ts";
import * as tables from "../tables/network.ts";
import type { CapturedPiece, RawCall } from "../contract.ts";
import { byValue, type Choice, choice } from "./flags.ts";
import {
  type Fault,
  type FormatOptions,
  isFault,
  type Kind,
  type Memory,
  memory,
  type Slot,
  type Word,
  word,
} from "./kind.ts";
import { boxed, pointerTo, scalar } from "./layout.ts";
import { beforeNul, bufferMemory, quote } from "./text.ts";
import { int } from "./words.ts";

/** struct sockaddr_storage */
export const MAX_ADDRESS = 128;

/** Where a socket is, or is to go. */
export interface SocketAddress {
  /** `AF_INET`, `AF_UNIX`, …; `AF_99` without a name. */
  readonly family: string;
  /** `10.0.0.7:443`, `[::1]:53`, `/run/x.sock`, `@abstract`, `netlink:812`. */
  readonly text: string;
  /** Of AF_INET and AF_INET6. */
  readonly address?: string;
  /** Of AF_INET and AF_INET6. */
  readonly port?: number;
  /** Of AF_UNIX: the file's name, or an abstract name without its NUL. */
  readonly path?: string;
  /** Of AF_UNIX: its name is not a file's. */
  readonly abstract?: boolean;
  /** Of AF_NETLINK: the port, by custom the process. */
  readonly pid?: number;
  /** Of AF_INET6 (the scope) and AF_PACKET: the network interface. */
  readonly interface?: number;
}

const families = byValue(tables.family);

/** How one family's addresses are read and written, from bytes that begin with the family. */
interface Family {
  readonly least: number;
  read(view: DataView, bytes: Uint8Array): Omit<SocketAddress, "family">;
  text(view: DataView, bytes: Uint8Array): string;
  /** As people write it, where they do. */
  plain?(view: DataView, bytes: Uint8Array): string;
}

function ipv4(bytes: Uint8Array): string {
  return bytes.join(".");
}

/** RFC 5952: the longest run of two or more zero groups is `::`, the first if there are several. */
function ipv6(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && view.getUint16(10) === 0xffff;
  if (mapped) return `::ffff:${ipv4(bytes.subarray(12, 16))}`;
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16));
  let [best, length] = [-1, 1];
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === "0") end++;
    if (end - start > length) [best, length] = [start, end - start];
  }
  if (best < 0) return groups.join(":");
  return `${groups.slice(0, best).join(":")}::${groups.slice(best + length).join(":")}`;
}

function ipv4Endpoint(view: DataView, bytes: Uint8Array): string {
  return `${ipv4(bytes.subarray(4, 8))}:${view.getUint16(2)}`;
}

function ipv6Endpoint(view: DataView, bytes: Uint8Array): string {
  const scope = scopeOf(view, bytes);
  return `[${ipv6(bytes.subarray(8, 24))}${scope === 0 ? "" : `%${scope}`}]:${view.getUint16(2)}`;
}

/** The network interface; 0: none is named. */
function scopeOf(view: DataView, bytes: Uint8Array): number {
  return bytes.length >= 28 ? view.getUint32(24, true) : 0;
}

/** As strace writes a name, abstract or a file's. */
function unixText(bytes: Uint8Array): string {
  const { name, abstract } = unixName(bytes);
  return `${abstract ? "@" : ""}${quote(name)}`;
}

/** A path ends at its NUL; an abstract name, which begins with one, has the whole length. */
function unixName(bytes: Uint8Array): { name: Uint8Array; abstract: boolean } {
  const whole = bytes.subarray(2);
  return whole.length > 0 && whole[0] === 0
    ? { name: whole.subarray(1), abstract: true }
    : { name: beforeNul(whole), abstract: false };
}

const ethernetProtocol = choice(tables.ethernet);
/** Of packet sockets, in the network's byte order. */
export const packetProtocol: Word<Choice> = word<Choice>("packetProtocol", {
  of: (value) => ethernetProtocol.of(swapped(value)),
  text: (value, options) => `htons(${ethernetProtocol.text(swapped(value), options)})`,
});

function swapped(value: bigint): bigint {
  return (value & 0xffn) << 8n | (value >> 8n) & 0xffn;
}

const readers: Readonly<Record<string, Family>> = {
  AF_INET: {
    least: 8,
    read: (view, bytes) => {
      const [address, port] = [ipv4(bytes.subarray(4, 8)), view.getUint16(2)];
      return { text: ipv4Endpoint(view, bytes), address, port };
    },
    plain: ipv4Endpoint,
    text: (view, bytes) =>
      `sin_port=htons(${view.getUint16(2)}), sin_addr=inet_addr("${ipv4(bytes.subarray(4, 8))}")`,
  },
  AF_INET6: {
    least: 24,
    read: (view, bytes) => {
      const [address, port] = [ipv6(bytes.subarray(8, 24)), view.getUint16(2)];
      const scope = scopeOf(view, bytes);
      return {
        text: ipv6Endpoint(view, bytes),
        address,
        port,
        ...(scope === 0 ? {} : { interface: scope }),
      };
    },
    plain: ipv6Endpoint,
    text: (view, bytes) =>
      `sin6_port=htons(${view.getUint16(2)}), sin6_flowinfo=htonl(${view.getUint32(4)}), ` +
      `inet_pton(AF_INET6, "${ipv6(bytes.subarray(8, 24))}", &sin6_addr)` +
      (bytes.length >= 28 ? `, sin6_scope_id=${view.getUint32(24, true)}` : ""),
  },
  AF_UNIX: {
    least: 2,
    read: (_view, bytes) => {
      const { name, abstract } = unixName(bytes);
      const path = decodeText(name);
      return { text: abstract ? `@${path}` : path, path, abstract };
    },
    plain: (_view, bytes) => unixText(bytes),
    text: (_view, bytes) => `sun_path=${unixText(bytes)}`,
  },
  AF_NETLINK: {
    least: 12,
    read: (view) => {
      const pid = view.getUint32(4, true);
      return { text: `netlink:${pid}`, pid };
    },
    text: (view) =>
      `nl_pid=${view.getUint32(4, true)}, nl_groups=${groups(view.getUint32(8, true))}`,
  },
  AF_PACKET: {
    least: 20,
    read: (view) => {
      const index = view.getInt32(4, true);
      return { text: `packet:${index}`, interface: index };
    },
    text: (view, bytes) => {
      const length = view.getUint8(11);
      const address = Array.from(
        bytes.subarray(12, 12 + Math.min(length, 8)),
        (byte) => byte === 0 ? "0" : `0x${byte.toString(16)}`,
      );
      return `sll_protocol=${packetProtocol.text(BigInt(view.getUint16(2, true)), {})}, ` +
        `sll_ifindex=${view.getInt32(4, true)}, sll_hatype=${view.getUint16(8, true)}, ` +
        `sll_pkttype=${view.getUint8(10)}, sll_halen=${length}` +
        (length === 0 ? "" : `, sll_addr=[${address.join(", ")}]`);
    },
  },
};

/** As strace's %#08x has it. */
function groups(bits: number): string {
  return bits === 0 ? "00000000" : `0x${bits.toString(16).padStart(6, "0")}`;
}

function familyOf(view: DataView): string {
  const number = view.getUint16(0, true);
  return families.get(BigInt(number)) ?? `AF_${number}`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** An address from its bytes; undefined if there are too few to say its family. */
export function socketAddress(bytes: Uint8Array): SocketAddress | undefined {
  if (bytes.length < 2) return undefined;
  const view = viewOf(bytes);
  const family = familyOf(view);
  const reader = readers[family];
  return reader === undefined || bytes.length < reader.least
    ? { family, text: family }
    : { family, ...reader.read(view, bytes) };
}

/** An address as strace writes it, or as people do. */
export function socketAddressText(bytes: Uint8Array, { plainAddresses }: FormatOptions): string {
  if (bytes.length < 2) return quote(bytes);
  const view = viewOf(bytes);
  const family = familyOf(view);
  const reader = readers[family];
  const isWhole = reader !== undefined && bytes.length >= reader.least && bytes.length > 2;
  if (isWhole && plainAddresses && reader.plain !== undefined) return reader.plain(view, bytes);
  const rest = bytes.length === 2
    ? ""
    : !isWhole
    ? `sa_data=${quote(bytes.subarray(2))}`
    : reader.text(view, bytes);
  return `{sa_family=${family}${rest === "" ? "" : `, ${rest}`}}`;
}

/** How many of a piece's bytes are the address's. */
type Room = (piece: CapturedPiece, call: RawCall, slot: Slot) => number;

function addressKind(what: Memory, room: Room): Kind<SocketAddress | Fault> {
  const own: Room = (piece, call, slot) => Math.min(piece.bytes.length, room(piece, call, slot));
  const bytesOf = (piece: CapturedPiece, call: RawCall, slot: Slot) =>
    piece.bytes.subarray(0, own(piece, call, slot));
  return memory("sockaddr", what, {
    least: 2,
    has: (piece, call, slot) => own(piece, call, slot) >= 2,
    decode: (piece, call, slot) => socketAddress(bytesOf(piece, call, slot))!,
    text: (piece, call, slot, options) => socketAddressText(bytesOf(piece, call, slot), options),
    json: (piece, call, slot) => ({ ...socketAddress(bytesOf(piece, call, slot))! }),
  });
}

/** An address that the caller gives, as long as an argument says. */
export function sockaddr(length: string): Kind<SocketAddress | Fault> {
  return addressKind(bufferMemory({ length, max: MAX_ADDRESS }), ({ bytes }) => bytes.length);
}

/**
 * An address that the kernel fills in, as long as an argument points to says. That says after the call how long the
 * address is, and before it how long the caller's memory: the kernel writes no more.
 */
export function sockaddrOut(lengthAt: string): Kind<SocketAddress | Fault> {
  return addressKind(
    bufferMemory({ lengthAt, max: MAX_ADDRESS }),
    (_piece, call, slot) => {
      const given = lengthBefore(call, slot.siblings[lengthAt]);
      return given === undefined ? 0 : Math.max(0, given);
    },
  );
}

/** What a socket's length is before the call; undefined if nobody could read it. */
function lengthBefore(call: RawCall, slot: Slot | undefined): number | undefined {
  const piece = slot === undefined || slot.before < 0 ? undefined : call.piece(slot.before);
  return piece === undefined || piece.bytes.length < 4
    ? undefined
    : viewOf(piece.bytes).getInt32(0, true);
}

const lengthAfter = pointerTo(boxed(scalar("i32", int)), { name: "length", when: "exit" });

/**
 * A pointer to a length that the caller gives and the kernel changes: `[128 => 16]`. As a value it is what the kernel
 * made of it, or if the call failed what the caller gave.
 */
export const socketLength: Kind<number | Fault> = {
  ...lengthAfter,
  before: { op: "bytes", arg: "", when: "enter", size: 4 },
  decode: (call, slot) => {
    const after = lengthAfter.decode(call, slot);
    return isFault(after) ? lengthBefore(call, slot) ?? after : after;
  },
  format: (call, slot, options) => {
    const [before, after] = [lengthBefore(call, slot), lengthAfter.decode(call, slot)];
    if (isFault(after)) {
      return before === undefined ? lengthAfter.format(call, slot, options) : `[${before}]`;
    }
    return before === undefined || before === after ? `[${after}]` : `[${before} => ${after}]`;
  },
  json: (call, slot) => {
    const after = lengthAfter.decode(call, slot);
    return isFault(after) ? lengthBefore(call, slot) ?? lengthAfter.json(call, slot) : after;
  },
};
