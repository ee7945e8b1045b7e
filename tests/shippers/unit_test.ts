/** The unit that docs/deploying.md gives is one that systemd takes, and enables. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { checkout, has, runProgram } from "../cli/monitor.ts";

const isThere = await has("systemd-analyze");

const page = Deno.readTextFileSync(join(checkout, "docs/deploying.md"));
const [, unit = ""] = /^```systemd\n(.*?)^```$/ms.exec(page) ?? [];

Deno.test({
  name: `deploying: systemd takes the unit${isThere ? "" : " [skipped: no systemd-analyze]"}`,
  ignore: !isThere,
  fn: async () => {
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

Deno.test({
  name: `deploying: systemd enables the unit as the page tells it to${
    isThere ? "" : " [skipped: no systemd-analyze]"
  }`,
  ignore: !isThere,
  fn: async () => {
    const [, command = "", name = ""] = /^systemctl (enable) --now (\w+)$/m.exec(page) ?? [];
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-unit-" });
    try {
      const units = join(folder, "etc/systemd/system");
      Deno.mkdirSync(units, { recursive: true });
      Deno.writeTextFileSync(join(units, "tallyman.service"), unit);
      // Another root: it is not this machine that is to have the service.
      const { code, stderr } = await runProgram("systemctl", `--root=${folder}`, command, name);
      strictEqual(code, 0, stderr);
      Deno.lstatSync(join(units, "multi-user.target.wants/tallyman.service"));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
