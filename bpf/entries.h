/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Hashes, read by iterators. While a system call reads a hash the kernel runs no kprobe's program on that CPU
 * (kernel/bpf/syscall.c: bpf_disable_instrumentation()), and since 7.0 another task may run there meanwhile:
 * its calls would pass uncounted. An iterator runs with all programs in place.
 */
#pragma once

#include "slots.h"

/* The keys of all hashes that are read: 16 bytes, of which the first four are the slot. */
_Static_assert(sizeof(struct call_key) == sizeof(struct error_key), "error_key");
_Static_assert(sizeof(struct call_key) == sizeof(struct loss_key), "loss_key");

/* Writes the key and what belongs to it; or takes it away, if its slot is to be somebody else's. */
static __always_inline int write_entry(struct bpf_iter__bpf_map_elem *context, void *map, u32 value_size)
{
	void *from = context->key, *value = context->value;
	u32 zero = 0;
	struct status *of = bpf_map_lookup_elem(&status, &zero);
	struct call_key key;

	if (!from || !value || !of)
		return 0;
	__builtin_memcpy(&key, from, sizeof(key));
	if (of->forgotten) {
		if (of->forgotten == key.slot)
			bpf_map_delete_elem(map, &key);
		return 0;
	}
	bpf_seq_write(context->meta->seq, &key, sizeof(key));
	bpf_seq_write(context->meta->seq, value, value_size);
	return 0;
}
