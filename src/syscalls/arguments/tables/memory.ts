/**
 * Constants of system calls' arguments.
 * Made by ../generate.ts: don't change it by hand.
 *
 * @module
 */
/** Protections of mmap(2): <asm/mman.h> */
export const protection = {
  PROT_NONE: 0,
  PROT_READ: 1,
  PROT_WRITE: 2,
  PROT_EXEC: 4,
  PROT_SEM: 8,
  PROT_GROWSDOWN: 0x1000000,
  PROT_GROWSUP: 0x2000000,
} as const;

/** How a mapping is shared: <linux/mman.h> */
export const mapType = {
  MAP_SHARED: 1,
  MAP_PRIVATE: 2,
  MAP_SHARED_VALIDATE: 3,
  MAP_DROPPABLE: 8,
} as const;

/** Flags of mmap(2): <linux/mman.h> */
export const mapFlags = {
  MAP_FIXED: 0x10,
  MAP_ANONYMOUS: 0x20,
  MAP_32BIT: 0x40,
  MAP_ABOVE4G: 0x80,
  MAP_NORESERVE: 0x4000,
  MAP_GROWSDOWN: 0x100,
  MAP_DENYWRITE: 0x800,
  MAP_EXECUTABLE: 0x1000,
  MAP_LOCKED: 0x2000,
  MAP_POPULATE: 0x8000,
  MAP_NONBLOCK: 0x10000,
  MAP_STACK: 0x20000,
  MAP_HUGETLB: 0x40000,
  MAP_SYNC: 0x80000,
  MAP_FIXED_NOREPLACE: 0x100000,
} as const;

/** Flags of mremap(2): <linux/mman.h> */
export const remap = {
  MREMAP_MAYMOVE: 1,
  MREMAP_FIXED: 2,
  MREMAP_DONTUNMAP: 4,
} as const;

/** Flags of msync(2): <asm/mman.h> */
export const msync = {
  MS_ASYNC: 1,
  MS_INVALIDATE: 2,
  MS_SYNC: 4,
} as const;

/** Flags of mlock2(2): <linux/mman.h> */
export const lock = {
  MLOCK_ONFAULT: 1,
} as const;

/** Flags of mlockall(2): <linux/mman.h> */
export const lockAll = {
  MCL_CURRENT: 1,
  MCL_FUTURE: 2,
  MCL_ONFAULT: 4,
} as const;

/** Access rights of pkey_alloc(2): <asm/mman.h> */
export const keyAccess = {
  PKEY_DISABLE_ACCESS: 1,
  PKEY_DISABLE_WRITE: 2,
} as const;

/** Flags of mbind(2): <linux/mempolicy.h> */
export const bindFlags = {
  MPOL_MF_STRICT: 1,
  MPOL_MF_MOVE: 2,
  MPOL_MF_MOVE_ALL: 4,
} as const;

/** Flags of a memory policy: <linux/mempolicy.h> */
export const policyFlags = {
  MPOL_F_NUMA_BALANCING: 0x2000,
  MPOL_F_RELATIVE_NODES: 0x4000,
  MPOL_F_STATIC_NODES: 0x8000,
} as const;

/** Flags of get_mempolicy(2): <linux/mempolicy.h> */
export const policyQuery = {
  MPOL_F_NODE: 1,
  MPOL_F_ADDR: 2,
  MPOL_F_MEMS_ALLOWED: 4,
} as const;

/** Flags of memfd_create(2): <linux/memfd.h> */
export const memfd = {
  MFD_CLOEXEC: 1,
  MFD_ALLOW_SEALING: 2,
  MFD_HUGETLB: 4,
  MFD_NOEXEC_SEAL: 8,
  MFD_EXEC: 0x10,
} as const;

/** Advice of madvise(2): <asm/mman.h> */
export const madvise = {
  MADV_NORMAL: 0,
  MADV_RANDOM: 1,
  MADV_SEQUENTIAL: 2,
  MADV_WILLNEED: 3,
  MADV_DONTNEED: 4,
  MADV_FREE: 8,
  MADV_REMOVE: 9,
  MADV_DONTFORK: 10,
  MADV_DOFORK: 11,
  MADV_MERGEABLE: 12,
  MADV_UNMERGEABLE: 13,
  MADV_HUGEPAGE: 14,
  MADV_NOHUGEPAGE: 15,
  MADV_DONTDUMP: 16,
  MADV_DODUMP: 17,
  MADV_WIPEONFORK: 18,
  MADV_KEEPONFORK: 19,
  MADV_COLD: 20,
  MADV_PAGEOUT: 21,
  MADV_POPULATE_READ: 22,
  MADV_POPULATE_WRITE: 23,
  MADV_DONTNEED_LOCKED: 24,
  MADV_COLLAPSE: 25,
  MADV_HWPOISON: 100,
  MADV_SOFT_OFFLINE: 101,
  MADV_GUARD_INSTALL: 102,
  MADV_GUARD_REMOVE: 103,
} as const;

/** Memory policies: <linux/mempolicy.h> */
export const policy = {
  MPOL_DEFAULT: 0,
  MPOL_PREFERRED: 1,
  MPOL_BIND: 2,
  MPOL_INTERLEAVE: 3,
  MPOL_LOCAL: 4,
  MPOL_PREFERRED_MANY: 5,
  MPOL_WEIGHTED_INTERLEAVE: 6,
} as const;

/** Protections of mmap(2): <asm/mman.h> of arm64 */
export const protectionArm64 = {
  PROT_NONE: 0,
  PROT_READ: 1,
  PROT_WRITE: 2,
  PROT_EXEC: 4,
  PROT_SEM: 8,
  PROT_BTI: 0x10,
  PROT_MTE: 0x20,
  PROT_GROWSDOWN: 0x1000000,
  PROT_GROWSUP: 0x2000000,
} as const;
