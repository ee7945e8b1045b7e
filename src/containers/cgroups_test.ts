import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import {
  type CgroupMounts,
  type CgroupPaths,
  Cgroups,
  parseCgroupFile,
  parseMountinfo,
  processes,
} from "./cgroups.ts";

/** proc_pid_mountinfo(5), of machines of each layout. */
const mountinfo = {
  v2: `\
23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw,discard,errors=remount-ro
33 24 0:28 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
`,
  hybrid: `\
31 23 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
32 31 0:29 / /sys/fs/cgroup/unified rw,relatime shared:10 - cgroup2 cgroup2 rw,nsdelegate
33 31 0:30 / /sys/fs/cgroup/systemd rw,relatime shared:11 - cgroup cgroup rw,xattr,name=systemd
36 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:14 - cgroup cgroup rw,cpu,cpuacct
37 31 0:34 / /sys/fs/cgroup/memory rw,relatime shared:15 - cgroup cgroup rw,memory
38 31 0:35 / /sys/fs/cgroup/pids rw,relatime shared:16 - cgroup cgroup rw,pids
`,
  v1: `\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
36 31 0:33 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
37 31 0:34 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
`,
  none: "28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw\n",
} as const;

function paths(v2: string, v1: Readonly<Record<string, string>> = {}): CgroupPaths {
  return { v2, v1: new Map(Object.entries(v1)) };
}

function mounts(v2: string | undefined, v1: Readonly<Record<string, string>> = {}): CgroupMounts {
  return { v2, v1: new Map(Object.entries(v1)) };
}

Deno.test("cgroup file: v2 alone", () => {
  deepStrictEqual(
    parseCgroupFile("0::/system.slice/ssh.service\n"),
    paths("/system.slice/ssh.service"),
  );
  deepStrictEqual(parseCgroupFile("0::/\n"), paths("/"));
});

Deno.test("cgroup file: hybrid, with controllers that share a hierarchy and one without any", () => {
  const text = `\
12:pids:/docker/46cd
4:cpu,cpuacct:/docker/46cd
1:name=systemd:/docker/46cd
0::/system.slice/docker.service
`;
  deepStrictEqual(
    parseCgroupFile(text),
    paths("/system.slice/docker.service", {
      pids: "/docker/46cd",
      cpu: "/docker/46cd",
      cpuacct: "/docker/46cd",
      "name=systemd": "/docker/46cd",
    }),
  );
});

Deno.test("cgroup file: v1 alone is in v2's root; colons and spaces belong to the path", () => {
  deepStrictEqual(
    parseCgroupFile("3:memory:/a b:c/cri:x\n"),
    paths("/", { memory: "/a b:c/cri:x" }),
  );
});

Deno.test("cgroup file: a process that has ended shows nothing", () => {
  deepStrictEqual(parseCgroupFile(""), paths("/"));
});

Deno.test("mountinfo: where each layout has its hierarchies", () => {
  deepStrictEqual(parseMountinfo(mountinfo.v2), mounts("/sys/fs/cgroup", {}));
  const hybrid = parseMountinfo(mountinfo.hybrid);
  strictEqual(hybrid.v2, "/sys/fs/cgroup/unified");
  strictEqual(hybrid.v1.get("memory"), "/sys/fs/cgroup/memory");
  strictEqual(hybrid.v1.get("cpu"), "/sys/fs/cgroup/cpu,cpuacct");
  strictEqual(hybrid.v1.get("cpuacct"), "/sys/fs/cgroup/cpu,cpuacct");
  strictEqual(hybrid.v1.get("name=systemd"), "/sys/fs/cgroup/systemd");
  strictEqual(hybrid.v1.get("devices"), undefined);
  strictEqual(parseMountinfo(mountinfo.v1).v2, undefined);
});

Deno.test("mountinfo: octal escapes in a mount point", () => {
  const line = String.raw`33 24 0:28 / /mnt/my\040cgroups\011\134x rw - cgroup2 cgroup2 rw`;
  strictEqual(parseMountinfo(line).v2, "/mnt/my cgroups\t\\x");
});

Deno.test("mountinfo: of a hierarchy that is mounted twice, the first", () => {
  const again = mountinfo.v2.replaceAll("/sys/fs/cgroup", "/mnt/again");
  strictEqual(parseMountinfo(mountinfo.v2 + again).v2, "/sys/fs/cgroup");
});

Deno.test("layout: v2, hybrid, v1, none", () => {
  for (const layout of ["v2", "hybrid", "v1", "none"] as const) {
    strictEqual(new Cgroups(parseMountinfo(mountinfo[layout])).layout, layout);
  }
  // systemd's own v1 hierarchy has no controllers: nothing is told apart by it.
  const systemd = new Cgroups(mounts("/sys/fs/cgroup/unified", { "name=systemd": "/x" }));
  strictEqual(systemd.layout, "v2");
});

