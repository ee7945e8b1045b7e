/**
 * What calls do to descriptors and to where a process is, one row a call.
 *
 * @module
 */
import {
  type ArgumentsOf,
  type CallName,
  decodeArguments,
  type Fault,
  Flags,
  isFault,
  type RawCall,
  type SocketAddress,
} from "../../syscalls/arguments/mod.ts";
import type { Architecture } from "../../syscalls/mod.ts";
import { type OpenFile, OpenSocket } from "../open_files.ts";
import { absolutePath } from "../paths.ts";
import type { Caller } from "./caller.ts";

/** What a call that has returned did. */
export type Effect = (call: RawCall, caller: Caller, architecture: Architecture) => void;

/** A row: a call's name, and what it does, by its arguments and its result. */
function row<Name extends CallName>(
  name: Name,
  effect: (caller: Caller, args: ArgumentsOf<Name>, result: number) => void,
): [Name, Effect] {
  return [name, (call, caller, architecture) => {
    effect(caller, decodeArguments<Name>(call, architecture), Number(call.result));
  }];
}

/** A row of a call that returns a descriptor of something without a name, worded as /proc words it. */
function anonymous<Name extends CallName>(
  name: Name,
  text: string,
  closesOnExec: (args: ArgumentsOf<Name>) => boolean,
): [Name, Effect] {
  return row(name, (caller, args, fd) => caller.opened(fd, text, closesOnExec(args)));
}

const always = () => true;
const never = () => false;

/** A socket's protocol, as strace -yy words it, by family and type. */
const protocols: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AF_INET: { SOCK_STREAM: "TCP", SOCK_DGRAM: "UDP", SOCK_RAW: "RAW" },
  AF_INET6: { SOCK_STREAM: "TCPv6", SOCK_DGRAM: "UDPv6", SOCK_RAW: "RAWv6" },
  AF_UNIX: {
    SOCK_STREAM: "UNIX-STREAM",
    SOCK_DGRAM: "UNIX-DGRAM",
    SOCK_SEQPACKET: "UNIX-SEQPACKET",
  },
};

function protocolOf({ family, type }: Pick<ArgumentsOf<"socket">, "family" | "type">): string {
  const byType = protocols[family.toString()] ?? {};
  const known = type.names.find((name) => Object.hasOwn(byType, name));
  const text = known === undefined ? undefined : byType[known];
  return text ?? family.toString().replace(/^AF_/, "");
}

function addressText(address: SocketAddress | Fault | null): string | undefined {
  if (address === null || isFault(address)) return undefined;
  // AF_UNSPEC in connect(2) parts a socket from its peer; a socket of AF_UNIX may have no name.
  return address.family === "AF_UNSPEC" || address.text === "" ? undefined : address.text;
}

function accepted(
  caller: Caller,
  { fd, address }: ArgumentsOf<"accept">,
  result: number,
  closesOnExec: boolean,
): void {
  const { protocol, local } = caller.socket(fd) ?? {};
  const peer = addressText(address);
  const isKnown = protocol !== undefined || peer !== undefined;
  const socket = isKnown ? new OpenSocket(protocol ?? "socket", local, peer) : undefined;
  caller.opened(result, socket, closesOnExec);
}

/** Two ends: of a pipe, of a pair of sockets. */
function openedPair(
  caller: Caller,
  fds: readonly number[] | Fault,
  file: () => OpenFile | undefined,
  closesOnExec: boolean,
): void {
  if (!isFault(fds)) { for (const fd of fds) caller.opened(fd, file(), closesOnExec); }
}

/** What a pipe is called is its inode's number, which only /proc knows. */
const nameless = () => undefined;

