/**
 * What of this machine matters to figures, and the one setting that the benchmarks change.
 *
 * @module
 */
import { cpusIn } from "../src/kernel/mod.ts";

/** Told with every report. */
export interface Machine {
  readonly kernel: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly deno: string;
}

export function machine(): Machine {
  const cpuinfo = Deno.readTextFileSync("/proc/cpuinfo");
  return {
    kernel: Deno.osRelease(),
    cpu: /^model name\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? Deno.build.arch,
    cpus: navigator.hardwareConcurrency,
    deno: Deno.version.deno,
  };
}

/** How busy the machine is, as a note: figures of a machine that others use too are theirs as well. */
export function busyness(): string {
  return `load average when this began: ${
    Deno.loadavg().map((load) => load.toFixed(1)).join(", ")
  }`;
}

/** Where workloads run: the last CPU, as far as can be from what lives on the first. */
export function lastCpu(): number {
  return cpusIn(Deno.readTextFileSync("/sys/devices/system/cpu/online")) - 1;
}

const statisticsSetting = "/proc/sys/kernel/bpf_stats_enabled";

/** The kernel's timing of BPF programs, which costs some 50 ns a run itself; put back when disposed of. */
export class BpfStatistics implements Disposable {
  readonly #before = Deno.readTextFileSync(statisticsSetting);

  switch(on: boolean): void {
    Deno.writeTextFileSync(statisticsSetting, on ? "1" : "0");
  }

  [Symbol.dispose](): void {
    Deno.writeTextFileSync(statisticsSetting, this.#before);
  }
}
