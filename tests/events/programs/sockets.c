/* Calls on sockets: of every family that is decoded, and of some that are not. */
#include "call.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static char buffer[8192];

/* The loopback interface of a new network namespace is down. */
static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	request.ifr_flags = IFF_UP;
	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static void connections(int family, const void *address, unsigned length)
{
	unsigned room = sizeof(buffer), small = 4;
	int server, client, one = 1;

	server = CALL(SYS_socket, family, SOCK_STREAM, 0);
	CALL(SYS_setsockopt, server, SOL_SOCKET, SO_REUSEADDR, P(&one), sizeof(one));
	CALL(SYS_bind, server, P(address), length);
	CALL(SYS_listen, server, 5);
	CALL(SYS_getsockname, server, P(buffer), P(&room));
	client = CALL(SYS_socket, family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CALL(SYS_connect, client, P(address), length);
	room = sizeof(buffer);
	CALL(SYS_accept, server, P(buffer), P(&room));
	CALL(SYS_connect, client, P(address), length);
	client = CALL(SYS_socket, family, SOCK_STREAM, 0);
	CALL(SYS_connect, client, P(address), length);
	CALL(SYS_accept4, server, P(buffer), P(&small), SOCK_CLOEXEC);
	client = socket(family, SOCK_STREAM, 0);
	CALL(SYS_connect, client, P(address), length);
	CALL(SYS_accept, server, 0, 0);
	room = 128;
	CALL(SYS_getpeername, client, P(buffer), P(&room));
	room = 2;
	CALL(SYS_getpeername, client, P(buffer), P(&room));
	room = 0;
	CALL(SYS_getsockname, client, P(buffer), P(&room));
	room = 128;
	CALL(SYS_getpeername, server, P(buffer), P(&room));
	CALL(SYS_getsockname, client, NOWHERE, P(&room));
	CALL(SYS_getsockname, client, P(buffer), NOWHERE);
	CALL(SYS_shutdown, client, SHUT_WR);
	CALL(SYS_shutdown, -1, 7);
	CALL(SYS_accept4, -1, P(buffer), P(&room), 0xfff);
	close_range(3, 100, 0);
}

static void messages(void)
{
	struct sockaddr_in to = { AF_INET, htons(5555), { htonl(INADDR_LOOPBACK) }, { 0 } }, from;
	struct iovec parts[3] = { { "one", 3 }, { "two\n", 4 }, { "", 0 } }, into[2] = { { buffer, 2 }, { buffer + 9, 90 } };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = parts, .msg_iovlen = 3 };
	struct msghdr answer = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = into, .msg_iovlen = 2 };
	struct mmsghdr many[2];
	struct timespec soon = { 0, 1000 };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	unsigned room = sizeof(from);
	int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0), pair[2];

	if (bind(receiver, (struct sockaddr *)&to, sizeof(to)) < 0)
		exit(1);
	CALL(SYS_sendto, sender, P("hello"), 5, MSG_NOSIGNAL | MSG_DONTWAIT, P(&to), sizeof(to));
	CALL(SYS_sendto, sender, P("hello"), 5, 0, 0, 0);
	CALL(SYS_sendto, sender, P("hello"), 5, 0, P(&to), 3);
	CALL(SYS_sendto, sender, NOWHERE, 5, 0, NOWHERE, 16);
	CALL(SYS_recvfrom, receiver, P(buffer), sizeof(buffer), 0, P(&from), P(&room));
	CALL(SYS_recvfrom, receiver, P(buffer), sizeof(buffer), MSG_DONTWAIT, P(&from), P(&room));
	CALL(SYS_sendto, sender, P("truncated"), 9, 0, P(&to), sizeof(to));
	CALL(SYS_recvfrom, receiver, P(buffer), 4, MSG_TRUNC | MSG_PEEK, 0, 0);
	CALL(SYS_recvfrom, receiver, P(buffer), 0, MSG_TRUNC, 0, 0);
	CALL(SYS_sendmsg, sender, P(&message), 0);
	CALL(SYS_recvmsg, receiver, P(&answer), 0);
	answer.msg_namelen = 4;
	CALL(SYS_recvmsg, receiver, P(&answer), MSG_DONTWAIT);
	answer.msg_name = NULL;
	CALL(SYS_sendmsg, sender, P(&message), MSG_MORE);
	message.msg_iovlen = 0;
	CALL(SYS_sendmsg, sender, P(&message), 0);
	CALL(SYS_recvmsg, receiver, P(&answer), MSG_TRUNC);
	message.msg_name = NULL;
	CALL(SYS_sendmsg, sender, P(&message), 0);
	CALL(SYS_sendmsg, sender, NOWHERE, 0);
	memset(many, 0, sizeof(many));
	many[0].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = parts, .msg_iovlen = 1 };
	many[1].msg_hdr = many[0].msg_hdr;
	CALL(SYS_sendmmsg, sender, P(many), 2, 0);
	many[0].msg_hdr = many[1].msg_hdr = (struct msghdr){ .msg_iov = into, .msg_iovlen = 2 };
	CALL(SYS_recvmmsg, receiver, P(many), 2, MSG_DONTWAIT, P(&soon));
	CALL(SYS_recvmmsg, receiver, P(many), 2, MSG_DONTWAIT, 0);
	CALL(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, P(pair));
	CALL(SYS_socketpair, AF_INET, SOCK_STREAM, 0, P(pair));
	message = (struct msghdr){ .msg_iov = parts, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	CMSG_FIRSTHDR(&message)->cmsg_level = SOL_SOCKET;
	CMSG_FIRSTHDR(&message)->cmsg_type = SCM_RIGHTS;
	CMSG_FIRSTHDR(&message)->cmsg_len = CMSG_LEN(sizeof(int));
	CALL(SYS_sendmsg, pair[0], P(&message), 0);
	answer.msg_control = control;
	answer.msg_controllen = sizeof(control);
	CALL(SYS_recvmsg, pair[1], P(&answer), 0);
	for (int i = 0; i < 4; i++)
		CALL(SYS_sendto, pair[0], P(buffer), 4095 + i, 0, 0, 0);
	for (int i = 0; i < 4; i++)
		CALL(SYS_recvfrom, pair[1], P(buffer), sizeof(buffer), 0, 0, 0);
	close_range(3, 100, 0);
}

