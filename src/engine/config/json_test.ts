/** A configuration that is no JSON is told with its place. */
import { rejects } from "node:assert/strict";
import { join } from "node:path";
import { readConfig } from "./read.ts";

const broken = {
  [`{ "plugins": [ }`]: /:1:16: SyntaxError: Unexpected token '}'$/,
  [`{ "rules": ["a.ts"],\n  plugins: [] }`]:
    /:2:3: SyntaxError: Expected double-quoted property name$/,
  [`{} x`]: /:1:4: SyntaxError: Unexpected non-whitespace character after JSON$/,
  [`{\n  "rules": tru }`]: /:2:15: SyntaxError: Unexpected token ' '$/,
};

Deno.test("config: where JSON is broken, by line and column", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-json-" });
  try {
    const file = join(folder, "tallyman.config.json");
    for (const [text, told] of Object.entries(broken)) {
      Deno.writeTextFileSync(file, text);
      await rejects(readConfig(file), { message: told });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
