/** A container that is made again at the path of the one before it, time after time, faster than anybody looks. */
import { ok, strictEqual } from "node:assert/strict";
import { Cgroups } from "../../src/containers/mod.ts";
import { kernelTest, program, scaled, until, Watched } from "./fixture.ts";

const rounds = scaled(400, 50);
const calls = 50;

kernelTest(
  "restarts: of a container that is made again and again every call is counted",
  async () => {
    const cgroups = Cgroups.read();
    const top = cgroups.folder("/") ?? cgroups.folder("/", "memory");
    ok(top !== undefined);
    const parent = `${top}/restarts-${Deno.pid}`;
    Deno.mkdirSync(parent);
    try {
      const ids = [1, 2].map((i) => i.toString(16).padStart(64, "0"));
      using watched = new Watched();
      const running = ids.map((id) =>
        new Deno.Command(program("restarts"), {
          args: [`${parent}/${id}`, String(rounds), String(calls)],
        }).spawn().status
      );
      const all = Promise.all(running);
      let isOver = false;
      void all.then(() => isOver = true);
      await until("the last round", async () => {
        await watched.tick();
        return isOver;
      });
      for (const { code } of await all) strictEqual(code, 0);
      // Those that were met last are read, and their slots given back.
      await watched.tick(6);
      watched.assertCalls("getppid", Object.fromEntries(ids.map((id) => [id, rounds * calls])));
      // Told in turns: nobody is there twice.
      for (const id of ids) {
        const actions = watched.actions(id).filter((action) => action !== "updated");
        ok(actions.every((action, i) => action === (i % 2 === 0 ? "started" : "stopped")), id);
      }
    } finally {
      Deno.removeSync(parent);
    }
  },
);
