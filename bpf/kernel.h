/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The few kernel structs and fields that the programs read. CO-RE finds each by name in the running
 * kernel's BTF, so only names and types count here, neither order nor size.
 */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed short s16;
typedef signed int s32;
typedef signed long long s64;
/* The names that bpf_helper_defs.h uses. */
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;

/* include/uapi/linux/bpf.h */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_F_NO_PREALLOC = 1U << 0, BPF_F_MMAPABLE = 1U << 10 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1U << 0 };

/* include/uapi/asm-generic/errno-base.h */
enum { ENOENT = 2, EEXIST = 17 };

/* What a program of iter/task is called with: include/linux/bpf.h, kernel/bpf/task_iter.c */
struct bpf_iter_meta {
	struct seq_file *seq;
};
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
/* Of iter/bpf_map_elem: kernel/bpf/map_iter.c */
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/*
 * One of the two parents: commit 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent"), 6.15. libbpf goes
 * through all of the kernel's types for each struct here, so there are no flavours where fields' names tell enough.
 */
struct kernfs_node {
	const char *name;
	u64 id;
	struct kernfs_node *__parent;
	struct kernfs_node *parent;
};

struct cgroup_root {
	u32 subsys_mask;
	int hierarchy_id;
};

struct cgroup {
	int level;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

/* include/linux/cgroup_subsys.h: which of them there are, and their numbers, depends on the config. */
enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	memory_cgrp_id,
	devices_cgrp_id,
	freezer_cgrp_id,
	pids_cgrp_id,
	CGROUP_SUBSYS_COUNT = 16,
};

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYS_COUNT];
	struct cgroup *dfl_cgrp;
};

struct upid {
	int nr;
};

struct pid {
	u32 level;
	struct upid numbers[1];
};

enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX,
};

struct tty_driver {
	int major;
	int minor_start;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
	unsigned int flags;
	int group_exit_code;
	struct pid *pids[PIDTYPE_MAX];
	struct tty_struct *tty;
};

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

/* 64 bits either way: two words before commit f122a08b197d ("capability: just use a 'u64'"), 6.3 */
typedef struct {
	u64 val;
} kernel_cap_t;

struct cred {
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_effective;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
};

struct linux_binprm {
	const char *filename;
	const char *interp;
};

/* if CONFIG_SECCOMP */
struct seccomp {
	int mode;
};

struct thread_info {
	unsigned long flags;
	u32 status;
};

/* include/linux/fdtable.h, include/linux/fs.h */
struct inode {
	unsigned short i_mode;
	u32 i_rdev;
};

struct file {
	struct inode *f_inode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int tgid;
	int exit_code;
	u64 start_boottime;
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	struct pid *thread_pid;
	struct signal_struct *signal;
	const struct cred *cred;
	struct mm_struct *mm;
	struct files_struct *files;
	struct seccomp seccomp;
	kuid_t loginuid; /* if CONFIG_AUDIT */
	char comm[16];
	struct css_set *cgroups;
};

#pragma clang attribute pop
