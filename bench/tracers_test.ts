import assert from "node:assert/strict";
import { bpftraceLost, bpftraceScript, cgroupPath, perfLost, straceCommand } from "./tracers.ts";

Deno.test("what bpftrace and perf say they have lost", () => {
  assert.equal(bpftraceLost("Lost 11996 events"), 11996);
  assert.equal(bpftraceLost("13598048108120 31421 Lost 5 events getppid 31404"), 0);
  assert.equal(bpftraceLost("Attaching 1 probe..."), 0);
  assert.equal(perfLost("LOST 27 events!"), 27);
  assert.equal(perfLost("     0.068 ( 0.014 ms): load/31765 getppid() = 31757"), 0);
});

Deno.test("bpftrace prints of one cgroup", () => {
  assert.equal(
    bpftraceScript(862561n),
    'tracepoint:syscalls:sys_exit_getppid /cgroup == 862561/ { printf("%llu %d %s getppid %d\\n", nsecs, pid, comm, args->ret); }',
  );
});

Deno.test("perf wants a cgroup's path from the root of its hierarchy", () => {
  assert.equal(cgroupPath("/sys/fs/cgroup/unified/tallyman-7/load"), "tallyman-7/load");
});

Deno.test("strace follows threads and writes to a file", () => {
  assert.equal(straceCommand("/f").join(" "), "strace -f -ttt -e trace=getppid -o /f");
});
