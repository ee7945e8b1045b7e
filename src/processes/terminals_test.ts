import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { terminalName } from "./terminals.ts";

/** include/linux/kdev_t.h, new_encode_dev() */
function device(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

Deno.test("terminals: as ps names them", () => {
  const named = [
    [136, 0, "pts/0"],
    [136, 255, "pts/255"],
    [136, 256, "pts/256"],
    [136, 70_000, "pts/70000"],
    [137, 1, "pts/257"],
    [4, 0, "tty0"],
    [4, 1, "tty1"],
    [4, 63, "tty63"],
    [4, 64, "ttyS0"],
    [4, 67, "ttyS3"],
    [5, 1, "console"],
    [204, 64, "ttyAMA0"],
    [229, 0, "hvc0"],
    [204, 63, "204:63"],
    [5, 9, "5:9"],
    [240, 3, "240:3"],
  ] as const;
  for (const [major, minor, name] of named) strictEqual(terminalName(device(major, minor)), name);
  strictEqual(terminalName(0), undefined);
});

Deno.test("terminals: every device but 0 has a name, and no two have the same but for pts", () => {
  const numbers = fc.record({ major: fc.nat(0xfff), minor: fc.nat(0xfffff) });
  fc.assert(fc.property(numbers, numbers, (a, b) => {
    fc.pre(device(a.major, a.minor) !== 0 && device(b.major, b.minor) !== 0);
    const [left, right] = [a, b].map(({ major, minor }) => terminalName(device(major, minor)));
    const isSame = a.major === b.major && a.minor === b.minor;
    strictEqual(left === right && !left?.startsWith("pts/"), isSame && !left?.startsWith("pts/"));
  }));
});
