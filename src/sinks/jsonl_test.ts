import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { anyContainer, anyCounts, container, tally, tickAt } from "./fixtures.ts";
import { inBytes, meant } from "./json_fixtures.ts";
import { JsonlSink } from "./jsonl.ts";
import type { ContainerChange } from "./sink.ts";

/** Keeps what is written, some bytes at a time. */
class Pipe implements Disposable {
  readonly #most: number;
  readonly #bytes: number[] = [];
  calls = 0;
  closed = false;

  constructor(most = Infinity) {
    this.#most = most;
  }

  writeSync(bytes: Uint8Array): number {
    this.calls++;
    const taken = bytes.subarray(0, this.#most);
    this.#bytes.push(...taken);
    return taken.length;
  }

  get text(): string {
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(this.#bytes));
  }

  /** Each line as a record. */
  get records() {
    const { text } = this;
    if (text === "") return [];
    ok(text.endsWith("\n"), "the last line has no end");
    return text.slice(0, -1).split("\n").map((each) => JSON.parse(each));
  }

  [Symbol.dispose](): void {
    this.closed = true;
  }
}

function change(
  action: ContainerChange["action"],
  of: ContainerChange["container"],
): ContainerChange {
  return { action, container: of, time: 1_000_000_000n };
}

Deno.test("jsonl: a tick is one write, and an empty one is none", () => {
  const pipe = new Pipe();
  const web = container("web");
  using sink = new JsonlSink(pipe);
  const tallies = [tally(web, { read: 2 }, { read: 2 }), tally(container("db"), {}, { brk: 1 })];
  sink.write(tickAt(1000, tallies, { changes: [change("seen", web)] }));
  strictEqual(pipe.calls, 1);
  strictEqual(pipe.records.length, 3);
  sink.write(tickAt(2000, [tally(web, { read: 2 })]));
  sink.write(tickAt(3000));
  strictEqual(pipe.calls, 1);
});

Deno.test("jsonl: a write that is cut short is gone on with", () => {
  const [whole, cut] = [new Pipe(), new Pipe(3)];
  const tick = tickAt(1000, [tally(container("名前🐳"), { read: 2 }, { read: 2 })]);
  new JsonlSink(whole).write(tick);
  new JsonlSink(cut).write(tick);
  strictEqual(cut.text, whole.text);
  ok(cut.calls > 10);
});

Deno.test("jsonl: a container is told of before its tallies, and its end after them", () => {
  const pipe = new Pipe();
  const [web, db] = [container("web"), container("db")];
  using sink = new JsonlSink(pipe);
  const changes = [change("stopped", db), change("started", web), change("updated", db)];
  const tallies = [tally(db, { read: 1 }, { read: 1 }), tally(web, { brk: 1 }, { brk: 1 })];
  sink.write(tickAt(1000, tallies, { changes }));
  deepStrictEqual(
    pipe.records.map(({ type, action, container }) => `${action ?? type} ${container.id}`),
    ["started web", "updated db", "tally db", "tally web", "stopped db"],
  );
});

Deno.test("jsonl: every tick of any containers is lines of JSON that name them", () => {
  const told = fc.record({ of: anyContainer, total: anyCounts, new: anyCounts });
  fc.assert(fc.property(fc.array(told, { maxLength: 4 }), (all) => {
    const pipe = new Pipe();
    using sink = new JsonlSink(pipe);
    const tallies = all.map(({ of, ...calls }) => ({ container: of, ...calls }));
    sink.write(tickAt(0, tallies, { changes: all.map(({ of }) => change("seen", of)) }));
    const called = all.filter((each) => each.new.size > 0);
    const expected = [...all, ...called].map(({ of }) => of.identity.id);
    const ids = pipe.records.map((record) => Object(meant(record)).container.id);
    deepStrictEqual(ids, expected.map(inBytes));
    strictEqual(pipe.text.split(/\r|\n|\u2028|\u2029|\x85/).length, expected.length + 1);
  }));
});

Deno.test("jsonl: the output is closed with the sink, and its errors are the caller's", () => {
  const pipe = new Pipe();
  new JsonlSink(pipe)[Symbol.dispose]();
  ok(pipe.closed);
  const broken = {
    writeSync() {
      throw new Deno.errors.BrokenPipe("nobody reads");
    },
  };
  using sink = new JsonlSink(broken);
  const tick = tickAt(0, [tally(container("web"), { read: 1 }, { read: 1 })]);
  throws(() => sink.write(tick), Deno.errors.BrokenPipe);
});
