/** Events as the monitor hands them over: with their process, its program and descriptors, and their lines. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Container } from "../../src/containers/mod.ts";
import { Monitor, type MonitorOptions } from "../../src/engine/mod.ts";
import type { CallEvent } from "../../src/events/mod.ts";
import { Event } from "../../src/events/decoded/mod.ts";
import type { Call } from "../../src/kernel/mod.ts";
import {
  type EventRecord,
  eventRecord,
  JsonlEvents,
  TextEvents,
} from "../../src/sinks/events/mod.ts";
import { LineBuffer } from "../../src/sinks/mod.ts";
import { piecesOf } from "../../src/syscalls/arguments/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";
import {
  exactAttachments,
  kernelTest,
  program,
  scaled,
  until,
  workload,
} from "../kernel/fixture.ts";

const calls = program("calls");

function specsOf(...names: string[]) {
  return new Map(names.map((name) => {
    const call: Call = { nr: syscallNumber(name) ?? -1, abi: "native" };
    return [call, { pieces: piecesOf(name) }] as const;
  }));
}

/** A monitor whose events are all kept as records, each made in time. */
class Recorder implements Disposable {
  readonly monitor: Monitor;
  readonly event: Event;
  readonly records: EventRecord[] = [];

  constructor(options: MonitorOptions, ...names: string[]) {
    this.monitor = Monitor.open({ events: {}, ...options });
    this.event = new Event(this.monitor.processes, this.monitor.bootTime);
    this.monitor.want(specsOf(...names));
  }

  drain(then?: (event: Event) => void): void {
    while (
      this.monitor.drain((call: CallEvent, container: Container) => {
        const event = this.event.show(call, container);
        this.records.push(eventRecord(event));
        then?.(event);
      }) > 0
    );
  }

  async run(name: string, ...command: [string, ...string[]]): Promise<EventRecord[]> {
    using work = await workload(name, ...command);
    let isOver = false;
    const over = work.status().then(() => isOver = true);
    work.resume();
    await until(`${name}'s end`, () => {
      this.drain();
      return isOver;
    });
    await over;
    this.drain();
    return this.records.filter(({ container }) => container.id === name);
  }

  [Symbol.dispose](): void {
    this.monitor[Symbol.dispose]();
  }
}

