import { match, strictEqual } from "node:assert/strict";
import { kernelFinding } from "./doctor.ts";

Deno.test("doctor: a kernel that is too old is refused in words", () => {
  for (const release of ["4.18.0-553.el8.x86_64", "5.4.0-200-generic", "5.7.19", "3.10.0"]) {
    const { state, found, advice } = kernelFinding(release);
    strictEqual(state, "lacks", release);
    match(found, /is too old/);
    match(advice ?? "", /5\.8 or later/);
  }
});

Deno.test("doctor: a kernel that is new enough is no lack", () => {
  for (
    const release of [
      "5.8.0",
      "5.10.0-46-cloud-amd64",
      "6.18.44",
      "7.3.4+deb13-cloud-amd64",
      "10.0",
    ]
  ) {
    strictEqual(kernelFinding(release).state, "ok", release);
  }
});
