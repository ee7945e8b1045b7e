/**
 * Addresses of sockets as bytes, out of what a test writes.
 *
 * @module
 */
import type { SocketAddress } from "../../../syscalls/arguments/mod.ts";

/** The parts of an address that a test may name. */
export type AddressParts = Partial<SocketAddress>;

const encoder = new TextEncoder();

/** Groups of an IPv6 address; undefined if it is none. */
function ipv6Groups(text: string): number[] | undefined {
  // The URL standard's parser knows all forms, and writes one.
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return undefined;
  const [before = "", after] = host.split("::");
  const groups = (part: string) =>
    part === "" ? [] : part.split(":").map((each) => parseInt(each, 16));
  const [left, right] = [groups(before), groups(after ?? "")];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function inet(address: string, port: number): Uint8Array | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return Uint8Array.of(2, 0, port >> 8, port, ...parts, 0, 0, 0, 0, 0, 0, 0, 0);
}

function inet6(address: string, port: number, scope: number): Uint8Array | undefined {
  const groups = ipv6Groups(address);
  if (groups === undefined) return undefined;
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 10, true);
  view.setUint16(2, port);
  for (const [i, group] of groups.entries()) view.setUint16(8 + 2 * i, group);
  view.setUint32(24, scope, true);
  return bytes;
}

function unix(path: string, isAbstract: boolean): Uint8Array {
  const name = encoder.encode(path);
  return isAbstract ? Uint8Array.of(1, 0, 0, ...name) : Uint8Array.of(1, 0, ...name, 0);
}

/** The bytes of an address as text: `10.0.0.7:443`, `[::1]:53`, `/run/x.sock`, `@abstract`, `netlink:812`. */
function textBytes(text: string): Uint8Array | undefined {
  const v6 = /^\[(?<address>[^\]%]+)(?:%(?<scope>\d+))?\]:(?<port>\d+)$/.exec(text)?.groups;
  if (v6 !== undefined) {
    return inet6(v6["address"] ?? "", Number(v6["port"]), Number(v6["scope"] ?? 0));
  }
  const v4 = /^(?<address>[\d.]+):(?<port>\d+)$/.exec(text)?.groups;
  if (v4 !== undefined) return inet(v4["address"] ?? "", Number(v4["port"]));
  const netlink = /^netlink:(?<pid>\d+)$/.exec(text)?.groups;
  if (netlink !== undefined) {
    return addressBytes({ family: "AF_NETLINK", pid: Number(netlink["pid"]) });
  }
  if (text.startsWith("@")) return unix(text.slice(1), true);
  return text === "" || text.startsWith("/") ? unix(text, false) : undefined;
}

/**
 * struct sockaddr_in and its like; undefined if the parts make no address.
 *
 * @param families Numbers that a family's name may stand for.
 */
export function addressBytes(
  of: string | AddressParts,
  families: (name: string) => readonly bigint[] = () => [],
): Uint8Array | undefined {
  if (typeof of === "string") return textBytes(of);
  const { family, address, port = 0, path, pid, text } = of;
  if (address !== undefined) {
    return address.includes(":") ? inet6(address, port, of.interface ?? 0) : inet(address, port);
  }
  if (path !== undefined) return unix(path, of.abstract ?? false);
  if (family === "AF_NETLINK") {
    const view = new DataView(new ArrayBuffer(12));
    view.setUint16(0, 16, true);
    view.setUint32(4, pid ?? 0, true);
    return new Uint8Array(view.buffer);
  }
  if (family === "AF_PACKET") {
    const view = new DataView(new ArrayBuffer(20));
    view.setUint16(0, 17, true);
    view.setInt32(4, of.interface ?? 0, true);
    return new Uint8Array(view.buffer);
  }
  if (family === "AF_INET") return inet("0.0.0.0", port);
  if (family === "AF_INET6") return inet6("::", port, 0);
  if (family === undefined) return text === undefined ? undefined : textBytes(text);
  const [number] = families(family);
  return number === undefined ? undefined : Uint8Array.of(Number(number), 0);
}