/* A dump of the interfaces, which lo is always among; and what the kernel does not know. */
static void netlink(void)
{
	struct { struct nlmsghdr header; struct { unsigned char family, pad[15]; } body; } request = {
		{ sizeof(request), 18, NLM_F_REQUEST | NLM_F_DUMP, 7, 0 }, { 0, { 0 } } };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec part = { &request, sizeof(request) }, into = { buffer, sizeof(buffer) };
	struct msghdr message = { .msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &part, .msg_iovlen = 1 };
	struct msghdr answer = { .msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &into, .msg_iovlen = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW, 0);

	CALL(SYS_sendto, fd, P(&request), sizeof(request), 0, P(&kernel), sizeof(kernel));
	CALL(SYS_recvfrom, fd, P(buffer), sizeof(buffer), 0, 0, 0);
	request.header.nlmsg_type = 999;
	CALL(SYS_sendmsg, fd, P(&message), 0);
	CALL(SYS_recvmsg, fd, P(&answer), MSG_DONTWAIT);
	CALL(SYS_recvmsg, fd, P(&answer), MSG_DONTWAIT);
	close(fd);
}

static void options(void)
{
	struct linger linger = { 1, 2 };
	struct timeval timeout = { 3, 4 };
	unsigned length = 4;
	int fd = socket(AF_INET, SOCK_STREAM, 0), value = 1;

	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_LINGER, P(&linger), sizeof(linger));
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, P(&timeout), sizeof(timeout));
	CALL(SYS_setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, P(&value), 4);
	CALL(SYS_setsockopt, fd, IPPROTO_TCP, TCP_CONGESTION, P("reno"), 4);
	CALL(SYS_setsockopt, fd, IPPROTO_IP, IP_TTL, P(&value), 4);
	CALL(SYS_setsockopt, fd, IPPROTO_IP, IP_TTL, P(&value), 1);
	CALL(SYS_setsockopt, fd, IPPROTO_IPV6, IPV6_V6ONLY, P(&value), 4);
	CALL(SYS_setsockopt, fd, 9999, 8888, P("\1\2\3"), 3);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, NOWHERE, 4);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, 0, 0);
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, P(&value), P(&length));
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, P(&value), P(&length));
	length = sizeof(buffer);
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_LINGER, P(buffer), P(&length));
	length = 2;
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_RCVBUF, P(buffer), P(&length));
	length = sizeof(buffer);
	CALL(SYS_getsockopt, fd, IPPROTO_TCP, TCP_INFO, P(buffer), P(&length));
	length = sizeof(buffer);
	CALL(SYS_getsockopt, fd, IPPROTO_TCP, TCP_CONGESTION, P(buffer), P(&length));
	CALL(SYS_getsockopt, fd, SOL_SOCKET, 7777, P(buffer), P(&length));
	CALL(SYS_getsockopt, -1, SOL_SOCKET, SO_ERROR, P(buffer), P(&length));
	close(fd);
}

