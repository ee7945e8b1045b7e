/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which cgroup names a task. */
#pragma once

#include "layout.h"
#include "read.h"

const volatile struct knobs knobs SEC(".rodata.knobs");

#define V1_CONTROLLER(controller, subsystem)                                   \
	if (chosen == controller)                                              \
	return bpf_core_enum_value_exists(enum cgroup_subsys_id, subsystem) ? \
		       bpf_core_enum_value(enum cgroup_subsys_id, subsystem) : -1

/* Index of the chosen v1 controller in css_set.subsys, which depends on the kernel's config. */
static __always_inline int v1_index(void)
{
	u32 chosen = knobs.v1_controller;

	V1_CONTROLLER(V1_MEMORY, memory_cgrp_id);
	V1_CONTROLLER(V1_PIDS, pids_cgrp_id);
	V1_CONTROLLER(V1_DEVICES, devices_cgrp_id);
	V1_CONTROLLER(V1_FREEZER, freezer_cgrp_id);
	V1_CONTROLLER(V1_CPU, cpu_cgrp_id);
	V1_CONTROLLER(V1_CPUSET, cpuset_cgrp_id);
	return -1;
}

/*
 * The task's cgroup in the v2 hierarchy; where that is the root, as for most of a hybrid machine,
 * its cgroup in the v1 hierarchy that user space chose.
 */
static __always_inline struct kernfs_node *cgroup_node(bool direct, struct task_struct *task, bool *v1)
{
	struct css_set *set = READ(direct, task, cgroups);
	struct cgroup *cgroup = READ(direct, set, dfl_cgrp);

	*v1 = false;
	if (knobs.v1_controller != V1_NONE && READ(direct, cgroup, level) == 0) {
		int index = v1_index();

		if (index >= 0 && index < CGROUP_SUBSYS_COUNT) {
			struct cgroup_subsys_state *state = READ(direct, set, subsys[index]);

			cgroup = READ(direct, state, cgroup);
			*v1 = true;
		}
	}
	return READ(direct, cgroup, kn);
}

static __always_inline struct kernfs_node *parent_node(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent);
	return BPF_CORE_READ(node, parent);
}

/* Is a cgroup that goes away one of those that cgroup_node() returns, and of which kind? */
static __always_inline bool names_tasks(struct cgroup *cgroup, bool *v1)
{
	struct cgroup_root *root = BPF_CORE_READ(cgroup, root);
	int index = v1_index();

	/* kernel/cgroup/cgroup.c: the default hierarchy is set up first and has number 0 */
	*v1 = BPF_CORE_READ(root, hierarchy_id) != 0;
	return !*v1 || (index >= 0 && BPF_CORE_READ(root, subsys_mask) & (1U << index));
}
