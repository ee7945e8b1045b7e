import { match, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { ConfigError } from "./error.ts";
import { findConfig } from "./find.ts";

/** In a folder that is removed afterwards. */
function inFolder(test: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("find: none, one, two", () => {
  inFolder((folder) => {
    strictEqual(findConfig(folder), undefined);
    const json = join(folder, "tallyman.config.json");
    Deno.writeTextFileSync(json, "{}");
    strictEqual(findConfig(folder), json);
    Deno.writeTextFileSync(join(folder, "tallyman.config.ts"), "");
    throws(() => findConfig(folder), ConfigError);
  });
});

Deno.test("find: another user's is not taken, nor one behind a link of theirs", {
  ignore: Deno.uid() !== 0,
}, () => {
  inFolder((folder) => {
    const file = join(folder, "tallyman.config.ts");
    Deno.writeTextFileSync(file, "");
    Deno.chownSync(file, 1234, 1234);
    throws(() => findConfig(folder, { uid: 0 }), /another user, 1234/);
    throws(() => findConfig(folder, { uid: 0, sudoUid: 1000 }), /another user, 1234/);
    strictEqual(findConfig(folder, { uid: 0, sudoUid: 1234 }), file);
    strictEqual(findConfig(folder, { uid: 1234 }), file);
    const real = join(folder, "real.ts");
    Deno.renameSync(file, real);
    Deno.chownSync(real, 0, 0);
    Deno.symlinkSync(real, file);
    strictEqual(findConfig(folder, { uid: 0 }), file);
    new Deno.Command("chown", { args: ["-h", "1234", file] }).outputSync();
    throws(() => findConfig(folder, { uid: 0 }), /another user, 1234/);
  });
});

Deno.test("find: what is wrong is said with the file", () => {
  inFolder((folder) => {
    for (const name of ["tallyman.config.ts", "tallyman.config.json"]) {
      Deno.writeTextFileSync(join(folder, name), "");
    }
    throws(() => findConfig(folder), (error: Error) => {
      match(error.message, /tallyman\.config\.ts: there is tallyman\.config\.json, too/);
      return true;
    });
  });
});
