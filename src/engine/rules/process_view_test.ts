import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { lookAt } from "./process_view.ts";

class Kept {
  #hidden = 5;
  comm = "sh";
  argv: readonly string[] = ["sh", "-c"];
  parent = { pid: 1 };
  get hidden(): number {
    return this.#hidden;
  }
  end(): void {
    this.comm = "ended";
  }
}

Deno.test("process view: what is the table's can be looked at, and not changed", () => {
  const kept = new Kept();
  const view = lookAt(kept);
  deepStrictEqual([view.comm, view.hidden, [...view.argv], view.parent.pid], [
    "sh",
    5,
    ["sh", "-c"],
    1,
  ]);
  strictEqual(view.end, undefined);
  throws(() => view.comm = "x", TypeError);
  throws(() => view.parent.pid = 5, TypeError);
  throws(() => (view.argv as string[]).push("x"), TypeError);
  throws(() => Reflect.deleteProperty(view, "comm"), TypeError);
  strictEqual(lookAt(kept), view);
  // The table itself goes on as before.
  kept.end();
  strictEqual(view.comm, "ended");
});
