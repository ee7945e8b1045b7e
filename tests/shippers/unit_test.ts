/** The unit that docs/deploying.md gives is one that systemd takes. */
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { checkout, has, runProgram } from "../cli/monitor.ts";

const isThere = await has("systemd-analyze");

Deno.test({
  name: `deploying: systemd takes the unit${isThere ? "" : " [skipped: no systemd-analyze]"}`,
  ignore: !isThere,
  fn: async () => {
    const page = Deno.readTextFileSync(join(checkout, "docs/deploying.md"));
    const [, unit = ""] = /^```systemd\n(.*?)^```$/ms.exec(page) ?? [];
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-unit-" });
    try {
      const file = join(folder, "tallyman.service");
      Deno.writeTextFileSync(
        file,
        unit.replaceAll("/opt/tallyman", checkout).replaceAll(
          "/usr/local/bin/deno",
          Deno.execPath(),
        ),
      );
      const { code, stderr } = await runProgram("systemd-analyze", "verify", "--man=no", file);
      const ours = stderr.split("\n").filter((line) => line.includes("tallyman.service"));
      deepStrictEqual([code, ours], [0, []]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
