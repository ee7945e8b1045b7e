/* Calls on the machine and the kernel. What would change either is given what it refuses. */
#include "call.h"
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>

static char buffer[4096];

static void programs(void)
{
	union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1 };
	struct perf_event_attr event = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(event), .config = 1, .sample_period = 5,
					 .sample_type = 3, .disabled = 1 };
	unsigned long accesses = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR;
	struct landlock_path_beneath_attr beneath = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE, .parent_fd = -1 };
	int rules;

	CALL(SYS_bpf, 0, P(&attributes), sizeof(attributes));
	CALL(SYS_bpf, 99, NOWHERE, 8);
	CALL(SYS_perf_event_open, P(&event), 0, -1, -1, 8);
	event.type = 99;
	CALL(SYS_perf_event_open, P(&event), 0, 0, -1, 0xf);
	CALL(SYS_perf_event_open, NOWHERE, -1, -1, -1, 0);
	rules = CALL(SYS_landlock_create_ruleset, P(&accesses), 8, 0);
	CALL(SYS_landlock_create_ruleset, 0, 0, 1);
	CALL(SYS_landlock_add_rule, rules, 1, P(&beneath), 0);
	CALL(SYS_landlock_restrict_self, -1, 0);
}

static void keys(void)
{
	int key = CALL(SYS_add_key, P("user"), P("a key"), P("secret\n"), 7, KEY_SPEC_PROCESS_KEYRING);

	CALL(SYS_add_key, P("keyring"), P("ring"), 0, 0, KEY_SPEC_THREAD_KEYRING);
	CALL(SYS_request_key, P("user"), P("a key"), 0, KEY_SPEC_PROCESS_KEYRING);
	CALL(SYS_request_key, P("nothing"), P("none"), P("callout"), 0);
	CALL(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 0);
	CALL(SYS_keyctl, KEYCTL_DESCRIBE, key, P(buffer), sizeof(buffer));
	CALL(SYS_keyctl, KEYCTL_READ, key, P(buffer), 3);
	CALL(SYS_keyctl, KEYCTL_UPDATE, key, P("new"), 3);
	CALL(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f0000);
	CALL(SYS_keyctl, KEYCTL_REVOKE, key);
	CALL(SYS_keyctl, 99, 1, 2, 3, 4);
}

static void modules(void)
{
	CALL(SYS_init_module, 0, 0, P("parameter=1"));
	CALL(SYS_init_module, NOWHERE, 100, NOWHERE);
	CALL(SYS_finit_module, -1, P("a=1 b=2"), 1 | 2);
	CALL(SYS_delete_module, P("no_such_module"), O_NONBLOCK);
	CALL(SYS_delete_module, P("no_such_module"), O_NONBLOCK | O_TRUNC);
	CALL(SYS_kexec_load, 0x1000, 1 << 20, NOWHERE, 1);
	CALL(SYS_kexec_load, 0x1000, 1 << 20, NOWHERE, 2 | 62 << 16);
	CALL(SYS_kexec_file_load, -1, -1, 5, P("line"), 2 | 4);
	/* One of the two magic numbers is always wrong. */
	CALL(SYS_reboot, 0xfee1dead, 7, 0x01234567, P("argument"));
	CALL(SYS_reboot, 1, 0x28121969, 0xa1b2c3d4, P("argument"));
	CALL(SYS_reboot, 1, 0x20112000, 0x4321fedc, 0);
	CALL(SYS_reboot, 1, 0x5121996, 0, 0);
	CALL(SYS_reboot, 1, 0x16041998, 0x89abcdef, 0);
	CALL(SYS_reboot, 1, 0x28121969, 0x45584543, 0);
	CALL(SYS_reboot, 1, 0x28121969, 0xcdef0123, 0);
	CALL(SYS_reboot, 1, 0x28121969, 0xd000fce2, 0);
	CALL(SYS_reboot, 1, 2, 3, 4);
}

static void machine(void)
{
	CALL(SYS_syslog, 10, 0, 0);
	CALL(SYS_syslog, 3, P(buffer), 100);
	CALL(SYS_syslog, 99, P(buffer), -1);
	CALL(SYS_sync);
	setsid();
	CALL(SYS_vhangup);
	CALL(SYS_iopl, 0);
	CALL(SYS_iopl, 9);
	CALL(SYS_ioperm, 0x70, 0, 1);
	CALL(SYS_ioperm, 0xffffffff, 5, 0);
	CALL(SYS_modify_ldt, 0, P(buffer), 16);
	CALL(SYS_modify_ldt, 99, 0, 0);
	CALL(SYS_set_thread_area, P(buffer));
	CALL(SYS_get_thread_area, P(buffer));
	CALL(SYS_getrandom, P(buffer), 16, 1);
	CALL(SYS_getrandom, P(buffer), 0, 0);
	CALL(SYS_getrandom, NOWHERE, 5, 0xf);
}

/* Numbers of calls that no kernel of today has. */
static void gone(void)
{
	static const int numbers[] = { SYS__sysctl, SYS_nfsservctl, SYS_create_module, SYS_query_module, SYS_get_kernel_syms,
				       SYS_epoll_ctl_old, SYS_epoll_wait_old, SYS_getpmsg, SYS_putpmsg, SYS_afs_syscall,
				       SYS_tuxcall, SYS_security, SYS_vserver };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		CALL(numbers[i], 0, 1, 0x10, 0xfff, 0x1234567890, -1);
}

int main(int argc, char **argv)
{
	(void)argc;
	programs();
	keys();
	modules();
	machine();
	gone();
	return finish(argv[1]);
}