for (const attachment of exactAttachments()) {
  const options: MonitorOptions = { attachments: [attachment] };

  kernelTest(`events (${attachment}): who called, what it ran, who forked it`, async () => {
    using recorder = new Recorder(options, "openat", "execve", "getuid");
    const script = "cd /tmp; cat /etc/hostname 'a b' 2> /dev/null; id -u > /dev/null";
    const records = await recorder.run("who", "/bin/sh", "-c", script);
    const opened = records.find(({ args, thread }) =>
      args["path"] === "/etc/hostname" && thread.name === "cat"
    );
    ok(opened !== undefined);
    const { process } = opened;
    deepStrictEqual(process.command_args, ["cat", "/etc/hostname", "a b"]);
    match(process.executable?.path ?? "", /\/cat$/);
    deepStrictEqual([process.user.id, process.group.id], [0, 0]);
    const shell = records.find((each) => each.executed?.command_args?.[1] === "-c");
    strictEqual(process.parent_pid, shell?.process.pid);
    strictEqual(process.ancestors?.[0]?.name, "sh");
    ok((process.ancestors?.length ?? 0) > 2, "up to who started the container");
    match(process.capabilities ?? "", /^[0-9a-f]{16}$/);
    // Of an execve: who called it, and what it has begun.
    const executed = records.find((each) => each.executed?.command_args?.[0] === "cat");
    deepStrictEqual(executed?.process.command_args, ["/bin/sh", "-c", script]);
    strictEqual(executed?.thread.name, "sh");
    match(executed?.executed?.executable?.path ?? "", /\/cat$/);
    // One that found nothing began nothing.
    const failed = records.filter(({ syscall, error }) =>
      syscall === "execve" && error !== undefined
    );
    ok(failed.every((each) => each.executed === undefined));
  });

  kernelTest(`events (${attachment}): pids in a namespace, and who is gone at once`, async () => {
    using recorder = new Recorder(options, "execve");
    const script = "for i in 1 2 3 4 5 6 7 8; do /bin/true $i; done; :";
    const command = ["unshare", "--pid", "--fork", "/bin/sh", "-c", script] as const;
    const records = await recorder.run("nested", ...command);
    const shell = records.find(({ executed }) => executed?.command_args?.[1] === "-c");
    strictEqual(shell?.process.vpid, 1);
    const short = records.filter(({ executed }) => executed?.command_args?.[0] === "/bin/true");
    deepStrictEqual(
      short.map(({ executed, process: { vpid } }) => [executed?.command_args?.[1], vpid]),
      ["1", "2", "3", "4", "5", "6", "7", "8"].map((i) => [i, Number(i) + 1]),
    );
    ok(short.every(({ process }) => process.parent_pid === shell?.process.pid));
  });

  kernelTest(`events (${attachment}): what descriptors refer to`, async () => {
    using recorder = new Recorder(options, "openat", "read", "close", "dup2", "close_range");
    const script = "exec 7< /etc/hostname; read -r line <&7; exec 7<&-";
    const records = await recorder.run("files", "/bin/sh", "-c", script);
    const read = records.find(({ syscall, args }) => syscall === "read" && args["fd"] === 0);
    deepStrictEqual(read?.descriptors?.["fd"], { name: "/etc/hostname", from: "event" });
    const opened = records.find(({ args }) => args["path"] === "/etc/hostname");
    deepStrictEqual(opened?.descriptors?.["ret"], { name: "/etc/hostname", from: "event" });
    const closed = records.find(({ syscall, args }) => syscall === "close" && args["fd"] === 7);
    deepStrictEqual(closed?.descriptors?.["fd"]?.name, "/etc/hostname");
  });

  kernelTest(`events (${attachment}): lines say what records say`, async () => {
    using recorder = new Recorder(options, "openat", "execve", "write", "mmap", "getuid");
    const jsonl = new JsonlEvents();
    const into = new LineBuffer();
    const text = new TextEvents();
    let compared = 0;
    using work = await workload(
      "lines",
      "/bin/sh",
      "-c",
      "cat /etc/hostname /nix; echo \x1b[2J; id",
    );
    let isOver = false;
    void work.status().then(() => isOver = true);
    work.resume();
    await until("the end", () => {
      recorder.drain((event) => {
        // Other containers may run here too.
        if (event.container.identity.id !== "lines") return;
        const record = recorder.records.at(-1);
        into.cut(0);
        jsonl.write(event, into);
        const line = new TextDecoder().decode(into.bytes);
        deepStrictEqual(JSON.parse(line), JSON.parse(JSON.stringify(record)));
        match(text.line(event), /^\d\d:\d\d:\d\d\.\d{6} lines [ -~]+\n$/);
        compared++;
      });
      return isOver;
    });
    ok(compared > 50, `${compared} lines`);
  });

  kernelTest(`events (${attachment}): memory that can't be read is a fault`, async () => {
    using recorder = new Recorder(options, "write");
    const records = await recorder.run("fault", calls, "fault");
    const written = records.find(({ args }) => args["fd"] === 99);
    deepStrictEqual(written?.args["buffer"], { fault: true, address: "0x1000", why: "unreadable" });
    strictEqual(written?.error?.type, "EBADF");
  });

  kernelTest(`events (${attachment}): calls in flight, and those from before`, async () => {
    using before = await workload("before", "/bin/sleep", "60");
    before.resume();
    await until("a sleep", () => {
      const text = Deno.readTextFileSync(`/proc/${before.pid}/syscall`);
      return text.startsWith(`${syscallNumber("clock_nanosleep")} `);
    });
    using recorder = new Recorder(options, "clock_nanosleep", "rt_sigtimedwait");
    const { monitor } = recorder;
    const blocked: string[] = [];
    monitor.blocked((call, container) => {
      if (call.pid === before.pid) blocked.push(`${container.identity.id} ${call.nr} ${call.comm}`);
    });
    deepStrictEqual(blocked, [`before ${syscallNumber("clock_nanosleep")} sleep`]);
    using work = await workload("flying", calls, "pause", "getppid", "1");
    work.resume();
    const flying: EventRecord[] = [];
    await until("a call in flight", () => {
      monitor.drain(() => {});
      monitor.inFlight((call, container) => {
        if (container.identity.id !== "flying") return;
        const since = Number(monitor.bootNow - call.time);
        flying.push(eventRecord(recorder.event.show(call, container), { inFlight: { since } }));
      });
      return flying.length > 0;
    });
    const [first] = flying;
    strictEqual(first?.syscall, "rt_sigtimedwait");
    match(JSON.stringify(first?.args), /SIGUSR1/);
    deepStrictEqual([first?.ret, first?.in_flight], [null, true]);
    strictEqual(first?.process.pid, work.pid);
    Deno.kill(work.pid, "SIGUSR1");
    await work.status();
    recorder.drain();
    const ended = recorder.records.find(({ container }) => container.id === "flying");
    strictEqual(ended?.syscall, "rt_sigtimedwait");
    ok((ended?.duration_ns ?? 0) > 0);
    // Its end is waited for: where it comes late, it would be taken for a leak.
    Deno.kill(before.pid, "SIGKILL");
    await before.status();
  });

  kernelTest(`events (${attachment}): a container that nobody wants sends none`, async () => {
    using monitor = Monitor.open({ ...options, events: {} });
    monitor.want(specsOf("getppid"), ({ identity }) => identity.id === "chosen");
    using chosen = await workload("chosen", calls, "pause", "getppid", "1000", "1");
    using other = await workload("other", calls, "pause", "getppid", "1000", "1");
    for (const work of [chosen, other]) work.resume();
    const isKnown = ({ container }: { container: Container }) =>
      container.metadata.state !== "pending";
    await until("both to be known", () => {
      monitor.drain(() => {});
      const { tallies } = monitor.tick();
      const ours = tallies.filter(({ container: { identity: { id } } }) =>
        id === "chosen" || id === "other"
      );
      return ours.length === 2 && ours.every(isKnown);
    });
    monitor.tick();
    for (const work of [chosen, other]) {
      Deno.kill(work.pid, "SIGUSR1");
      await work.status();
    }
    const sent = new Map<string, number>();
    while (
      monitor.drain((_, { identity: { id } }) => sent.set(id, (sent.get(id) ?? 0) + 1)) > 0
    );
    deepStrictEqual([...sent], [["chosen", 1000]]);
  });

  kernelTest(`events (${attachment}): what is lost is told, and counts don't lose`, async () => {
    using monitor = Monitor.open({ ...options, events: { ringBytes: 2 ** 20 } });
    monitor.want(specsOf("getppid"));
    const n = scaled(3_000_000, 200_000);
    using work = await workload("flood", calls, "getppid", String(n), "2");
    let isOver = false;
    void work.status().then(() => isOver = true);
    work.resume();
    let delivered = 0;
    const lost = new Map<string, number>();
    let counted = 0;
    const tick = () => {
      const { losses, tallies } = monitor.tick();
      for (const { container, reason, count } of losses) {
        if (container.identity.id === "flood") lost.set(reason, (lost.get(reason) ?? 0) + count);
      }
      const tally = tallies.find(({ container }) => container.identity.id === "flood");
      counted = tally?.total.get("getppid") ?? counted;
    };
    await until("the end", () => {
      monitor.drain((_, container) => {
        if (container.identity.id === "flood") delivered++;
      });
      tick();
      return isOver;
    });
    while (
      monitor.drain((_, container) => {
        if (container.identity.id === "flood") delivered++;
      }) > 0
    );
    tick();
    const full = lost.get("ring_full") ?? 0;
    ok(full > 0, "the test loses some");
    deepStrictEqual([delivered + full, counted], [n, n]);
  });
}
