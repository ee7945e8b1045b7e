import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Clock, Debounce } from "./debounce.ts";

/** Time that goes by when it is told to. */
class VirtualClock implements Clock {
  #now = 0;
  #waiting: { readonly at: number; readonly call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.#now + milliseconds, call };
    this.#waiting.push(entry);
    return () => this.#waiting = this.#waiting.filter((each) => each !== entry);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next.call();
    }
    this.#now = end;
  }
}

function trial() {
  const clock = new VirtualClock();
  const calls: number[] = [];
  const debounce = new Debounce(() => calls.push(clock.now()), 100, 1000, clock);
  return { clock, calls, debounce };
}

Deno.test("debounce: once, when there was quiet", () => {
  const { clock, calls, debounce } = trial();
  for (let i = 0; i < 5; i++) {
    debounce.happened();
    clock.pass(50);
  }
  deepStrictEqual(calls, []);
  clock.pass(1000);
  deepStrictEqual(calls, [300]);
  debounce.happened();
  clock.pass(1000);
  deepStrictEqual(calls, [300, 1350]);
});

Deno.test("debounce: there may be no quiet for long", () => {
  const { clock, calls, debounce } = trial();
  for (let i = 0; i < 40; i++) {
    debounce.happened();
    clock.pass(50);
  }
  deepStrictEqual(calls, [1000, 2000]);
});

Deno.test("debounce: another length of quiet, and none after it was disposed", () => {
  const { clock, calls, debounce } = trial();
  debounce.happened(500);
  clock.pass(499);
  deepStrictEqual(calls, []);
  clock.pass(1);
  deepStrictEqual(calls, [500]);
  debounce.happened();
  debounce[Symbol.dispose]();
  clock.pass(1000);
  deepStrictEqual(calls, [500]);
  strictEqual(clock.waiting, 0);
});

Deno.test("debounce: nothing that happens is left without a call, none comes of nothing", () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 400 }), { minLength: 1 }), (pauses) => {
    const { clock, calls, debounce } = trial();
    const happened: number[] = [];
    for (const pause of pauses) {
      clock.pass(pause);
      happened.push(clock.now());
      debounce.happened();
    }
    clock.pass(2000);
    for (const at of happened) ok(calls.some((call) => call >= at && call <= at + 1000));
    for (const call of calls) ok(happened.some((at) => at <= call && at >= call - 1000));
    ok(calls.length <= happened.length);
  }));
});
