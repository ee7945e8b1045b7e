/** Whatever becomes of standard error, and of what rules have begun, the monitor goes on to its last tick. */
import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { recordsOf, root, run } from "./monitor.ts";

/** It fails at every tick, at once and later; and what it shows is told on standard error as well. */
const rule = `import { defineRule } from "tallyman";
export default defineRule({
  id: "my-failing",
  title: "It fails",
  severity: "info",
  limit: { burst: 1000, per: "1h" },
  onTally({ alert }) {
    alert("looked");
    console.log("shown");
    void fetch("http://127.0.0.1:1/");
    setTimeout(() => { throw "a text"; });
  },
});
`;

const ways = {
  "on a full disk": "exec 2>/dev/full; exec",
  "closed": "exec 2>&-; exec",
  "a pipe that nobody reads": "exec 2> >(exec true); sleep 0.2; exec",
} as const;

for (const [what, shell] of Object.entries(ways)) {
  Deno.test(`standard error ${what}: the monitor goes on`, root, async () => {
    const folder = await Deno.makeTempDir({ prefix: "tallyman-stderr-" });
    try {
      const [file, written] = [join(folder, "failing.ts"), join(folder, "out.jsonl")];
      await Deno.writeTextFile(file, rule);
      const before = ["bash", "-c", `${shell} "$@"`, "bash"];
      const args = ["demo", "--no-default-rules", "--rules", file, "--jsonl", written];
      const { code } = await run([...args, "-i", "100ms", "-d", "1500ms"], { before });
      strictEqual(code, 0);
      const records = recordsOf(await Deno.readTextFile(written));
      strictEqual(records.at(-1)?.["state"], "stopped");
      ok(records.some(({ type, message }) => type === "alert" && message === "looked"));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
