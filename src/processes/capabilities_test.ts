import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decodeArguments } from "../syscalls/arguments/mod.ts";
import { capabilityNames } from "./capabilities.ts";

/** linux/prctl.h */
const PR_CAPBSET_READ = 23n;

/** The name that src/syscalls/ has for a capability: as an argument of prctl(2). */
function nameInCall(capability: number): string {
  const words = [PR_CAPBSET_READ, BigInt(capability)];
  const call = {
    nr: 157,
    abi: "native" as const,
    result: 0n,
    arg: (index: number) => words[index] ?? 0n,
    piece: () => undefined,
  };
  return String(decodeArguments<"prctl">(call, "x86_64").arg2);
}

Deno.test("capabilities: each bit has the name that it has as an argument of prctl(2)", () => {
  for (let bit = 0; bit <= 40; bit++) {
    deepStrictEqual(capabilityNames(1n << BigInt(bit)), [nameInCall(bit)]);
  }
});

Deno.test("capabilities: sets by bit, bits without a name by number", () => {
  deepStrictEqual(capabilityNames(0n), []);
  deepStrictEqual(capabilityNames(0x3001n), ["CAP_CHOWN", "CAP_NET_ADMIN", "CAP_NET_RAW"]);
  deepStrictEqual(capabilityNames(1n << 41n | 1n << 63n), ["CAP_41", "CAP_63"]);
  strictEqual(capabilityNames(0x1ff_ffff_ffffn).length, 41);
});
