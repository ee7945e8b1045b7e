import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Container, Description } from "../containers/mod.ts";
import { type ContainerChange, makeTick, type Tick } from "../sinks/mod.ts";
import { globToRegExp } from "../syscalls/mod.ts";
import { namesOf, Patterns, Selection } from "./selection.ts";
import { Tally } from "./tally.ts";

const id = "46cdd5404e55205470110a55adb4b9ae12a6431d1fca5115a16707c374f2e55c";

function container(id: string, description?: Description): Container {
  return {
    identity: { runtime: "docker", id, cgroup: `/docker/${id}` },
    metadata: description === undefined ? { state: "pending" } : { state: "known", description },
    v1: false,
    origin: "started",
    since: 0n,
    state: "running",
  };
}

/** Containers that call, and ticks of them as the monitor makes them. */
class Machine {
  readonly #tallies = new Map<Container, Tally>();
  #changes: ContainerChange[] = [];
  #time = 0n;

  /** @param tally Of the same container's last run. */
  start(container: Container, tally: Tally = new Tally()): void {
    this.#tallies.set(container, tally);
    this.change("started", container);
  }

  call(container: Container, syscall: string, calls = 1): void {
    this.#tallies.get(container)?.add(syscall, calls);
  }

  change(action: ContainerChange["action"], container: Container): void {
    this.#changes.push({ action, container, time: this.#time });
  }

  tick(): Tick {
    const changes = this.#changes;
    this.#changes = [];
    const tallies = [...this.#tallies].map(([container, tally]) => ({
      container,
      total: tally.total,
      new: tally.take(),
    }));
    for (const { action, container } of changes) {
      if (action === "stopped") this.#tallies.delete(container);
    }
    return makeTick(this.#time++, { changes, tallies });
  }
}

/** `started web`; `web read 2 of 5, brk 1 of 1`. */
function summary({ changes, tallies }: Tick): string[] {
  return [
    ...changes.map(({ action, container }) => `${action} ${container.identity.id}`),
    ...tallies.map(({ container, total, new: added }) => {
      const calls = [...total].map(([name, all]) => `${name} ${added.get(name) ?? 0} of ${all}`);
      return `${container.identity.id}: ${calls.join(", ")}`;
    }),
  ];
}

function matches(glob: string, text: string): boolean {
  return globToRegExp(glob).test(text);
}

Deno.test("globs: any text, any character, one of some", () => {
  ok(matches("web-*", "web-"));
  ok(matches("web-*", "web-1\nand more"));
  ok(!matches("web-*", "my-web-1"));
  ok(matches("*", ""));
  ok(matches("web-?", "web-1"));
  ok(!matches("web-?", "web-"));
  ok(matches("?", "🐳"), "a character of two code units is one");
  ok(matches("web-[ab]", "web-b"));
  ok(matches("web-[a-c1]", "web-1"));
  ok(!matches("web-[a-c1]", "web-d"));
  ok(matches("web-[!ab]", "web-c"));
  ok(!matches("web-[!ab]", "web-b"));
  ok(matches("[\\]", "\\"));
});

Deno.test("globs: brackets that are no class are text", () => {
  for (const glob of ["[]", "[!]", "[^]", "a[", "]", "[z-a]", "web-[z-a]"]) {
    ok(matches(glob, glob), glob);
    ok(!matches(glob, "web-z"), glob);
  }
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."[]!^-\\*?az/{}()|.+$") }),
);

Deno.test("globs: none throws", () => {
  fc.assert(fc.property(anyText, anyText, (glob, text) => {
    globToRegExp(glob).test(text);
    new Patterns([glob, `!${glob}`]).select([text]);
  }));
});

