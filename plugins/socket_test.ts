import { rejects, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { PluginTrial } from "tallyman/testing";
import plugin from "./socket.ts";

Deno.test("socket: it connects when there is something to write, and again after the other side went away", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-socket-" });
  try {
    const path = join(folder, "x.sock");
    const trial = new PluginTrial(plugin, { url: `unix:${path}` });
    await rejects(trial.write({ n: 1 }), Deno.errors.NotFound);
    for (const n of [2, 3]) {
      using server = Deno.listen({ transport: "unix", path });
      let isAccepted = false;
      const accepted = server.accept().finally(() => isAccepted = true);
      // A stream tells some time later that the other side has gone.
      while (!isAccepted) {
        await trial.write({ n }).catch(() => 0);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const connection = await accepted;
      const bytes = new Uint8Array(100);
      const count = await connection.read(bytes) ?? 0;
      const [line] = new TextDecoder().decode(bytes.subarray(0, count)).split("\n");
      strictEqual(line, `{"n":${n}}`);
      connection.close();
    }
    await trial.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("socket: what is no address", () => {
  for (
    const url of ["", "unix:", "unix:x", "tcp://host", "tcp://:1", "tcp://h:0", "tcp://h:99999"]
  ) {
    throws(() => new PluginTrial(plugin, { url }), /url: expected unix:\/PATH or tcp:/, url);
  }
  for (const url of ["unix:/x", "tcp://h:1", "tcp://[::1]:65535"]) new PluginTrial(plugin, { url });
});
