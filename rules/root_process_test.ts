import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./root_process.ts";

const exec = (uid: number, name: string, image: string) =>
  event("execve", { path: "/srv/api" }, {
    process: { uid },
    executed: { exe: "/srv/api" },
    container: { name, image },
  });
const options = { options: { containers: ["api-*", "example/*"] } };

Deno.test("root-process: once for each container that should not", () => {
  const inputs = [exec(0, "api-1", "x"), exec(0, "api-1", "x"), exec(0, "web", "example/web:1")];
  deepStrictEqual(messages(rule, inputs, options), [
    "/srv/api runs as root",
    "/srv/api runs as root",
  ]);
});

Deno.test("root-process: not another user, not another container", () => {
  deepStrictEqual(
    messages(rule, [exec(1000, "api-2", "x"), exec(0, "db", "postgres")], options),
    [],
  );
});