static void addresses(void)
{
	struct sockaddr_nl netlink = { AF_NETLINK, 0, 812, 0x12 };
	struct sockaddr_ll packet = { AF_PACKET, htons(0x800), 1, 1, 2, 6, "\1\2\3\4\5\6" };
	struct sockaddr_un unix_name = { AF_UNIX, "/nowhere/with \"quotes\"" }, abstract = { AF_UNIX, "\0abstract\1" };
	struct sockaddr_in6 six = { AF_INET6, htons(53), htonl(0x12345), IN6ADDR_LOOPBACK_INIT, 7 };
	unsigned char odd[128] = { 99, 0, 1, 2, 3 };
	static const char *const hosts[] = { "::", "fe80::1", "2001:db8::1:0:0:1", "::ffff:1.2.3.4", "1:0:0:2:0:0:0:3",
					     "::1.2.3.4", "1:2:3:4:5:6:7:8", "0:0:1::", "::ffff:0:1.2.3.4", "64:ff9b::1.2.3.4" };

	CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
	CALL(SYS_socket, AF_NETLINK, SOCK_DGRAM, 9);
	CALL(SYS_socket, AF_PACKET, SOCK_RAW, htons(3));
	CALL(SYS_socket, AF_PACKET, SOCK_DGRAM, 0);
	CALL(SYS_socket, AF_INET, SOCK_RAW, 1);
	CALL(SYS_socket, AF_INET6, SOCK_RAW, 58);
	CALL(SYS_socket, 77, 77, 77);
	CALL(SYS_socket, AF_UNIX, SOCK_STREAM, 5);
	CALL(SYS_connect, -1, P(&netlink), sizeof(netlink));
	CALL(SYS_connect, -1, P(&packet), sizeof(packet));
	CALL(SYS_connect, -1, P(&packet), 12);
	CALL(SYS_connect, -1, P(&unix_name), sizeof(unix_name));
	CALL(SYS_connect, -1, P(&unix_name), 10);
	CALL(SYS_connect, -1, P(&unix_name), 2);
	CALL(SYS_connect, -1, P(&abstract), 12);
	CALL(SYS_connect, -1, P(&abstract), 3);
	CALL(SYS_connect, -1, P(&abstract), sizeof(abstract));
	for (unsigned i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		inet_pton(AF_INET6, hosts[i], &six.sin6_addr);
		CALL(SYS_connect, -1, P(&six), sizeof(six));
	}
	CALL(SYS_connect, -1, P(&six), 24);
	CALL(SYS_connect, -1, P(&six), 20);
	for (int length = 0; length < 10; length++)
		CALL(SYS_connect, -1, P(odd), length);
	CALL(SYS_connect, -1, P(odd), 128);
	CALL(SYS_connect, -1, P(odd), 129);
	CALL(SYS_connect, -1, P(odd), -1);
	CALL(SYS_connect, -1, NOWHERE, 16);
	CALL(SYS_connect, -1, 0, 16);
	for (int family = 0; family < 48; family++) {
		odd[0] = family;
		CALL(SYS_bind, -1, P(odd), 2);
	}
	close_range(3, 100, 0);
}

int main(int argc, char **argv)
{
	struct sockaddr_in four = { AF_INET, htons(4444), { htonl(INADDR_LOOPBACK) }, { 0 } };
	struct sockaddr_in6 six = { AF_INET6, htons(4446), 0, IN6ADDR_LOOPBACK_INIT, 0 };
	struct sockaddr_un path = { AF_UNIX, "socket" }, abstract = { AF_UNIX, "\0abstract" };

	(void)argc;
	loopback_up();
	connections(AF_INET, &four, sizeof(four));
	connections(AF_INET6, &six, sizeof(six));
	connections(AF_UNIX, &path, sizeof(path));
	connections(AF_UNIX, &abstract, 11);
	messages();
	netlink();
	options();
	addresses();
	return finish(argv[1]);
}
