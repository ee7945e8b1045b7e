/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Copying of a call's memory into its payload, piece by piece, as piece_specs say.
 *
 * How far a piece has got stands in memory, not in registers or on the stack: so all ways to a place look
 * the same to the verifier, and it follows one of them instead of millions.
 *
 * What a loop calls is not static: the verifier goes through such a function once, for any numbers that it may
 * be given, and not again for each turn of each loop around it (kernel/bpf/verifier.c, do_check_subprogs(),
 * since 5.6). Where it had to, 5.10 and 6.1 took 740,000 instructions of the million that they allow. Until
 * 5.12 such a function can be given nothing but numbers, so each finds the payload by itself; and what it
 * returns has to be a number. Until 6.8 the verifier goes through it where nobody calls it, too: without events
 * there must be nothing in it that needs their maps.
 */
#pragma once

#include "cgroup.h"

struct call {
	struct record record;
	struct call_event event;
};

struct call_with_payload {
	struct call call;
	u8 payload[PAYLOAD];
	/* of the piece that is being copied */
	u64 whole;
	u32 flags;
	u32 keep; /* bytes of buffers still to copy */
};

/*
 * Since 6.19 task storage is of kmalloc_nolock(), which gives two pages at most (KMALLOC_MAX_CACHE_SIZE), and the
 * kernel's own part comes before the value (include/linux/bpf_local_storage.h: struct bpf_local_storage_elem up to
 * sdata.data). Where that is not enough, events come without memory.
 */
_Static_assert(72 + sizeof(struct call_with_payload) <= 2 * 4096, "call_with_payload");

/* Kept with the task, so that neither preemption nor another task on this CPU can touch it. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call_with_payload);
} task_payloads SEC(".maps");

/* The same by thread, for the raw_tp twins: task storage came with 5.11. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct call_with_payload);
} thread_payloads SEC(".maps");

/* Of the call that the current task is in; none unless payload_of_task() has made one. */
static __always_inline struct call_with_payload *current_payload(void)
{
	u32 tid = bpf_get_current_pid_tgid();

	if (!knobs.events)
		return NULL;
	if (knobs.by_thread)
		return bpf_map_lookup_elem(&thread_payloads, &tid);
	return bpf_task_storage_get(&task_payloads, bpf_get_current_task_btf(), NULL, 0);
}

/* Element call * PIECES + i. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * ROW_CALLS * PIECES);
	__type(key, u32);
	__type(value, struct piece_spec);
} piece_specs SEC(".maps");

/*
 * Runs an expression with `room` bytes at `to`: a constant, as the verifier wants it, the largest that the
 * payload still has.
 */
#define WITH_ROOM(with, to, room, expression)                              \
	({                                                                 \
		u32 _used = (with)->call.event.used;                       \
		long _done = 0;                                            \
		if (_used <= PAYLOAD - PIECE_MAX) {                        \
			u8 *to = (with)->payload + _used;                  \
			const u32 room = PIECE_MAX;                        \
			_done = (expression);                              \
		} else if (_used <= PAYLOAD - 1024) {                      \
			u8 *to = (with)->payload + _used;                  \
			const u32 room = 1024;                             \
			_done = (expression);                              \
		} else if (_used <= PAYLOAD - 128) {                       \
			u8 *to = (with)->payload + _used;                  \
			const u32 room = 128;                              \
			_done = (expression);                              \
		}                                                          \
		_done;                                                     \
	})

static __always_inline long read_bytes(u8 *to, u32 room, u32 length, u64 from)
{
	if (length > room)
		length = room;
	if (!length)
		return 0;
	return bpf_probe_read_user(to, length, (void *)from) ? -1 : (long)length;
}

/* Both append what they read and say how much that is: less than asked for if there is no room, -1: EFAULT. */
static __noinline long append_bytes(struct call_with_payload *with, u64 from, u32 length)
{
	long done = WITH_ROOM(with, to, room, read_bytes(to, room, length, from));

	if (done > 0)
		with->call.event.used += done;
	return done;
}

