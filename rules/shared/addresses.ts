/**
 * Internet addresses: whose they are.
 *
 * @module
 */
import { type Fault, isFault, type SocketAddress } from "tallyman";

/** An address and a port of the internet. */
export interface Endpoint {
  /** IPv4 in IPv6 is written as IPv4. */
  readonly address: string;
  readonly port: number;
}

/** Where a socket is to go, if that is on the internet. */
export function endpointOf(address: SocketAddress | Fault | null): Endpoint | undefined {
  if (address === null || isFault(address)) return undefined;
  const { address: host, port } = address;
  if (host === undefined || port === undefined) return undefined;
  return { address: host.replace(/^::ffff:(?=\d+\.)/, ""), port };
}

/**
 * Networks that are nobody's on the internet: RFC 1122, 1918, 3927, 6598, 4291, 4193. Those for documentation
 * (RFC 5737) are not among them: who calls one is up to something.
 */
const local =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|22[4-9]\.|23\d\.|255\.|::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:)/;

/** Whether an address is of the internet, and not of some network of one's own. */
export function isPublic(address: string): boolean {
  return !local.test(address);
}
