/**
 * What is run for the comparison. Each is a script for `sh`, in namespaces and a cgroup of its own, in an empty
 * folder that goes with it. Nothing is needed but what setup/install.sh installs (busybox-static) and what no Debian
 * or Ubuntu is without: coreutils, dash, bash, util-linux, findutils, grep, sed, tar, gzip, perl-base.
 *
 * @module
 */

/** By what they are for: a script each. */
export const commands = {
  "ls": "ls -l / /proc/self/fd; ls -la --color=always .; ls /nowhere",
  "cat": "cat /etc/passwd /etc/hostname /nowhere",
  "cp":
    "cp /etc/passwd a; cp -a a b; cp -r /etc/default c; cp --reflink=always a d; cp --sparse=always a e",
  "mv": "echo 1 > a; mv a b; mkdir c; mv b c; mv c/b d; mv -n d c; mv nowhere x",
  "ln": "echo 1 > a; ln -s a b; ln a c; ln -sf c b; ln -s a b; readlink b; readlink -f b",
  "rm": "mkdir -p a/b; echo > a/b/c; rm -r a; rm -f nowhere; rm nowhere",
  "mkdir": "mkdir a; mkdir -m 700 b; mkdir -p c/d/e; mkdir a",
  "rmdir": "mkdir -p a/b c; rmdir c; rmdir -p a/b; rmdir c",
  "chmod": "echo > a; chmod 4755 a; chmod u-s,g+s,o+t a; chmod -R 700 .; chmod 1 nowhere",
  "chown": "echo > a; chown 1000:2000 a; chown 0 a; ln -s a b; chown -h 5:6 b; chgrp 7 a",
  "touch":
    "touch a; touch -d 2001-02-03T04:05:06.789 a; touch -a a; touch -h -r a b; touch -m a; touch -c b",
  "stat": "stat / /dev/null /etc/passwd; stat -f /; stat -L /proc/self/exe; stat nowhere",
  "df and du": "df / .; df -i /; du -a /etc/default; du -sh .",
  "find":
    "mkdir -p a/b; echo > a/c; find . -type f -newer / -print; find / -maxdepth 1 -name x; find a -delete",
  "head and tail":
    "seq 2000 > a; head -n 3 a; tail -n 3 a; tail -c 10 a; head -c 5 a; tac a | head -n 1",
  "wc, sort, uniq":
    "seq 300 | tee a | wc; sort -rn a | uniq -c | wc -l; sort -u a a -o b; comm a b; md5sum a",
  "cut, tr, paste":
    "printf 'a:b\\nc:d\\n' > a; cut -d: -f2 a; tr a-z A-Z < a; paste a a; nl a; od -c a; fold -w 2 a",
  "dd":
    "dd if=/dev/zero of=a bs=4k count=3; dd if=a of=b bs=1 skip=5 seek=7 count=3 conv=notrunc,fsync; dd if=a of=c oflag=append",
  "tee": "echo hello | tee a b; echo more | tee -a a > /dev/null; cat a b | tee /nowhere/a",
  "sync and truncate":
    "truncate -s 1M a; truncate -s -5 a; fallocate -l 100 b; sync a; sync -f .; sync -d a; sync",
  "mktemp": "mktemp -p .; mktemp -d -p .; mktemp -u; mktemp -p /nowhere",
  "realpath":
    "mkdir a; ln -s ../etc b; realpath a/.. b/passwd nowhere; pwd -P; dirname /a/b; basename /a/b",
  "date":
    "date -u; date -d @1234567890.5 +%s.%N; touch -d 2020-01-01 a; date -r a; date -s nonsense",
  "sleep and timeout":
    "sleep 0.01; timeout 0.05 sleep 5; timeout -s KILL 0.05 sleep 5; timeout -k 1 5 true; sleep x",
  "env": "env -i A=1 B='x y' env; env -u A sh -c 'echo $A'; env -C / pwd; printenv PATH",
  "id and uname":
    "id; id 1; whoami; uname -a; nproc; groups; hostid; tty; logname; uname -m; nproc --all",
  "kill":
    "sleep 9 & kill -0 $!; kill -STOP $!; kill -CONT $!; kill $!; wait $!; kill -9 99999; kill -USR1 0; wait",
  "nice":
    "nice -n 5 nice; nice -n -5 true; ionice -c 2 -n 7 ionice; renice -n 3 -p $$; chrt -m; chrt -b 0 true",
  "stty":
    "stty -a; stty size < /dev/null; stty -F /dev/tty; script -qc 'stty -echo; stty' /dev/null",
  "limits":
    "ulimit -n 100; ulimit -a; prlimit --pid $$ --nofile; prlimit --core=0 true; ulimit -S -v unlimited",
  "mknod":
    "mknod a p; mknod b c 1 3; mknod c b 7 0; mkfifo -m 600 d; cat b; echo x > a & cat a; ls -l",
  "mounts":
    "mkdir a b; mount -t tmpfs -o size=64k,mode=700 none a; mount --bind a b; mount -o remount,ro a; touch a/b; umount b; umount -l a; umount a; mount -t tmpfs -o noexec,sync,noatime,nodiratime none a; stat -f a; findmnt -n /",
  "namespaces":
    "unshare -n true; unshare -U -r id; nsenter -t 1 -n true; hostname x; hostname; setsid true; chroot / true",
  "privileges":
    "setpriv --reuid 1000 --regid 1000 --clear-groups id; setpriv --no-new-privs --bounding-set -sys_admin true; setpriv -d; su nobody -s /bin/true",
  "scheduling":
    "taskset -p $$; taskset 1 true; cat /proc/loadavg; busybox uptime; busybox free; busybox ps; ipcs",
  "sh: pipelines":
    "seq 5 | sed s/1/x/ | grep -v 2 | awk '{ print $1 }' | sort -r; true | false; ! true; echo $?",
  "sh: here-documents":
    "cat << EOF\nhere $PATH\nEOF\nread a << 'EOF'\nline\nEOF\necho \"$a\"; cat <<- X\n\ttab\n\tX",
  "sh: background jobs":
    "for i in 1 2 3; do (sleep 0.0$i; exit $i) & done; wait; jobs; sleep 0.02 & wait $!; true & false & wait %1; wait",
  "sh: traps":
    "trap 'echo usr1' USR1; kill -USR1 $$; trap '' TERM; kill $$; trap - TERM; trap 'echo end' EXIT; sh -c 'kill -SEGV $$'; (kill -INT $$); exit 3",
  "sh: redirections":
    "exec 3> a 4< /etc/passwd 5>> a; echo x >&3; read b <&4; exec 3>&- 4<&-; echo y > b; echo z >> b; : > c; echo 1 2>&1 > /dev/null; set -C; echo 2 >| b; cat < b; echo 1 > b",
  "sh: many arguments":
    'set -- $(seq 40); echo "$@"; /bin/echo "$@"; printf \'%s\\n\' "$@" | xargs -n 5 -P 2 echo; test -e a -o -d /',
  "sh: odd names":
    "printf 'x' > \"$(printf 'a\\nb\\001\\0337c\\\"\\\\\\303\\251\\377')\"; ls; cat ./a*; rm -- ./a*; touch -- '-x' ' ' '...'; ls | od -c",
  "busybox: sh":
    "busybox sh -c 'echo a | cat; sleep 0.01 & wait; ls -l; [ -e x ] || echo no; kill -0 $$; cd /; pwd'",
  "busybox: files":
    "for a in 'touch a' 'cp a b' 'mv b c' 'ln -s a d' 'stat a' 'ls -la' 'chmod 600 a' 'chown 1:1 a' 'rm c' 'mkdir e' 'rmdir e' 'df' 'du' 'find .' 'md5sum a' 'mkfifo f' 'readlink d' 'sync' 'tar -cf t a' 'gzip t'; do busybox $a; done",
  "busybox: system":
    "for a in date 'sleep 0.01' 'usleep 10' uname id hostname 'renice 2 1' 'taskset 1 true' 'pidof sh' mount adjtimex ionice 'setsid true' 'time true' 'timeout 1 true' hostid tty 'logger x' 'swapon -a' arp lsmod 'sysctl -n kernel.ostype'; do busybox $a; done",
  "busybox: ifconfig, ip, route":
    "busybox ifconfig lo up; busybox ip addr; busybox ip link set lo mtu 1500; busybox ifconfig -a; busybox route -n; busybox netstat -an; busybox ip route add 10.0.0.0/8 dev lo; busybox ip neigh; busybox ip rule",
  "busybox: nc":
    "busybox ip link set lo up; (echo hello | busybox nc -l -p 7777) & until busybox netstat -tln | grep -q 7777; do :; done; echo there | busybox nc 127.0.0.1 7777; wait; busybox nc 127.0.0.1 1; echo u | busybox nc -u -w 1 127.0.0.1 9",
  "busybox: httpd, wget":
    "busybox ip link set lo up; echo page > index.html; busybox httpd -f -p 127.0.0.1:8080 & until busybox wget -q -O got http://127.0.0.1:8080/index.html; do :; done; busybox wget -O - http://127.0.0.1:8080/nowhere; kill $!; wait",
  "busybox: ping":
    "busybox ip link set lo up; busybox ping -c 2 -i 0.01 127.0.0.1; busybox ping -c 1 ::1; busybox ping -c 1 -W 1 10.1.2.3; busybox traceroute -w 1 -q 1 127.0.0.1; busybox arping -c 1 -w 1 -I lo 127.0.0.1",
  "archives":
    "mkdir a; seq 100 > a/b; tar -czf c.tar.gz a; tar -tzf c.tar.gz; gzip -k a/b; zcat a/b.gz | cmp - a/b; split -l 10 a/b; cksum a/b",
  "ipc":
    "ipcs -a; ipcmk -M 4096; ipcmk -S 2; ipcmk -Q; ipcs; ipcrm -a; flock a true; flock -n /etc/passwd -c true; logger -t x y",
  "times":
    "times; printf %s x; timeout 0.02 cat /dev/zero > /dev/null; timeout 0.1 tail -f /etc/passwd; date +%N",
  "bash":
    "bash -c 'a=(1 2); echo ${a[@]}; read -t 0.01 x < /dev/zero; cat <(echo 1) <(echo 2); coproc cat; echo $BASHPID; kill $!; ulimit -a; exec 5<>/dev/tcp/127.0.0.1/1'",
  "perl":
    'perl -e \'pipe(A,B); fork or exit 3; wait; select(undef,undef,undef,0.01); $SIG{ALRM}=sub{}; alarm 1; open(F,">","a"); flock(F,2); truncate(F,9); utime 1,2,"a"; kill 0,$$; print getppid\'',
} as const satisfies Readonly<Record<string, string>>;

/**
 * The folder, $2, is in memory, /proc is of the new pid namespace, and what is said goes to $3. A session of its own,
 * so that signals to the process group reach nobody else.
 */
const setUp =
  'exec 2> "$3"; mount -t tmpfs none "$2" && mount -t proc none /proc && cd "$2" && eval "$1"';

/** Where a script runs. */
export interface Place {
  /** A folder to mount another on, which goes with the script. */
  readonly folder: string;
  /** A file for its standard error. */
  readonly errors: string;
}

/** A script's command line: nothing of our environment, namespaces of its own. */
export function inContainer(script: string, { folder, errors }: Place): [string, ...string[]] {
  return [
    "/usr/bin/env",
    ...`-i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/ TMPDIR=${folder}`.split(" "),
    ..."setsid unshare --mount --pid --net --uts --ipc --fork --kill-child sh -c".split(" "),
    setUp,
    "sh",
    script,
    folder,
    errors,
  ];
}
