import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { guarded, TimedOut } from "./guard.ts";

Deno.test("guard: gives what the function gives, and throws what it throws", () => {
  strictEqual(guarded(() => 5, 1000), 5);
  throws(() =>
    guarded(() => {
      throw new RangeError("mine");
    }, 1000), { name: "RangeError", message: "mine" });
});

Deno.test("guard: one in another", () => {
  strictEqual(guarded(() => guarded(() => 5, 1000), 1000), 5);
});

Deno.test("guard: cuts what runs too long, and says that it was busy", () => {
  let isBusy = false;
  // Where others keep the machine busy it gets too little of it, now and then.
  for (let tries = 0; !isBusy && tries < 50; tries++) {
    throws(
      () =>
        guarded(() => {
          for (;;);
        }, 100),
      (error) => {
        isBusy = error instanceof TimedOut && error.isBusy;
        return error instanceof TimedOut;
      },
    );
  }
  ok(isBusy);
  strictEqual(guarded(() => 5, 1000), 5);
});

Deno.test("guard: who was stopped was not busy", async () => {
  const fixtures = new URL("./fixtures.ts", import.meta.url).href;
  // It stops itself, and somebody else lets it go on: as if the machine had been asleep.
  const code = `
    import { rule, Trial } from ${JSON.stringify(fixtures)};
    let stops = 0;
    const trial = new Trial([
      rule("innocent", { evaluate: ({ alert }) => {
        if (stops++ === 0) {
          new Deno.Command("sh", { args: ["-c", "(sleep 0.6; kill -CONT " + Deno.pid + ") >/dev/null 2>&1 &"] }).outputSync();
          Deno.kill(Deno.pid, "SIGSTOP");
          for (const end = performance.now() + 20; performance.now() < end;);
        }
        alert("seen");
      } }),
    ], { timeout: 300 });
    trial.close();
    const again = trial.set.done;
    trial.close(1);
    console.log(JSON.stringify([trial.told, trial.messages, again, stops]));
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] })
    .output();
  const [told, messages, again, stops] = JSON.parse(new TextDecoder().decode(stdout) || "[]");
  ok(told !== undefined, new TextDecoder().decode(stderr));
  // It was cut, is not blamed, has not seen the event to its end, and goes on.
  deepStrictEqual([told, messages, again, stops], [[], ["seen"], 0, 2]);
});
