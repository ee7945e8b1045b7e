/* Calls on memory. */
#include "call.h"
#include <linux/mempolicy.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
	unsigned long nodes[2] = { 1, 0 };
	char *page = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *other;
	char vector[16];
	void *pages[2] = { page, NULL };
	int status[2], fd = open("file", O_RDWR | O_CREAT, 0600), target[2] = { 0, 0 };

	(void)argc;
	if (ftruncate(fd, 65536) < 0)
		return 1;
	CALL(SYS_brk, 0);
	CALL(SYS_brk, 1);
	other = (char *)CALL(SYS_mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CALL(SYS_mmap, 0, 4096, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 4096);
	CALL(SYS_mmap, 0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK | MAP_32BIT, -1, 0);
	CALL(SYS_mmap, P(other), 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CALL(SYS_mmap, P(other), 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | 0x100000, -1, 0);
	CALL(SYS_mmap, 0, 0, 0, 0, 0, 0);
	CALL(SYS_mmap, 0, 1UL << 21, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << 26, -1, 0);
	CALL(SYS_mmap, 0, 4096, 3, 3 | 0x80000, fd, 0xfffffffffffff000);
	CALL(SYS_mprotect, P(other), 4096, PROT_READ);
	CALL(SYS_mprotect, 1, -1, 0x1000000f);
	CALL(SYS_pkey_mprotect, P(other), 4096, PROT_READ, -1);
	CALL(SYS_pkey_alloc, 0, 3);
	CALL(SYS_pkey_free, 5);
	CALL(SYS_msync, P(other), 4096, MS_SYNC);
	CALL(SYS_msync, P(other), 4096, MS_ASYNC | MS_INVALIDATE);
	CALL(SYS_mincore, P(page), 16384, P(vector));
	CALL(SYS_mincore, 1, 1, P(vector));
	CALL(SYS_madvise, P(page), 4096, MADV_DONTNEED);
	CALL(SYS_madvise, P(page), 4096, 99);
	CALL(SYS_mremap, P(other), 8192, 16384, 1);
	other = (char *)CALL(SYS_mremap, P(page), 4096, 8192, 1);
	CALL(SYS_mremap, P(other), 8192, 8192, 3, P(page));
	CALL(SYS_mremap, 1, 2, 3, 8, 5);
	CALL(SYS_remap_file_pages, P(page), 4096, 0, 1, MAP_NONBLOCK);
	CALL(SYS_mlock, P(page), 4096);
	CALL(SYS_mlock2, P(page), 4096, 1);
	CALL(SYS_munlock, P(page), 4096);
	CALL(SYS_mlockall, 8);
	CALL(SYS_munlockall);
	CALL(SYS_memfd_create, P("a memory"), 1 | 2);
	CALL(SYS_memfd_create, P("huge"), 4 | 21 << 26);
	CALL(SYS_get_mempolicy, P(status), P(nodes), 64, 0, 0);
	CALL(SYS_get_mempolicy, P(status), P(nodes), 64, P(page), 2);
	CALL(SYS_get_mempolicy, P(status), 0, 0, P(page), 1 | 2);
	CALL(SYS_set_mempolicy, MPOL_PREFERRED, P(nodes), 64);
	CALL(SYS_set_mempolicy, MPOL_DEFAULT, 0, 0);
	CALL(SYS_set_mempolicy, MPOL_BIND | 0x8000, NOWHERE, 64);
	CALL(SYS_mbind, P(page), 4096, MPOL_INTERLEAVE, P(nodes), 64, 1);
	CALL(SYS_mbind, P(page), 4096, MPOL_DEFAULT, 0, 0, 6);
	CALL(SYS_set_mempolicy_home_node, P(page), 4096, 0, 0);
	CALL(SYS_migrate_pages, 0, 64, P(nodes), P(nodes));
	CALL(SYS_move_pages, 0, 2, P(pages), 0, P(status), 0);
	CALL(SYS_move_pages, 0, 2, P(pages), P(target), P(status), 2);
	CALL(SYS_munmap, P(page), 16384);
	CALL(SYS_munmap, 1, 0);
	return finish(argv[1]);
}