/* With the NUL, which is ours where the string is longer than the room. */
static __noinline long append_string(struct call_with_payload *with, u64 from)
{
	long done = WITH_ROOM(with, to, room, bpf_probe_read_user_str(to, room, (void *)from));

	if (done > 0)
		with->call.event.used += done;
	return done < 0 ? -1 : done;
}

/* Whether a string was longer than the room that it has filled: its NUL is ours. */
static __always_inline bool is_cut(u64 from, long done)
{
	u8 last = 1;

	if (done != PIECE_MAX && done != 1024 && done != 128)
		return false;
	return bpf_probe_read_user(&last, 1, (void *)(from + done - 1)) || last;
}

static __always_inline u64 argument(struct call_with_payload *with, u32 i)
{
	return i < 6 ? with->call.event.arguments[i] : 0;
}

/* The pointer, or the size, at an index of a vector of them. */
static __always_inline bool read_word(u64 vector, u32 index, bool compat, u64 *word)
{
	u32 half = 0;

	if (!compat)
		return !bpf_probe_read_user(word, 8, (void *)(vector + index * 8));
	if (bpf_probe_read_user(&half, 4, (void *)(vector + index * 4)))
		return false;
	*word = half;
	return true;
}

/* false: that was the last. */
__noinline bool append_one_string(u64 vector, u32 i)
{
	struct call_with_payload *with = current_payload();
	u64 string = 0;
	long done;

	if (!with)
		return false;
	if (!read_word(vector, i, with->call.event.abi == ABI_COMPAT, &string)) {
		with->flags |= PIECE_FAULT;
		return false;
	}
	if (!string)
		return false;
	if (i == STRINGS_MAX - 1) {
		with->flags |= PIECE_TRUNCATED;
		return false;
	}
	done = append_string(with, string);
	if (done <= 0) {
		with->flags |= done ? PIECE_FAULT : PIECE_TRUNCATED;
		return false;
	}
	with->whole += done;
	if (is_cut(string, done))
		with->flags |= PIECE_TRUNCATED;
	return true;
}

static __noinline void append_strings(u64 vector)
{
	for (u32 i = 0; i < STRINGS_MAX; i++)
		if (!append_one_string(vector, i))
			return;
}

/* The first bytes of a buffer, as many as `keep` has left. false: EFAULT at its iovec. */
__noinline bool append_one_buffer(u64 vector, u32 i)
{
	struct call_with_payload *with = current_payload();
	u64 base = 0, length = 0;
	bool compat;
	long done;

	if (!with)
		return false;
	compat = with->call.event.abi == ABI_COMPAT;
	if (!read_word(vector, 2 * i, compat, &base) || !read_word(vector, 2 * i + 1, compat, &length)) {
		with->flags |= PIECE_FAULT;
		return false;
	}
	with->whole += length;
	if (length > with->keep)
		length = with->keep;
	done = append_bytes(with, base, length);
	if (done < 0)
		with->flags |= PIECE_FAULT;
	else
		with->keep -= done;
	return true;
}

static __noinline void append_buffers(struct call_with_payload *with, u64 vector, u64 count)
{
	for (u32 i = 0; i < BUFFERS_MAX; i++)
		if (i < count)
			append_one_buffer(vector, i);
	if (count > BUFFERS_MAX)
		with->flags |= PIECE_TRUNCATED;
}

/* include/linux/socket.h: struct user_msghdr; the members that are read, by their place. */
enum { MSG_NAME, MSG_NAMELEN, MSG_IOV, MSG_IOVLEN, SOCKADDR_MAX = 128 };

/* A u32 of the name's length, the name, the first bytes of the buffers. */
static __noinline void append_message(struct call_with_payload *with, u64 message)
{
	bool compat = with->call.event.abi == ABI_COMPAT;
	u64 name = 0, vector = 0, count = 0, place = message + (compat ? 4 : 8);
	u32 used = with->call.event.used, name_length = 0;

	if (!read_word(message, MSG_NAME, compat, &name) ||
	    bpf_probe_read_user(&name_length, 4, (void *)place) ||
	    !read_word(message, MSG_IOV, compat, &vector) || !read_word(message, MSG_IOVLEN, compat, &count)) {
		with->flags |= PIECE_FAULT;
		return;
	}
	if (!name)
		name_length = 0;
	if (name_length > SOCKADDR_MAX)
		name_length = SOCKADDR_MAX;
	if (used > PAYLOAD - 4)
		return;
	*(u32 *)(with->payload + used) = name_length;
	with->call.event.used = used + 4;
	with->whole = 4 + name_length;
	if (append_bytes(with, name, name_length) < 0)
		with->flags |= PIECE_FAULT;
	append_buffers(with, vector, count);
}

