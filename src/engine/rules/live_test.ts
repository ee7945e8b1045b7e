/** Rules on a stream of calls, which comes from a made-up ring. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { CallEvent, ProcessEvent } from "../../events/mod.ts";
import type { OnProcess } from "../delivery.ts";
import { ProcessTable } from "../../processes/mod.ts";
import type { Alert } from "../../sinks/mod.ts";
import { syscallNumber } from "../../syscalls/mod.ts";
import { SelectedContainers } from "../selection.ts";
import type { Rule } from "./define.ts";
import { closeCall, container, exitedProcess, rule, tickAt } from "./fixtures.ts";
import type { EventFilter } from "./event_filter.ts";
import { type EventSource, LiveRules, type LiveRulesOptions } from "./live.ts";
import { activate } from "./load.ts";
import type { RuleProblem } from "./active_rule.ts";

/**
 * A ring: what was handed over is gone when the batch is over. A batch that is cut short comes again, whole or from
 * the call on that was being handled.
 */
class MadeUpRing implements EventSource {
  readonly processes = new ProcessTable();
  readonly bootTime = 0n;
  readonly calls: CallEvent[];
  /** In the place of some calls. */
  readonly changes = new Map<CallEvent, ProcessEvent>();
  wanted: string[] = [];
  #at = 0;

  constructor(fds: readonly number[], readonly keepsPlace = false) {
    this.calls = fds.map((fd, i) => closeCall(fd, i + 1));
  }

  want(specs: Parameters<EventSource["want"]>[0]): void {
    this.wanted = [...specs.keys()].map(({ nr, abi }) => `${abi} ${nr}`);
  }

  drain(
    onEvent: Parameters<EventSource["drain"]>[0],
    most = 4096,
    onProcess?: OnProcess,
  ): number {
    let at = this.#at;
    let taken = 0;
    try {
      for (; at < this.calls.length && taken < most; taken++) {
        if (this.keepsPlace) this.#at = at;
        const call = this.calls[at++]!;
        const change = this.changes.get(call);
        if (change === undefined) onEvent(call, container("a"));
        else onProcess?.(change, container("a"));
      }
    } finally {
      // V8 does not come here where it cuts.
      this.#at = at;
    }
    return taken;
  }
}

interface Seen {
  readonly alerts: Alert[];
  readonly problems: RuleProblem[];
}

function live(
  ring: MadeUpRing,
  rules: readonly Rule[],
  timeout = 1000,
): LiveRules & { seen: Seen } {
  const seen: Seen = { alerts: [], problems: [] };
  const active = rules.map((each) => activate({ rule: each, file: `/rules/${each.id}.ts` }));
  return Object.assign(
    new LiveRules(ring, active, {
      timeout,
      budget: 100_000,
      onAlert: (alert) => seen.alerts.push(alert),
      onProblem: (problem) => seen.problems.push(problem),
    }),
    { seen },
  );
}

/** A rule that notes what it sees. */
function noting(id: string, notes: number[], onFd: (fd: number) => void = () => {}): Rule {
  return rule(id, {
    evaluate: ({ event }) => {
      onFd(event.args.fd);
      notes.push(event.args.fd);
    },
  });
}

const fds = Array.from({ length: 3000 }, (_, i) => i);

for (const keepsPlace of [false, true]) {
  const how = keepsPlace ? "a ring that keeps its place" : "a ring that brings the batch again";
  Deno.test(`live: where a rule is cut, all others see each event once: ${how}`, () => {
    const [before, behind]: [number[], number[]] = [[], []];
    const ring = new MadeUpRing(fds, keepsPlace);
    using rules = live(ring, [
      noting("before", before),
      noting("loops", [], (fd) => {
        while (fd === 1500);
      }),
      noting("loops-too", [], (fd) => {
        while (fd === 1500);
      }),
      noting("behind", behind),
    ], 80);
    while (rules.drain() > 0);
    deepStrictEqual(before, fds);
    deepStrictEqual(behind, fds);
    deepStrictEqual(rules.seen.problems.map(({ rule, isOff }) => [rule, isOff]), [
      ["loops", true],
      ["loops-too", true],
    ]);
  });
}

