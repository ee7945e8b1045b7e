/**
 * Kinds of sockets: messages, families, protocols, options.
 */
import * as tables from "../tables/network.ts";
import type { CapturedPiece, RawCall, When } from "../contract.ts";
import {
  MAX_ADDRESS,
  packetProtocol,
  type SocketAddress,
  socketAddress,
  socketAddressText,
} from "./addresses.ts";
import { type Choice, choice, type Flags, flags } from "./flags.ts";
import { decidedBy, type Fault, type Kind, type Memory, memory, type Word } from "./kind.ts";
import { viewOf } from "./layout.ts";
import { bufferMemory, Data } from "./text.ts";

/** What sendmsg(2) sends, or recvmsg(2) got. */
export interface Message {
  /** To whom, or from whom, if it says. */
  readonly address?: SocketAddress;
  /** The buffers' first bytes, one after the other. */
  readonly data: Data;
}

/** A msghdr piece: u32 length of the name, the name, the data. Of room for data, so much was used. */
function messageParts(
  { bytes, length }: CapturedPiece,
  used: number,
): { name: Uint8Array; data: Data } {
  const named = Math.min(viewOf({ bytes }).getUint32(0, true), MAX_ADDRESS, bytes.length - 4);
  return {
    name: bytes.subarray(4, 4 + named),
    data: new Data({
      bytes: bytes.subarray(4 + named),
      length: Math.max(0, Math.min(length - 4 - named, used)),
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
  // The result of recvmsg(2) is what came, that of sendmsg(2) may be less than what was to be sent.
  const partsOf = (piece: CapturedPiece, { result }: RawCall) =>
    messageParts(piece, when === "enter" ? Infinity : Number(result ?? 0n));
  const decode = (piece: CapturedPiece, call: RawCall): Message => {
    const { name, data } = partsOf(piece, call);
    const address = socketAddress(name);
    return address === undefined ? { data } : { address, data };
  };
  return memory("msghdr", what, {
    least: 4,
    decode,
    text: (piece, call, _slot, options) => {
      const { name, data } = partsOf(piece, call);
      return `{msg_name=${
        name.length === 0 ? "NULL" : socketAddressText(name, options)
      }, msg_iov=[${data}]}`;
    },
    json: (piece, call) => {
      const { address, data } = decode(piece, call);
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

/** The flags of accept4(2), which are those of a socket's type without a type. */
export const acceptFlags = flags(tables.socketFlags);

const netlinkFamily = choice(tables.netlink);
/** Those of linux/in.h, and of linux/in6.h and linux/smc.h what is not in it. */
const internetProtocol = choice({
  ...tables.protocol,
  IPPROTO_ROUTING: 43,
  IPPROTO_FRAGMENT: 44,
  IPPROTO_ICMPV6: 58,
  IPPROTO_NONE: 59,
  IPPROTO_DSTOPTS: 60,
  IPPROTO_MH: 135,
}, { unnamed: (value) => `0x${value.toString(16)}` });
const { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET } = tables.family;

const unnamed: Word<Choice> = choice({});

/** What a protocol's number says depends on the family. */
export const protocol: Kind<Choice> = decidedBy<Choice, Choice>(
  "family",
  (word): Word<Choice> | undefined => {
    const number = Number(BigInt.asIntN(32, word));
    if (number === AF_INET || number === AF_INET6) return internetProtocol;
    if (number === AF_PACKET) return packetProtocol;
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
    isInt(piece) ? viewOf(piece).getInt32(0, true) : new Data(piece);
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
