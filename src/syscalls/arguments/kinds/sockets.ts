/**
 * Kinds of sockets: addresses, messages, families, options.
 */
import * as tables from "../tables/network.ts";
import type { CapturedPiece, When } from "../contract.ts";
import { byValue, type Choice, choice, type Flags, flags } from "./flags.ts";
import { decidedBy, type Fault, type Kind, type Memory, memory, type Word } from "./kind.ts";
import { beforeNul, bufferMemory, Data, decodeText, quote } from "./text.ts";

/** struct sockaddr_storage */
const MAX_ADDRESS = 128;

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
}

function ipv4(bytes: Uint8Array): string {
  return bytes.join(".");
}

/** RFC 5952: the longest run of two or more zero groups is `::`, the first if there are several. */
export function ipv6(bytes: Uint8Array): string {
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

/** A path ends at its NUL; an abstract name, which begins with one, has the whole length. */
function unixName(bytes: Uint8Array): { name: Uint8Array; abstract: boolean } {
  const whole = bytes.subarray(2);
  return whole.length > 0 && whole[0] === 0
    ? { name: whole.subarray(1), abstract: true }
    : { name: beforeNul(whole), abstract: false };
}

const readers: Readonly<Record<string, Family>> = {
  AF_INET: {
    least: 8,
    read: (view, bytes) => {
      const [address, port] = [ipv4(bytes.subarray(4, 8)), view.getUint16(2)];
      return { text: `${address}:${port}`, address, port };
    },
    text: (view, bytes) =>
      `sin_port=htons(${view.getUint16(2)}), sin_addr=inet_addr("${ipv4(bytes.subarray(4, 8))}")`,
  },
  AF_INET6: {
    least: 24,
    read: (view, bytes) => {
      const [address, port] = [ipv6(bytes.subarray(8, 24)), view.getUint16(2)];
      const scope = bytes.length >= 28 ? view.getUint32(24, true) : 0;
      return {
        text: `[${address}${scope === 0 ? "" : `%${scope}`}]:${port}`,
        address,
        port,
        ...(scope === 0 ? {} : { interface: scope }),
      };
    },
    text: (view, bytes) =>
      `sin6_port=htons(${view.getUint16(2)}), sin6_flowinfo=htonl(${view.getUint32(4)}), ` +
      `inet_pton(AF_INET6, "${ipv6(bytes.subarray(8, 24))}", &sin6_addr), ` +
      `sin6_scope_id=${bytes.length >= 28 ? view.getUint32(24, true) : 0}`,
  },
  AF_UNIX: {
    least: 2,
    read: (_view, bytes) => {
      const { name, abstract } = unixName(bytes);
      const path = decodeText(name);
      return { text: abstract ? `@${path}` : path, path, abstract };
    },
    text: (_view, bytes) => {
      const { name, abstract } = unixName(bytes);
      return bytes.length === 2 ? "" : `sun_path=${abstract ? "@" : ""}${quote(name)}`;
    },
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
    least: 12,
    read: (view) => {
      const index = view.getInt32(4, true);
      return { text: `packet:${index}`, interface: index };
    },
    text: (view, bytes) =>
      `sll_protocol=htons(0x${view.getUint16(2).toString(16)}), sll_ifindex=${
        view.getInt32(4, true)
      }, sll_hatype=${view.getUint16(8, true)}, sll_pkttype=${view.getUint8(10)}, sll_halen=${
        view.getUint8(11)
      }${bytes.length > 12 ? `, sll_addr=${quote(bytes.subarray(12, 20))}` : ""}`,
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

/** An address as strace writes it. */
export function socketAddressText(bytes: Uint8Array): string {
  if (bytes.length < 2) return quote(bytes);
  const view = viewOf(bytes);
  const family = familyOf(view);
  const reader = readers[family];
  const rest = reader === undefined || bytes.length < reader.least
    ? `sa_data=${quote(bytes.subarray(2))}`
    : reader.text(view, bytes);
  return `{sa_family=${family}${rest === "" ? "" : `, ${rest}`}}`;
}

function addressKind(what: Memory): Kind<SocketAddress | Fault> {
  return memory("sockaddr", what, {
    least: 2,
    decode: (piece) => socketAddress(piece.bytes)!,
    text: (piece) => socketAddressText(piece.bytes),
    json: (piece) => ({ ...socketAddress(piece.bytes)! }),
  });
}

/** An address that the caller gives, as long as an argument says. */
export function sockaddr(length: string): Kind<SocketAddress | Fault> {
  return addressKind(bufferMemory({ length, max: MAX_ADDRESS }));
}

/** An address that the kernel fills in, as long as an argument points to says. */
export function sockaddrOut(lengthAt: string): Kind<SocketAddress | Fault> {
  return addressKind(bufferMemory({ lengthAt, max: MAX_ADDRESS }));
}

/** What sendmsg(2) sends, or recvmsg(2) got. */
export interface Message {
  /** To whom, or from whom, if it says. */
  readonly address?: SocketAddress;
  /** The buffers' first bytes, one after the other. */
  readonly data: Data;
}

/** A msghdr piece: u32 length of the name, the name, the data. */
function messageParts({ bytes, length }: CapturedPiece): { name: Uint8Array; data: Data } {
  const named = Math.min(viewOf(bytes).getUint32(0, true), MAX_ADDRESS, bytes.length - 4);
  return {
    name: bytes.subarray(4, 4 + named),
    data: new Data({
      bytes: bytes.subarray(4 + named),
      length: Math.max(0, length - 4 - named),
    }),
  };
}

/** A struct msghdr. */
export function msghdr(when: When): Kind<Message | Fault> {
  const what: Memory = {
    op: "msghdr",
    arg: "",
    when,
    ...(when === "exit" ? { limit: "result" } : {}),
  };
  const decode = (piece: CapturedPiece): Message => {
    const { name, data } = messageParts(piece);
    const address = socketAddress(name);
    return address === undefined ? { data } : { address, data };
  };
  return memory("msghdr", what, {
    least: 4,
    decode,
    text: (piece) => {
      const { name, data } = messageParts(piece);
      return `{msg_name=${
        name.length === 0 ? "NULL" : socketAddressText(name)
      }, msg_iov=[${data}]}`;
    },
    json: (piece) => {
      const { address, data } = decode(piece);
      return { ...(address === undefined ? {} : { address: { ...address } }), data: data.toJSON() };
    },
  });
}

/** A socket's address family. */
export const family = choice(tables.family);
/** A socket's type and the flags in the same word. */
export const socketType = flags(tables.socketFlags, {
  parts: [{ mask: 0xf, names: tables.socketType }],
});

const netlinkFamily = choice(tables.netlink);
const internetProtocol = choice(tables.protocol, { unnamed: (value) => `0x${value.toString(16)}` });
const { AF_INET, AF_INET6, AF_NETLINK } = tables.family;

const unnamed: Word<Choice> = choice({});

/** What a protocol's number says depends on the family. */
export const protocol: Kind<Choice> = decidedBy<Choice, Choice>(
  "family",
  (word): Word<Choice> | undefined => {
    const number = Number(BigInt.asIntN(32, word));
    if (number === AF_INET || number === AF_INET6) return internetProtocol;
    return number === AF_NETLINK ? netlinkFamily : undefined;
  },
  unnamed,
);

/** The level of a socket's option: whose it is. */
export const optionLevel = choice(tables.optionLevel);

const optionsByLevel = new Map<number, Word<Choice>>([
  [tables.optionLevel.SOL_SOCKET, choice(tables.socketOption)],
  [tables.optionLevel.SOL_IP, choice(tables.ipOption)],
  [tables.optionLevel.SOL_IPV6, choice(tables.ip6Option)],
  [tables.optionLevel.SOL_TCP, choice(tables.tcpOption)],
  [tables.optionLevel.SOL_UDP, choice(tables.udpOption)],
  [tables.optionLevel.SOL_PACKET, choice(tables.packetOption)],
  [tables.optionLevel.SOL_NETLINK, choice(tables.netlinkOption)],
]);

/** A socket's option, by the level's names. */
export const socketOption: Kind<Choice> = decidedBy<Choice, Choice>(
  "level",
  (word) => optionsByLevel.get(Number(BigInt.asIntN(32, word))),
  unnamed,
);

/** The flags of sending and receiving. */
export const messageFlags: Word<Flags<keyof typeof tables.message>> = flags(tables.message);

/** A value of a socket's option: most are an int. */
function optionKind(what: Memory): Kind<number | Data | Fault> {
  const isInt = ({ bytes, length }: CapturedPiece) => bytes.length === 4 && length === 4;
  const decode = (piece: CapturedPiece) =>
    isInt(piece) ? viewOf(piece.bytes).getInt32(0, true) : new Data(piece);
  return memory("optionValue", what, {
    decode,
    text: (piece) => {
      const value = decode(piece);
      return typeof value === "number" ? `[${value}]` : `${value}`;
    },
    json: (piece) => {
      const value = decode(piece);
      return typeof value === "number" ? value : value.toJSON();
    },
  });
}

/** What setsockopt(2) sets. */
export const optionIn: Kind<number | Data | Fault> = optionKind(bufferMemory({ length: "length" }));
/** What getsockopt(2) gets. */
export const optionOut: Kind<number | Data | Fault> = optionKind(
  bufferMemory({ lengthAt: "length" }),
);