Deno.test("live: slow rules are not blamed for each other: a batch ends before it is cut", () => {
  const notes: number[] = [];
  const sleep = () => {
    for (const end = performance.now() + 3; performance.now() < end;);
  };
  using rules = live(new MadeUpRing(fds.slice(0, 100)), [noting("slow", notes, sleep)], 120);
  while (rules.drain() > 0);
  deepStrictEqual(rules.seen.problems, []);
  deepStrictEqual(notes, fds.slice(0, 100));
});

Deno.test("live: others have their turn, however many events there are", () => {
  const sleep = () => {
    for (const end = performance.now() + 1; performance.now() < end;);
  };
  using rules = live(new MadeUpRing(fds), [noting("slow", [], sleep)]);
  const start = performance.now();
  ok(rules.drain() > 0);
  ok(performance.now() - start < 1000);
});

Deno.test("live: the kernel is asked for what rules look at, and no more for those that are off", () => {
  const ring = new MadeUpRing([1]);
  using rules = live(ring, [rule("bad", { evaluate: (() => Promise.resolve()) as never })]);
  ok(ring.wanted.includes(`native ${syscallNumber("close")}`));
  rules.drain();
  rules.tick(tickAt(1000));
  deepStrictEqual(ring.wanted, []);
});

Deno.test("live: an alert has the event that it is about", () => {
  using rules = live(new MadeUpRing([7, 8]), [
    rule("found", { evaluate: ({ event, alert }) => event.args.fd === 7 && alert("seven") }),
  ]);
  rules.drain();
  const [alert] = rules.seen.alerts;
  match(JSON.stringify(alert?.event?.call), /"fd":7/);
  strictEqual(alert?.time, 1n);
});

Deno.test("live: views are to look at: nothing sticks to them, and nobody else is changed", () => {
  const tries: ((event: Record<string, unknown>) => unknown)[] = [
    (event) => event["note"] = 1,
    (event) => (event["args"] as Record<string, unknown>)["note"] = 1,
    (event) => Object.defineProperty(event["args"], "fd", { value: 9 }),
    (event) => (event["process"] as Record<string, unknown>)["comm"] = "x",
    (event) => (event["process"] as Record<string, unknown>)["note"] = "x",
    (event) => (event["container"] as Record<string, unknown>)["name"] = "x",
  ];
  for (const change of tries) {
    const notes: number[] = [];
    using rules = live(new MadeUpRing([1, 2]), [
      rule("bad", {
        evaluate: ({ event }) => void change(event as unknown as Record<string, unknown>),
      }),
      noting("good", notes),
    ]);
    rules.drain();
    match(rules.seen.problems[0]?.message ?? "", /^TypeError/);
    deepStrictEqual(notes, [1, 2]);
  }
});

Deno.test("live: rules are replaced between two events, wherever a batch was cut", () => {
  for (const keepsPlace of [false, true]) {
    const [before, after, other]: [number[], number[], number[]] = [[], [], []];
    const ring = new MadeUpRing(fds, keepsPlace);
    const loops = noting("loops", [], (fd) => {
      while (fd === 1500);
    });
    const kept = noting("kept", other);
    using rules = live(ring, [noting("edited", before), loops, kept], 150);
    // A batch was cut short, and is still to be gone on with.
    while (rules.seen.problems.length === 0) rules.drain();
    const edited = noting("edited", after);
    // In another order: what has seen the open call is not known by its place.
    const active = [kept, edited].map((rule) =>
      activate({ rule, file: `/rules/${rule.id}.ts`, url: `file:///rules/${rule.id}.ts` })
    );
    rules.replace(active);
    while (rules.drain() > 0);
    deepStrictEqual([...before, ...after], fds);
    ok(before.includes(1500) && after.length > 0);
    deepStrictEqual(other, fds);
  }
});

Deno.test("live: what new rules look at is sent at once, what nobody looks at any more is not", () => {
  const ring = new MadeUpRing([]);
  const nr = (name: string) => `native ${syscallNumber(name)}`;
  using rules = live(ring, [rule("one")]);
  const of = (syscall: string) => {
    const definition = { syscalls: [syscall as "close"] };
    return [activate({ rule: rule("one", definition), file: "/rules/one.ts" })];
  };
  rules.replace(of("read"));
  ok(ring.wanted.includes(nr("read")) && !ring.wanted.includes(nr("close")));
  rules.replace([]);
  strictEqual(ring.wanted.length, 0);
  rules.replace(of("close"));
  ok(ring.wanted.includes(nr("close")));
});

