/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What differs between the architectures. */
#pragma once

#include "read.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};
#endif
#pragma clang attribute pop

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

/* What a kprobe's function is called with first and second: System V ABI 3.2.3, AAPCS64 6.8.2 */
#if defined(__TARGET_ARCH_x86)
#define FUNCTION_ARGUMENT_1(context) ((context)->di)
#define FUNCTION_ARGUMENT_2(context) ((context)->si)
#else
#define FUNCTION_ARGUMENT_1(context) ((context)->regs[0])
#define FUNCTION_ARGUMENT_2(context) ((context)->regs[1])
#endif

/* The number of the call that the registers are of; -1 at the exit of rt_sigreturn. */
static __always_inline s64 call_number(bool direct, struct pt_regs *registers)
{
#if defined(__TARGET_ARCH_x86)
	return (s32)READ(direct, registers, orig_ax);
#else
	return READ(direct, registers, syscallno);
#endif
}

/* The first argument alone, where the others do not matter. */
static __always_inline u64 first_argument(bool direct, struct pt_regs *registers, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? READ(direct, registers, bx) : READ(direct, registers, di);
#else
	return READ(direct, registers, orig_x0);
#endif
}

/* arch/x86/include/uapi/asm/unistd.h: __X32_SYSCALL_BIT */
static __always_inline bool is_x32(bool compat, s64 nr)
{
#if defined(__TARGET_ARCH_x86)
	return !compat && nr >> 30 == 1;
#else
	return false;
#endif
}

/*
 * execve or execveat: arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl, include/uapi/asm-generic/unistd.h,
 * arch/arm/tools/syscall.tbl
 */
static __always_inline bool is_exec(bool compat, s64 nr)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? nr == 11 || nr == 358 : nr == 59 || nr == 322;
#else
	return compat ? nr == 11 || nr == 387 : nr == 221 || nr == 281;
#endif
}

/* arch/x86/include/asm/syscall.h, arch/arm64/include/asm/syscall.h: syscall_get_arguments() */
static __always_inline void call_arguments(bool direct, struct pt_regs *registers, bool compat, u64 *to)
{
#if defined(__TARGET_ARCH_x86)
	if (compat) {
		to[0] = (u32)READ(direct, registers, bx);
		to[1] = (u32)READ(direct, registers, cx);
		to[2] = (u32)READ(direct, registers, dx);
		to[3] = (u32)READ(direct, registers, si);
		to[4] = (u32)READ(direct, registers, di);
		to[5] = (u32)READ(direct, registers, bp);
		return;
	}
	to[0] = READ(direct, registers, di);
	to[1] = READ(direct, registers, si);
	to[2] = READ(direct, registers, dx);
	to[3] = READ(direct, registers, r10);
	to[4] = READ(direct, registers, r8);
	to[5] = READ(direct, registers, r9);
#else
	to[0] = READ(direct, registers, orig_x0);
	to[1] = READ(direct, registers, regs[1]);
	to[2] = READ(direct, registers, regs[2]);
	to[3] = READ(direct, registers, regs[3]);
	to[4] = READ(direct, registers, regs[4]);
	to[5] = READ(direct, registers, regs[5]);
#endif
}
