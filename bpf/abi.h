/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What differs between the architectures. */
#pragma once

#include "read.h"

/* Is this call 32-bit code's, with the numbers of another table? */
static __always_inline bool is_compat(bool direct, struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	/* arch/x86/include/asm/thread_info.h: TS_COMPAT, set for the length of a 32-bit call */
	return READ(direct, task, thread_info.status) & 2;
#elif defined(__TARGET_ARCH_arm64)
	/* arch/arm64/include/asm/thread_info.h: TIF_32BIT, set for a 32-bit task */
	return READ(direct, task, thread_info.flags) & (1UL << 22);
#else
#error "not an architecture that tallyman knows"
#endif
}
