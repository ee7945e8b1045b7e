/**
 * What descriptors refer to: an open file description, which dup(2) and fork(2) share.
 *
 * @module
 */

/** What is open. */
export interface OpenFile {
  /** As strace -y has it: `/etc/passwd`, `anon_inode:[eventfd]`, `TCP:[10.0.0.7:443]`. */
  readonly text: string;
}

/** A socket: where it is and who is at its other end come to be known after it was made. */
export class OpenSocket implements OpenFile {
  /** `TCP`, `UDPv6`, `UNIX-STREAM`, …; `socket` if nobody told. */
  readonly protocol: string;
  /** `10.0.0.7:443`, `/run/x.sock`; undefined: not told. */
  local: string | undefined;
  /** Likewise. */
  peer: string | undefined;

  /** One whose ends may come to be known later. */
  constructor(protocol: string, local?: string, peer?: string) {
    this.protocol = protocol;
    this.local = local;
    this.peer = peer;
  }

  /** `TCP`, `TCP:[0.0.0.0:80]`, `TCP:[->10.0.0.7:443]`, `TCP:[10.0.0.1:80->10.0.0.7:443]` */
  get text(): string {
    const { protocol, local = "", peer } = this;
    if (peer !== undefined) return `${protocol}:[${local}->${peer}]`;
    return local === "" ? protocol : `${protocol}:[${local}]`;
  }
}