Deno.test("globs: without *, ? and [ a glob matches itself and nothing else", () => {
  fc.assert(fc.property(anyText, anyText, (glob, text) => {
    fc.pre(!/[*?[]/.test(glob));
    ok(matches(glob, glob));
    strictEqual(matches(glob, text), glob === text);
  }));
});

Deno.test("globs: * stands for any text", () => {
  fc.assert(fc.property(anyText, anyText, anyText, (before, between, after) => {
    fc.pre(!/[*?[]/.test(before + after));
    ok(matches(`${before}*${after}`, before + between + after));
  }));
});

Deno.test("patterns: one has to match, and none after ! may", () => {
  const select = (globs: string[], ...names: string[]) => new Patterns(globs).select(names);
  ok(select([], "web"));
  ok(select(["web", "db"], "db"));
  ok(!select(["web", "db"], "cache"));
  ok(select(["!db"], "web"));
  ok(!select(["!db"], "db"));
  ok(!select(["*", "!db*"], "db-1"));
  // All are names of one thing: one that is unwanted is enough.
  ok(!select(["web", "!nginx:*"], "web", "nginx:1.27"));
  ok(select(["nginx:*"], "web", "nginx:1.27"));
});

Deno.test("names: id, short id, name, image, pod", () => {
  deepStrictEqual(namesOf(container(id)), [id, "46cdd5404e55", "46cdd5404e55"]);
  const names = namesOf(container(id, {
    name: "k8s_nginx",
    image: { name: "nginx:1.27", id: "sha256:4f06" },
    pod: { name: "web-1", namespace: "shop", container: "nginx" },
  }));
  for (
    const name of [
      id,
      "46cdd5404e55",
      "shop/web-1/nginx",
      "k8s_nginx",
      "nginx:1.27",
      "sha256:4f06",
      "web-1",
      "nginx",
    ]
  ) ok(names.includes(name), name);
});

Deno.test("selection: without patterns everything is passed on", () => {
  const machine = new Machine();
  const selection = new Selection([], []);
  const web = container("web", {});
  machine.start(web);
  machine.call(web, "read", 2);
  deepStrictEqual(summary(selection.apply(machine.tick())), ["started web", "web: read 2 of 2"]);
  machine.call(web, "read", 3);
  machine.change("stopped", web);
  deepStrictEqual(summary(selection.apply(machine.tick())), ["stopped web", "web: read 3 of 5"]);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
});

Deno.test("selection: only the containers that were asked for, by name, image, id or short id", () => {
  const [web, db] = [
    container(id, { name: "web", image: { name: "nginx:1.27" } }),
    container("db", {}),
  ];
  const told = (pattern: string) => {
    const machine = new Machine();
    for (const each of [web, db]) machine.start(each);
    const { changes, tallies } = new Selection([pattern], []).apply(machine.tick());
    deepStrictEqual(
      tallies.map((tally) => tally.container),
      changes.map((change) => change.container),
    );
    return tallies.map((tally) => tally.container);
  };
  for (const pattern of ["web", "nginx:*", id, "46cdd5404e55", "46cdd*", "!db"]) {
    deepStrictEqual(told(pattern), [web], pattern);
  }
  deepStrictEqual(told("!web"), [db]);
  deepStrictEqual(told("nobody"), []);
});

Deno.test("selection: only the syscalls that were asked for, in what is new and in all", () => {
  const machine = new Machine();
  const selection = new Selection([], ["open*", "!open_by*"]);
  const web = container("web", {});
  machine.start(web);
  for (const syscall of ["openat", "open_by_handle_at", "read", "openat2"]) {
    machine.call(web, syscall);
  }
  deepStrictEqual(summary(selection.apply(machine.tick())), [
    "started web",
    "web: openat 1 of 1, openat2 1 of 1",
  ]);
  machine.call(web, "read");
  const { tallies: [tally] } = selection.apply(machine.tick());
  strictEqual(tally?.new.size, 0);
  deepStrictEqual([...tally.total.keys()], ["openat", "openat2"]);
});

Deno.test("selection: a name that comes later: all that was held back is told then", () => {
  const machine = new Machine();
  const selection = new Selection(["web"], []);
  const web = container(id);
  machine.start(web);
  machine.call(web, "read", 2);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
  machine.call(web, "read", 3);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
  machine.call(web, "brk", 1);
  web.metadata = { state: "known", description: { name: "web" } };
  machine.change("updated", web);
  const told = selection.apply(machine.tick());
  deepStrictEqual(summary(told), [`started ${id}`, `${id}: read 5 of 5, brk 1 of 1`]);
  // When it started, not when its name came.
  strictEqual(told.changes[0]?.time, 0n);
  machine.call(web, "read", 1);
  deepStrictEqual(summary(selection.apply(machine.tick())), [`${id}: read 1 of 6, brk 0 of 1`]);
});

Deno.test("selection: a name that comes with the end: beginning, tally and end are told", () => {
  const machine = new Machine();
  const selection = new Selection(["web"], []);
  const web = container(id);
  machine.start(web);
  machine.call(web, "read", 2);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
  web.metadata = { state: "known", description: { name: "web" } };
  machine.change("stopped", web);
  deepStrictEqual(summary(selection.apply(machine.tick())), [
    `started ${id}`,
    `stopped ${id}`,
    `${id}: read 2 of 2`,
  ]);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
});

Deno.test("selection: a container that is renamed goes on being told of", () => {
  const machine = new Machine();
  const selection = new Selection(["web"], []);
  const web = container(id, { name: "web" });
  machine.start(web);
  selection.apply(machine.tick());
  web.metadata = { state: "known", description: { name: "old" } };
  machine.change("updated", web);
  machine.call(web, "read");
  deepStrictEqual(summary(selection.apply(machine.tick())), [
    `updated ${id}`,
    `${id}: read 1 of 1`,
  ]);
});

Deno.test("selection: what was told before a restart is not new after it", () => {
  const machine = new Machine();
  const selection = new Selection(["web"], []);
  const tally = new Tally();
  const first = container(id, { name: "web" });
  machine.start(first, tally);
  machine.call(first, "read", 5);
  machine.change("stopped", first);
  deepStrictEqual(summary(selection.apply(machine.tick())).at(-1), `${id}: read 5 of 5`);
  const again = container(id);
  machine.start(again, tally);
  machine.call(again, "read", 2);
  deepStrictEqual(summary(selection.apply(machine.tick())), []);
  again.metadata = { state: "known", description: { name: "web" } };
  machine.change("updated", again);
  machine.call(again, "read", 1);
  deepStrictEqual(summary(selection.apply(machine.tick())), [
    `started ${id}`,
    `${id}: read 3 of 8`,
  ]);
});

Deno.test("selection: whenever a name comes, what was told as new adds up to the total", () => {
  const step = fc.constantFrom("read", "brk", "tick", "name");
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const machine = new Machine();
    const selection = new Selection(["web"], []);
    const web = container(id);
    const sums = new Map<string, number>();
    let total: ReadonlyMap<string, number> = new Map();
    const tick = () => {
      for (const tally of selection.apply(machine.tick()).tallies) {
        for (const [name, n] of tally.new) sums.set(name, (sums.get(name) ?? 0) + n);
        total = tally.total;
      }
    };
    machine.start(web);
    const name = () => {
      if (web.metadata.state === "known") return;
      web.metadata = { state: "known", description: { name: "web" } };
      machine.change("updated", web);
    };
    for (const each of steps) {
      if (each === "tick") tick();
      else if (each === "name") name();
      else machine.call(web, each);
    }
    name();
    tick();
    deepStrictEqual(new Map([...sums].sort()), new Map([...total].sort()));
  }));
});
