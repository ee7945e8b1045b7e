/**
 * `monitor.ts demo`: a few small containers without a container engine, and a view of them.
 *
 * @module
 */
import { Workload } from "../containers/mod.ts";
import { say } from "./exit.ts";
import { Stop } from "./stop.ts";
import { watch, type WatchOptions } from "./watch.ts";

/**
 * What a newcomer's containers do: each in namespaces and a cgroup of its own, with what every system has. The reader
 * comes by /etc/shadow, which raises an alert.
 */
const workloads: Readonly<Record<string, string>> = {
  "demo-reader":
    'while :; do for file in /etc/*; do [ -f "$file" ] && read -r line < "$file"; done; sleep 0.3; done',
  "demo-builder":
    "while :; do ls -R /usr/lib | sort | uniq -c | tail -n 1 > /dev/null; sleep 0.7; done",
  "demo-clock": "while :; do date > /dev/null; sleep 1; done",
};

/** Runs until it is stopped; nothing is left behind. */
export async function demo(options: WatchOptions): Promise<void> {
  // Until watch() has its own: a signal meanwhile must not end us before what we started.
  using stop = new Stop();
  using started = new DisposableStack();
  const all: Workload[] = [];
  for (const [name, script] of Object.entries(workloads)) {
    all.push(started.use(
      await Workload.start({
        name,
        // pdeathsig: should the monitor be killed, its containers go with it.
        command: [
          "/usr/bin/setpriv",
          "--pdeathsig=KILL",
          "/usr/bin/unshare",
          ...["--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--ipc", "--net"],
          ...["/bin/sh", "-c", script],
        ],
        stdin: "null",
        stdout: "null",
      }),
    ));
  }
  if (stop.isRequested) return;
  let isOver = false;
  started.defer(() => isOver = true);
  for (const [i, name] of Object.keys(workloads).entries()) {
    // None ends by itself where it can run. One that can't has said why on standard error.
    all[i]?.status().then(async ({ code }) => {
      // Ctrl-C ends them together with us, and may be heard of later than their end.
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (!isOver && !stop.isRequested) {
        say(`${name} has ended, with exit code ${code}: there will be no more of it.`);
      }
    });
  }
  // Only these, unless others are asked for.
  const containers = options.containers.length > 0 ? options.containers : Object.keys(workloads);
  await watch({ ...options, containers }, () => all.forEach((workload) => workload.resume()));
}
