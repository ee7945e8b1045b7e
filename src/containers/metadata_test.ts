import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Description, Identity } from "./container.ts";
import { type Engine, EngineError } from "./engine.ts";
import { type Described, MetadataFinder } from "./metadata.ts";

/** An engine that answers as it is told. */
class FakeEngine implements Engine {
  readonly name = "docker";
  readonly #answer: (asked: number, identity: Identity) =>
    | Description
    | undefined
    | Promise<
      Description | undefined
    >;
  asked = 0;
  /** Asked and not answered yet, now and at most. */
  open = 0;
  most = 0;

  constructor(
    answer: (asked: number, identity: Identity) =>
      | Description
      | undefined
      | Promise<
        Description | undefined
      >,
  ) {
    this.#answer = answer;
  }

  async describe(identity: Identity): Promise<Description | undefined> {
    this.most = Math.max(this.most, ++this.open);
    try {
      return await this.#answer(++this.asked, identity);
    } finally {
      this.open--;
    }
  }

  status() {
    return Promise.resolve({ state: "reached" as const, where: "here" });
  }

  [Symbol.dispose](): void {}
}

function described(id = "a", runtime: Identity["runtime"] = "docker"): Described {
  return { identity: { runtime, id, cgroup: `/docker/${id}` }, metadata: { state: "pending" } };
}

