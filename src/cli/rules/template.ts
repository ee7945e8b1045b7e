/**
 * A rule and its test, to begin with: they run as they are.
 *
 * @module
 */

/** `hosts_written`, `HostsWritten` and `hosts-written` as an id: lower case, words joined by `-`. */
export function idOf(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "").toLowerCase();
}

/** The rule. */
export function ruleText(id: string): string {
  const words = id.replaceAll("-", " ");
  return `import { defineRule, isFault, z } from "tallyman";

export default defineRule({
  id: "${id}",
  title: "${words.charAt(0).toUpperCase()}${words.slice(1)}",
  severity: "warning",
  syscalls: ["open", "openat"],
  filter: { outcome: "ok", args: { flags: { any: ["O_WRONLY", "O_RDWR"] } } },
  options: z.object({ paths: z.array(z.string()).default(["/etc/hosts"]) }),
  evaluate({ event, options, alert }) {
    const { path } = event.args;
    if (isFault(path) || !options.paths.includes(path)) return;
    alert(\`\${event.process.comm} opened \${path} for writing\`);
  },
});
`;
}

/** Its test. */
export function testText(id: string, file: string): string {
  return `import { deepStrictEqual } from "node:assert/strict";
import { event, run } from "tallyman/testing";
import rule from "./${file}";

Deno.test("${id}: writing is told, reading is not, nor are other files", () => {
  const process = { comm: "sh" };
  const alerts = run(rule, [
    event("openat", { path: "/etc/hosts", flags: ["O_RDWR"] }, { process }),
    event("openat", { path: "/etc/hosts", flags: ["O_RDONLY"] }, { process }),
    event("openat", { path: "/tmp/hosts", flags: ["O_RDWR"] }, { process }),
  ]);
  deepStrictEqual(alerts.map(({ message }) => message), ["sh opened /etc/hosts for writing"]);
});
`;
}
