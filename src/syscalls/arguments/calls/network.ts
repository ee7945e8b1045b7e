/** Calls on sockets: socket(2), connect(2), send(2), recv(2), … */
import { call, type Row } from "../call.ts";
import { choice } from "../kinds/flags.ts";
import * as file from "../kinds/files.ts";
import { optional, within } from "../kinds/kind.ts";
import * as addresses from "../kinds/addresses.ts";
import * as socket from "../kinds/sockets.ts";
import { buffer } from "../kinds/text.ts";
import { timespec } from "../kinds/time.ts";
import { fd, int, pointer, size, uint } from "../kinds/words.ts";
import { shutdown } from "../tables/network.ts";

const { family, messageFlags, optionLevel, protocol, socketOption, socketType } = socket;
const address = optional(addresses.sockaddrOut("length"));
const length = optional(addresses.socketLength);

export const networkCalls = {
  socket: call({ family, type: socketType, protocol }, fd),
  socketpair: call({ family, type: socketType, protocol, fds: file.pair }, int),
  bind: call({ fd, address: addresses.sockaddr("length"), length: int }, int),
  connect: call({ fd, address: addresses.sockaddr("length"), length: int }, int),
  listen: call({ fd, backlog: int }, int),
  accept: call({ fd, address, length }, fd),
  accept4: call({ fd, address, length, flags: socket.acceptFlags }, fd),
  getsockname: call({ fd, address, length }, int),
  getpeername: call({ fd, address, length }, int),
  sendto: call(
    {
      fd,
      buffer: buffer({ length: "length" }),
      length: size,
      flags: messageFlags,
      address: optional(addresses.sockaddr("address_length")),
      address_length: int,
    },
    size,
  ),
  recvfrom: call(
    {
      fd,
      buffer: within("length", buffer()),
      length: size,
      flags: messageFlags,
      address: optional(addresses.sockaddrOut("address_length")),
      address_length: length,
    },
    size,
  ),
  sendmsg: call({ fd, message: socket.msghdr("enter"), flags: messageFlags }, size),
  recvmsg: call({ fd, message: socket.msghdr("exit"), flags: messageFlags }, size),
  sendmmsg: call({ fd, messages: pointer, count: uint, flags: messageFlags }, int),
  recvmmsg: call(
    {
      fd,
      messages: pointer,
      count: uint,
      flags: messageFlags,
      timeout: optional(timespec),
    },
    int,
  ),
  shutdown: call({ fd, how: choice(shutdown) }, int),
  setsockopt: call(
    { fd, level: optionLevel, option: socketOption, value: socket.optionIn, length: uint },
    int,
  ),
  getsockopt: call(
    { fd, level: optionLevel, option: socketOption, value: socket.optionOut, length },
    int,
  ),
} satisfies Readonly<Record<string, Row>>;