for (const keepsPlace of [false, true]) {
  Deno.test(`live: processes are heard in order with calls, once, wherever a rule is cut: ${keepsPlace}`, () => {
    const notes: string[] = [];
    const ring = new MadeUpRing(fds, keepsPlace);
    for (const [at, call] of ring.calls.entries()) {
      if (at % 100 === 50) ring.changes.set(call, exitedProcess(at, call.time));
    }
    using rules = live(ring, [
      rule("notes", {
        evaluate: ({ event }) => void notes.push(String(event.args.fd)),
        onProcess: ({ process, exit }) =>
          void notes.push(`${process.containerPid}!${exit?.signal}`),
      }),
      rule("loops", {
        evaluate: () => {},
        onProcess: ({ process }) => {
          while (process.containerPid === 1550);
        },
      }),
      rule("loops-too", {
        evaluate: ({ event }) => {
          while (event.args.fd === 1551);
        },
      }),
      rule("behind", {
        evaluate: () => {},
        onProcess: ({ process, alert }) => process.containerPid === 1550 && alert("heard"),
      }),
    ], 80);
    while (rules.drain() > 0);
    deepStrictEqual(notes, fds.map((fd) => fd % 100 === 50 ? `${fd}!11` : String(fd)));
    deepStrictEqual(rules.seen.problems.map(({ rule, isOff }) => [rule, isOff]), [
      ["loops", true],
      ["loops-too", true],
    ]);
    deepStrictEqual(rules.seen.alerts.map(({ message }) => message), ["heard"]);
  });
}

/** A container that has no name yet, until it is told. */
class Nameless implements Disposable {
  readonly container = container("a");
  readonly #known = this.container.metadata;

  constructor() {
    this.container.metadata = { state: "pending" };
  }

  tell(): void {
    this.container.metadata = this.#known;
  }

  [Symbol.dispose](): void {
    this.tell();
  }
}

/** Three ways to ask for containers by name or label, each of which asks for `a`, or for others. */
function* asking(name: string, notes: number[], room?: LiveRulesOptions["room"]) {
  const seen: Seen = { alerts: [], problems: [] };
  const plain = noting("notes", notes);
  const options = {
    onAlert: (alert: Alert) => seen.alerts.push(alert),
    onProblem: (problem: RuleProblem) => seen.problems.push(problem),
    room,
  };
  const filter: EventFilter = {
    keeps: ({ metadata }) => metadata.state === "known" && metadata.description.name === name,
    hears: (of, mayWait) =>
      of.metadata.state === "pending" ? mayWait && "not yet" : filter.keeps(of),
    passes: (_call, _event, of, mayWait) => filter.hears(of, mayWait),
    cut: () => {},
  };
  const file = "/rules/notes.ts";
  yield [{ rule: plain, file }, { ...options, selected: new SelectedContainers([name]) }] as const;
  yield [{ rule: { ...plain, filter: { containers: [name] } }, file }, options] as const;
  yield [{ rule: plain, file }, { ...options, filter }] as const;
}

Deno.test("live: events of a container without a name wait for it, and come in their order", () => {
  const notes: number[] = [];
  for (const [loaded, options] of asking("a", notes)) {
    notes.length = 0;
    using nameless = new Nameless();
    const ring = new MadeUpRing([1, 2]);
    using rules = new LiveRules(ring, [activate(loaded)], options);
    rules.drain();
    ring.calls.push(closeCall(3, 3));
    rules.drain();
    deepStrictEqual(notes, []);
    nameless.tell();
    ring.calls.push(closeCall(4, 4));
    rules.drain();
    deepStrictEqual(notes, [1, 2, 3, 4]);
    deepStrictEqual(rules.takeLosses(), []);
  }
});

Deno.test("live: what waited is nobody's if nobody asks for its container", () => {
  const notes: number[] = [];
  for (const [loaded, options] of asking("other", notes)) {
    using nameless = new Nameless();
    const ring = new MadeUpRing([1, 2]);
    using rules = new LiveRules(ring, [activate(loaded)], options);
    rules.drain();
    nameless.tell();
    rules.drain();
    deepStrictEqual([notes, rules.takeLosses()], [[], []]);
  }
});