/** The rows. */
export const effects: ReadonlyMap<string, Effect> = new Map<CallName, Effect>([
  row("open", (caller, { path, flags }, fd) => {
    // A file that never had a name: /proc has the one that it was given.
    const file = flags.has("O_TMPFILE") ? undefined : caller.path(path);
    caller.opened(fd, file, flags.has("O_CLOEXEC"));
  }),
  row("openat", (caller, { dirfd, path, flags }, fd) => {
    const file = flags.has("O_TMPFILE") ? undefined : caller.path(path, dirfd);
    caller.opened(fd, file, flags.has("O_CLOEXEC"));
  }),
  row("openat2", (caller, { dirfd, path, how }, fd) => {
    if (isFault(how)) return caller.opened(fd, undefined);
    const { flags, resolve } = how;
    // The directory is the root, for links on the way too.
    const isRooted = resolve.has("RESOLVE_IN_ROOT");
    const below = isRooted && !isFault(path) ? path.replace(/^\/+/, "") : path;
    const file = flags.has("O_TMPFILE") ? undefined : caller.path(below, dirfd);
    caller.opened(fd, file, flags.has("O_CLOEXEC"));
  }),
  row("creat", (caller, { path }, fd) => caller.opened(fd, caller.path(path))),
  row("open_by_handle_at", (caller, { flags }, fd) => {
    caller.opened(fd, undefined, flags.has("O_CLOEXEC"));
  }),
  row("open_tree", (caller, { dirfd, path, flags }, fd) => {
    const file = isFault(path) || path === "" ? undefined : caller.path(path, dirfd);
    caller.opened(fd, file, flags.has("OPEN_TREE_CLOEXEC"));
  }),
  row("memfd_create", (caller, { name, flags }, fd) => {
    const file = isFault(name) ? undefined : `/memfd:${name} (deleted)`;
    caller.opened(fd, file, flags.has("MFD_CLOEXEC"));
  }),
  row("mq_open", (caller, { name }, fd) => {
    caller.opened(fd, isFault(name) ? undefined : absolutePath(name, "/"), true);
  }),

  row("socket", (caller, args, fd) => {
    caller.opened(fd, new OpenSocket(protocolOf(args)), args.type.has("SOCK_CLOEXEC"));
  }),
  row("socketpair", (caller, args) => {
    const file = () => new OpenSocket(protocolOf(args));
    openedPair(caller, args.fds, file, args.type.has("SOCK_CLOEXEC"));
  }),
  row("accept", (caller, args, fd) => accepted(caller, args, fd, false)),
  row("accept4", (caller, args, fd) => {
    accepted(caller, args, fd, args.flags.has("SOCK_CLOEXEC"));
  }),
  row("bind", (caller, { fd, address }) => {
    caller.connected(fd, "local", addressText(address));
  }),
  row("connect", (caller, { fd, address }) => {
    caller.connected(fd, "peer", addressText(address));
  }),
  row("getsockname", (caller, { fd, address }) => {
    caller.connected(fd, "local", addressText(address));
  }),
  row("getpeername", (caller, { fd, address }) => {
    caller.connected(fd, "peer", addressText(address));
  }),

  row("pipe", (caller, { fds }) => openedPair(caller, fds, nameless, false)),
  row("pipe2", (caller, { fds, flags }) => {
    openedPair(caller, fds, nameless, flags.has("O_CLOEXEC"));
  }),
  anonymous("epoll_create", "anon_inode:[eventpoll]", never),
  anonymous("epoll_create1", "anon_inode:[eventpoll]", ({ flags }) => flags.has("EPOLL_CLOEXEC")),
  anonymous("eventfd", "anon_inode:[eventfd]", never),
  anonymous("eventfd2", "anon_inode:[eventfd]", ({ flags }) => flags.has("EFD_CLOEXEC")),
  anonymous("timerfd_create", "anon_inode:[timerfd]", ({ flags }) => flags.has("TFD_CLOEXEC")),
  anonymous("inotify_init", "anon_inode:inotify", never),
  anonymous("inotify_init1", "anon_inode:inotify", ({ flags }) => flags.has("IN_CLOEXEC")),
  anonymous("fanotify_init", "anon_inode:[fanotify]", ({ flags }) => flags.has("FAN_CLOEXEC")),
  anonymous("pidfd_open", "anon_inode:[pidfd]", always),
  anonymous("io_uring_setup", "anon_inode:[io_uring]", always),
  row("signalfd", (caller, { fd }, result) => {
    if (fd === -1) caller.opened(result, "anon_inode:[signalfd]");
  }),
  row("signalfd4", (caller, { fd, flags }, result) => {
    // Of one that is there it changes the signals.
    if (fd === -1) caller.opened(result, "anon_inode:[signalfd]", flags.has("SFD_CLOEXEC"));
  }),
  row("pidfd_getfd", (caller, _, fd) => caller.opened(fd, undefined, true)),

  row("dup", (caller, { fd }, result) => caller.duplicated(fd, result)),
  row("dup2", (caller, { fd }, result) => caller.duplicated(fd, result)),
  row("dup3", (caller, { fd, flags }, result) => {
    caller.duplicated(fd, result, flags.has("O_CLOEXEC"));
  }),
  row("fcntl", (caller, { fd, cmd, argument }, result) => {
    if (cmd.name === "F_DUPFD") caller.duplicated(fd, result);
    else if (cmd.name === "F_DUPFD_CLOEXEC") caller.duplicated(fd, result, true);
    else if (cmd.name === "F_SETFD" && argument instanceof Flags) {
      caller.setClosesOnExec(argument.has("FD_CLOEXEC"), fd);
    }
  }),
  row("ioctl", (caller, { fd, request }) => {
    if (request.name === "FIOCLEX") caller.setClosesOnExec(true, fd);
    else if (request.name === "FIONCLEX") caller.setClosesOnExec(false, fd);
  }),
  row("close", (caller, { fd }) => caller.closed(fd)),
  row("close_range", (caller, { first, last, flags }) => {
    if (flags.has("CLOSE_RANGE_CLOEXEC")) caller.setClosesOnExec(true, first, last);
    else caller.closed(first, last);
  }),

  row("chdir", (caller, { path }) => caller.moved(caller.path(path))),
  row("fchdir", (caller, { fd }) => caller.moved(caller.directory(fd))),
]);