const isDocker = (path: string) => path.startsWith("/docker/");

Deno.test("controller: the one in which the most processes are in a container", () => {
  const cgroups = new Cgroups(mounts("/u", { memory: "/m", pids: "/p", cpuset: "/c" }));
  const processes = [
    paths("/", { memory: "/", pids: "/docker/a", cpuset: "/" }),
    paths("/", { memory: "/docker/b", pids: "/docker/b", cpuset: "/" }),
    // v2 tells these apart; no v1 controller is needed for them.
    paths("/docker/c", { memory: "/docker/c" }),
    paths("/docker/c", { memory: "/docker/c" }),
  ];
  strictEqual(cgroups.chooseController(processes, isDocker), "pids");
});

Deno.test("controller: the likeliest where there are no containers, or as many in each", () => {
  const cgroups = new Cgroups(mounts("/u", { pids: "/p", memory: "/m" }));
  strictEqual(cgroups.chooseController([], isDocker), "memory");
  const both = paths("/", { memory: "/docker/a", pids: "/docker/a" });
  strictEqual(cgroups.chooseController([both], isDocker), "memory");
});

Deno.test("controller: none where there is only v2", () => {
  const cgroups = new Cgroups(parseMountinfo(mountinfo.v2));
  strictEqual(cgroups.chooseController([paths("/docker/a")], isDocker), undefined);
});

Deno.test("folders and ids: by hierarchy; undefined for what is not mounted, or gone", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(join(folder, "v2/docker/a"), { recursive: true });
    Deno.mkdirSync(join(folder, "memory/docker"), { recursive: true });
    const cgroups = new Cgroups(
      mounts(join(folder, "v2"), { memory: join(folder, "memory") }),
    );
    strictEqual(cgroups.folder("/"), join(folder, "v2"));
    strictEqual(cgroups.folder("/docker", "memory"), join(folder, "memory/docker"));
    strictEqual(cgroups.folder("/docker", "pids"), undefined);
    const inode = (path: string) => BigInt(Deno.lstatSync(join(folder, path)).ino ?? 0);
    strictEqual(cgroups.id("/docker/a"), inode("v2/docker/a"));
    strictEqual(cgroups.id("/docker", "memory"), inode("memory/docker"));
    strictEqual(cgroups.id("/docker/a", "memory"), undefined);
    strictEqual(cgroups.id("/docker", "pids"), undefined);
    const walked = [...cgroups.walk()].map(({ path, key }) => [path, key]);
    deepStrictEqual(
      walked,
      ["/", "/docker", "/docker/a"].map((path) => [
        path,
        { id: cgroups.id(path), nested: false, v1: false },
      ]),
    );
    deepStrictEqual([...cgroups.walk("memory")].map(({ key }) => key.v1), [true, true]);
    deepStrictEqual([...cgroups.walk("pids")], []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const anyLines = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(":", ",", "/", "0", "\n", " - ", " ", "\\040", "cgroup", "cgroup2", "-"))
    .map((parts) => parts.join("")),
);

Deno.test("cgroup file, mountinfo: no text throws", () => {
  fc.assert(fc.property(anyLines, (text) => {
    parseCgroupFile(text);
    const cgroups = new Cgroups(parseMountinfo(text));
    cgroups.chooseController([parseCgroupFile(text)], () => true);
    cgroups.layout;
  }));
});

Deno.test("cgroup file: a path comes back as it was", () => {
  // A cgroup's name can't hold a newline: kernel/cgroup/cgroup.c, cgroup_mkdir().
  const name = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("a\u2028b", "\u2029", "c\rd", "\x85"),
  );
  const path = name.map((text) => `/${text.replaceAll("\n", "")}`);
  fc.assert(fc.property(path, path, (v2, memory) => {
    deepStrictEqual(
      parseCgroupFile(`9:memory:${memory}\n0::${v2}\n`),
      paths(v2, { memory }),
    );
  }));
});

const linux = { ignore: Deno.build.os !== "linux" };

Deno.test("processes: we are one, and in our own pid namespace", linux, () => {
  const own = [...processes()].find(({ pid }) => pid === Deno.pid);
  deepStrictEqual(own?.cgroups, parseCgroupFile(Deno.readTextFileSync("/proc/self/cgroup")));
  strictEqual(own.nested, false);
});

Deno.test("processes: those that end while they are looked at are left out", linux, async () => {
  const script = "while :; do for i in 1 2 3 4 5 6 7 8; do (:) & done; wait; done";
  const churn = new Deno.Command("sh", { args: ["-c", script] }).spawn();
  try {
    for (let i = 0; i < 300; i++) ok([...processes()].length > 0);
  } finally {
    churn.kill();
    await churn.status;
  }
});
