import assert from "node:assert/strict";
import { mirrorsIn, releaseIn } from "./archive.ts";

Deno.test("archive: the mirrors are the host's, whoever else it fetches from", () => {
  const targets = "https://other.example|Other\nhttp://one.example/|Debian\n" +
    "http://one.example/|Debian\nhttp://two.example/|Debian-Security\n";
  const mirrors = { main: "http://one.example/", security: "http://two.example/" };
  assert.deepEqual(mirrorsIn(targets), mirrors);
  assert.throws(() => mirrorsIn("http://one.example/|Debian"));
});

Deno.test("archive: the meta package names the kernel", () => {
  const control = "Package: linux-image-cloud-amd64\n" +
    "Depends: linux-image-6.1.0-1-cloud-amd64 (= 6.1.1-1)\n";
  assert.equal(releaseIn(control), "6.1.0-1-cloud-amd64");
  assert.throws(() => releaseIn("Package: linux-image-cloud-amd64\n"));
});