/** Waits until something is so: what is to happen happens by itself, soon. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 5000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  ok(isSo(), "it never was so");
}

const long = 60_000;

Deno.test("metadata: what an engine says is known", async () => {
  using finder = new MetadataFinder(() => [new FakeEngine(() => ({ name: "web" }))]);
  const container = described();
  finder.find(container);
  strictEqual(container.metadata.state, "pending");
  await finder.settled(long);
  deepStrictEqual(container.metadata, { state: "known", description: { name: "web" } });
});

Deno.test("metadata: the next engine is asked if one throws or does not know", async () => {
  const broken = new FakeEngine(() => {
    throw new EngineError("docker", "nonsense");
  });
  const ignorant = new FakeEngine(() => undefined);
  const good = new FakeEngine(() => ({ name: "web" }));
  const never = new FakeEngine(() => ({ name: "not asked" }));
  using finder = new MetadataFinder(() => [broken, ignorant, good, never]);
  const container = described();
  finder.find(container);
  await finder.settled(long);
  deepStrictEqual(container.metadata, { state: "known", description: { name: "web" } });
  deepStrictEqual([broken, ignorant, good, never].map(({ asked }) => asked), [1, 1, 1, 0]);
});

Deno.test("metadata: asked again, since a name may come a little later", async () => {
  const engine = new FakeEngine((asked) => asked < 3 ? undefined : { name: "web" });
  using finder = new MetadataFinder(() => [engine], [1, 1, 1, 1]);
  const container = described();
  finder.find(container);
  await until(() => container.metadata.state === "known");
  strictEqual(engine.asked, 3);
});

Deno.test("metadata: unknown after the last try, with the reason that the engine had", async () => {
  const engine = new FakeEngine(() => {
    throw new EngineError("docker", "no answer within 2 s");
  });
  using finder = new MetadataFinder(() => [engine], [1, 1]);
  const container = described();
  finder.find(container);
  await until(() => container.metadata.state === "unknown");
  deepStrictEqual(container.metadata, {
    state: "unknown",
    reason: "asking docker: no answer within 2 s",
  });
  strictEqual(engine.asked, 3);
});

Deno.test("metadata: unknown without engines, and where none knows it", async () => {
  for (const engines of [[], [new FakeEngine(() => undefined)]]) {
    using finder = new MetadataFinder(() => engines, []);
    const container = described();
    finder.find(container);
    await finder.settled(long);
    deepStrictEqual(container.metadata, { state: "unknown", reason: "no engine knows it" });
  }
});

Deno.test("metadata: who could have said a name, but could not be asked, is asked again", async () => {
  const nameless = { image: { name: "nginx:1.27" } };
  for (const [answers, name] of [[1, "web"], [Infinity, undefined]] as const) {
    const busy = new FakeEngine((asked) => {
      if (asked <= answers) throw new EngineError("docker", "busy");
      return { name: "web" };
    });
    using finder = new MetadataFinder(() => [new FakeEngine(() => nameless), busy], [1]);
    const container = described();
    finder.find(container);
    await until(() => container.metadata.state === "known");
    strictEqual(busy.asked, 2);
    deepStrictEqual(container.metadata, {
      state: "known",
      description: name === undefined ? nameless : { name },
    });
  }
});

Deno.test("metadata: a thing thrown that is no error is a reason too", async () => {
  const engine = new FakeEngine(() => Promise.reject("a text"));
  using finder = new MetadataFinder(() => [engine], []);
  const container = described();
  finder.find(container);
  await finder.settled(long);
  deepStrictEqual(container.metadata, { state: "unknown", reason: "a text" });
});

Deno.test("metadata: what has no engine is called by its id, at once", () => {
  using finder = new MetadataFinder(() => {
    throw new Error("no engine is to be asked");
  });
  for (const runtime of ["lxc", "systemd-nspawn", "tallyman", "host", "overflow"] as const) {
    const container = described("web", runtime);
    finder.find(container);
    deepStrictEqual(container.metadata, { state: "known", description: { name: "web" } });
  }
});

Deno.test("metadata: the engines that may know a container are chosen by its identity", async () => {
  const [docker, podman] = [
    new FakeEngine((_, { id }) => ({ name: `docker's ${id}` })),
    new FakeEngine((_, { id }) => ({ name: `podman's ${id}` })),
  ];
  using finder = new MetadataFinder(({ runtime }) => [runtime === "podman" ? podman : docker]);
  const container = described("b", "podman");
  finder.find(container);
  await finder.settled(long);
  deepStrictEqual(container.metadata, { state: "known", description: { name: "podman's b" } });
});

Deno.test("metadata: an engine that hangs keeps nobody waiting longer than was said", async () => {
  const answer = Promise.withResolvers<Description>();
  using finder = new MetadataFinder(() => [new FakeEngine(() => answer.promise)]);
  const container = described();
  finder.find(container);
  await finder.settled(5);
  strictEqual(container.metadata.state, "pending");
  answer.resolve({ name: "late" });
  await finder.settled(long);
  deepStrictEqual(container.metadata, { state: "known", description: { name: "late" } });
  await finder.settled(long);
});

Deno.test("metadata: never more than eight at once, tries after the first among them", async () => {
  const answers: PromiseWithResolvers<Description | undefined>[] = [];
  const engine = new FakeEngine((asked) => {
    // All containers are unknown at first, and known when they are asked for again.
    if (asked <= 20) return undefined;
    const answer = Promise.withResolvers<Description | undefined>();
    answers.push(answer);
    return answer.promise;
  });
  using finder = new MetadataFinder(() => [engine], [1, 1]);
  const containers = Array.from({ length: 20 }, (_, i) => described(String(i)));
  for (const container of containers) finder.find(container);
  await until(() => answers.length >= 8);
  // Time for those that should not be asked yet.
  await new Promise((resolve) => setTimeout(resolve, 30));
  strictEqual(engine.open, 8);
  while (containers.some(({ metadata }) => metadata.state === "pending")) {
    for (const answer of answers.splice(0)) answer.resolve({ name: "web" });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  strictEqual(engine.most, 8);
  strictEqual(engine.asked, 40);
});

Deno.test("metadata: disposed of, nothing is waited for, asked or changed any more", async () => {
  const answer = Promise.withResolvers<Description>();
  const slow = new FakeEngine(() => answer.promise);
  const ignorant = new FakeEngine(() => undefined);
  const finder = new MetadataFinder(({ id }) => [id === "slow" ? slow : ignorant], [long, long]);
  const containers = [described("slow"), described("retried")];
  for (const container of containers) finder.find(container);
  await until(() => ignorant.asked === 1 && ignorant.open === 0);
  finder[Symbol.dispose]();
  answer.resolve({ name: "too late" });
  await answer.promise;
  finder.find(described("after the end"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const { metadata } of containers) strictEqual(metadata.state, "pending");
  strictEqual(ignorant.asked, 1);
});
