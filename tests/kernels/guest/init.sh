#!/bin/busybox sh
# The guest's first process, in an initramfs that holds busybox, a few kernel modules and /tallyman.
#
# It makes the host's own file system the guest's: shared by virtiofs, read-only, under an overlay whose
# upper layer is memory. So everything is at the same path as on the host (deno, libbpf, engines, the
# checkout), and nothing that the guest writes reaches the host.
#
# /tallyman/settings says (see guest.ts):
#   systemd   yes: systemd becomes PID 1 and runs the commands as a service
#   commands  the script that the guest is there for, copied to /run/tallyman in the new root

/bin/busybox --install -s /bin
export PATH=/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
. /tallyman/settings

give_up() {
	echo "tallyman: giving up: $*" >/dev/console
	poweroff -f
}

# Which module needs which differs from kernel to kernel (virtio before virtio_ring or after): whatever
# fails in one pass succeeds in a later one. What stays missing shows when something is mounted.
for pass in 1 2 3; do
	for module in /tallyman/modules/*.ko; do
		[ -e "$module" ] && insmod "$module" 2>/dev/null
	done
done

mount -t virtiofs -o ro host /lower || give_up "no virtiofs"
mount -t tmpfs -o size=75% upper /upper
mkdir /upper/changes /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/changes,workdir=/upper/work root /new ||
	give_up "no overlay"

cd /new || give_up "no root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t devtmpfs devtmpfs dev
mkdir -p dev/pts dev/shm
mount -t devpts -o ptmxmode=666 devpts dev/pts
mount -t tmpfs shm dev/shm
mount -t tmpfs run run
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t bpf bpf sys/fs/bpf
mount -t securityfs securityfs sys/kernel/security 2>/dev/null

# A host that is a container itself leaves this for systemd to find, which then behaves as in Docker.
rm -f .dockerenv
ip link set lo up
hostname tallyman-guest
# Temporary files must not lie on the overlay: no other overlay can be put on top of it.
mkdir -p run/tmp run/tallyman
cp /tallyman/commands run/tallyman/commands

if [ "$systemd" = yes ]; then
	mkdir -p run/systemd/system
	cp /tallyman/units/* run/systemd/system/
	exec switch_root /new /lib/systemd/systemd --unit=tallyman.target --show-status=0 \
		<dev/console >dev/console 2>&1
fi

# Without systemd nobody hands the controllers down; runtimes want them below the root.
for controller in $(cat sys/fs/cgroup/cgroup.controllers); do
	echo "+$controller" >sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
done
setsid chroot /new /bin/bash /run/tallyman/commands >/dev/ttyS1 2>&1 </dev/null
sync
sleep 0.2
poweroff -f
