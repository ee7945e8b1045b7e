import assert from "node:assert/strict";
import { missingPackages, unsupported } from "./host.ts";

Deno.test("host: only what is missing is installed", () => {
  assert.deepEqual(missingPackages(["xz", "qemu"], (path) => path === "/usr/bin/xz"), [
    "qemu-system-x86",
  ]);
});

Deno.test("host: where there are no kernels to fetch, that is said", () => {
  assert.equal(unsupported('NAME="x"\nID=debian\n', "x86_64"), undefined);
  assert.match(unsupported("ID=fedora\n", "x86_64") ?? "", /fedora/);
  assert.match(unsupported("ID=debian\n", "aarch64") ?? "", /aarch64/);
});