Deno.test("live: who does not ask by name does not wait for one, and sees each event once", () => {
  using nameless = new Nameless();
  const [named, all]: [number[], number[]] = [[], []];
  const ring = new MadeUpRing([1, 2]);
  using rules = live(ring, [
    { ...noting("named", named), filter: { containers: ["a"] } },
    noting("all", all),
  ]);
  rules.drain();
  deepStrictEqual([named, all], [[], [1, 2]]);
  nameless.tell();
  rules.drain();
  deepStrictEqual([named, all], [[1, 2], [1, 2]]);
});

Deno.test("live: what there is no room for, and what waits for too long, is told as lost", () => {
  const notes: number[] = [];
  const room = { all: 2 ** 20, each: 6000 };
  for (const [loaded, options] of [...asking("a", notes, room)].slice(0, 2)) {
    notes.length = 0;
    using nameless = new Nameless();
    const ring = new MadeUpRing(Array.from({ length: 1000 }, (_, i) => i));
    using rules = new LiveRules(ring, [activate(loaded)], options);
    while (rules.drain() > 0);
    deepStrictEqual(rules.takeLosses(), []);
    nameless.tell();
    rules.drain();
    const [loss, ...more] = rules.takeLosses();
    ok(notes.length > 3, String(notes.length));
    deepStrictEqual(notes, notes.map((_, i) => i));
    deepStrictEqual([loss?.reason, loss?.count], ["name_pending", 1000 - notes.length]);
    deepStrictEqual(more, []);
  }
  for (const [loaded, options] of [...asking("a", notes)].slice(0, 2)) {
    notes.length = 0;
    using nameless = new Nameless();
    const ring = new MadeUpRing([1, 2]);
    using rules = new LiveRules(ring, [activate(loaded)], options);
    rules.drain();
    rules.tick(tickAt(29_000));
    rules.drain();
    rules.tick(tickAt(31_000));
    rules.drain();
    ring.calls.push(closeCall(3, 3));
    rules.drain();
    nameless.tell();
    rules.drain();
    deepStrictEqual(notes, []);
    deepStrictEqual(rules.takeLosses().map(({ count }) => count), [3]);
  }
});

Deno.test("live: at the end nothing waits, and nothing is dropped untold", () => {
  const notes: number[] = [];
  for (const [loaded, options] of [...asking("a", notes)].slice(0, 2)) {
    using nameless = new Nameless();
    const ring = new MadeUpRing([1, 2]);
    using rules = new LiveRules(ring, [activate(loaded)], options);
    rules.drain();
    strictEqual(rules.isWaiting, true);
    rules.waitNoLonger();
    ring.calls.push(closeCall(3, 3));
    rules.drain();
    strictEqual(rules.isWaiting, false);
    nameless.tell();
    deepStrictEqual([notes, rules.takeLosses().map(({ count }) => count)], [[], [3]]);
  }
});

Deno.test("live: what happens to processes waits with their calls", () => {
  using nameless = new Nameless();
  const told: string[] = [];
  const ring = new MadeUpRing([1, 2, 3]);
  ring.changes.set(ring.calls[1]!, exitedProcess(7, 2n));
  using rules = live(ring, [{
    ...rule("both", {
      evaluate: ({ event }) => void told.push(`close ${event.args.fd}`),
      onProcess: ({ action, process }) => void told.push(`${action} ${process.containerPid}`),
    }),
    filter: { containers: ["a"] },
  }]);
  rules.drain();
  deepStrictEqual(told, []);
  nameless.tell();
  rules.drain();
  deepStrictEqual(told, ["close 1", "exited 7", "close 3"]);
});

Deno.test("live: a rule that never returns is cut out of what has waited, and the others see all of it", () => {
  using nameless = new Nameless();
  const notes: number[] = [];
  const filter = { containers: ["a"] };
  using rules = live(new MadeUpRing([1, 2, 3]), [
    {
      ...rule("loops", {
        evaluate: ({ event }) => {
          while (event.args.fd === 2);
        },
      }),
      filter,
    },
    { ...noting("notes", notes), filter },
  ], 80);
  rules.drain();
  nameless.tell();
  rules.drain();
  deepStrictEqual(notes, [1, 2, 3]);
  deepStrictEqual(rules.seen.problems.map(({ rule, isOff }) => [rule, isOff]), [["loops", true]]);
});