static __always_inline u64 length_of(struct call_with_payload *with, struct piece_spec *piece)
{
	u64 length = piece->max;
	s64 result = with->call.event.result;
	u32 behind = 0;

	if (piece->length == LENGTH_ARGUMENT)
		length = argument(with, piece->length_argument);
	else if (piece->length == LENGTH_RESULT)
		length = result > 0 ? result : 0;
	else if (piece->length == LENGTH_AT)
		length = bpf_probe_read_user(&behind, 4, (void *)argument(with, piece->length_argument)) ? 0 :
												       behind;
	if (piece->length == LENGTH_ARGUMENT && piece->unit)
		length *= piece->unit;
	return length;
}

static __noinline void append_one_string_piece(struct call_with_payload *with, u64 from)
{
	long done = append_string(with, from);

	if (done < 0) {
		with->flags = PIECE_FAULT;
	} else if (done > 0) {
		with->call.event.used--; /* without the NUL */
		with->whole = done - 1;
		if (is_cut(from, done))
			with->flags = PIECE_TRUNCATED;
	}
}

static __noinline void append_memory(struct call_with_payload *with, struct piece_spec *piece, u64 from)
{
	switch (piece->op) {
	case OP_STRING:
		append_one_string_piece(with, from);
		break;
	case OP_BYTES:
		with->whole = length_of(with, piece);
		if (append_bytes(with, from, with->whole < with->keep ? with->whole : with->keep) < 0)
			with->flags = PIECE_FAULT;
		break;
	case OP_STRINGS:
		append_strings(from);
		break;
	case OP_IOVEC:
		append_buffers(with, from, argument(with, piece->length_argument));
		break;
	case OP_MSGHDR:
		append_message(with, from);
		break;
	}
}

/* false: there is none, it is not due, or it has no room. */
__noinline bool append_piece(u32 call, u32 index, u32 when)
{
	u32 at = call * PIECES + index, start, length;
	struct call_with_payload *with;
	struct piece_spec *piece;
	struct piece_header *header;
	s64 result;
	u64 from;

	if (!knobs.events)
		return false;
	piece = bpf_map_lookup_elem(&piece_specs, &at);
	if (!piece || piece->when != when)
		return false;
	with = current_payload();
	if (!with)
		return false;
	start = with->call.event.used;
	result = with->call.event.result;
	from = argument(with, piece->argument);
	/* NULL points to nothing: there is no piece. */
	if (!from || start > PAYLOAD - 256)
		return false;
	with->keep = piece->max < PIECE_MAX ? piece->max : PIECE_MAX;
	if (piece->limited && result < with->keep)
		with->keep = result > 0 ? result : 0;
	with->whole = 0;
	with->flags = 0;
	with->call.event.used = start + sizeof(*header);
	append_memory(with, piece, from);
	length = with->call.event.used - start - sizeof(*header);
	if (piece->limited && piece->op == OP_IOVEC && result >= 0 && with->whole > result)
		with->whole = result;
	header = (struct piece_header *)(with->payload + start);
	header->index = index;
	header->flags = with->flags | (with->whole > length ? PIECE_TRUNCATED : 0);
	header->length = length;
	header->whole = with->whole > 0xffffffff ? 0xffffffff : with->whole;
	with->call.event.used = (with->call.event.used + 7) & ~7U;
	with->call.event.pieces++;
	return true;
}

/* Appends the current task's pieces of a call that are due: WHEN_ENTER or WHEN_EXIT. */
static __always_inline void append_pieces(u32 call, u32 pieces, u32 when)
{
	for (u32 i = 0; i < PIECES; i++)
		if (i < pieces)
			append_piece(call, i, when);
}
