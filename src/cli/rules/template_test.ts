import { strictEqual } from "node:assert/strict";
import { idOf } from "./template.ts";

Deno.test("template: a name as an id", () => {
  const ids = {
    hosts_written: "hosts-written",
    HostsWritten: "hosts-written",
    hostsWritten: "hosts-written",
    "hosts-written": "hosts-written",
    Hosts__written_: "hosts-written",
    rule2: "rule2",
  };
  for (const [name, id] of Object.entries(ids)) strictEqual(idOf(name), id);
});
