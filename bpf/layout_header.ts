/**
 * Writes `bpf/layout.h` from `src/kernel/layout.ts`.
 *
 * @module
 */
import { constants, type Struct, structs } from "../src/kernel/layout.ts";

function declaration({ name, fields, offset, size }: Struct): string {
  const members = Object.entries(fields).map(([key, { type, dimensions, comment }]) =>
    `\t${type} ${key}${dimensions.map((n) => `[${n}]`).join("")};` +
    (comment && ` /* ${comment} */`)
  );
  const asserts = Object.entries(offset).map(([key, at]) =>
    `_Static_assert(__builtin_offsetof(struct ${name}, ${key}) == ${at}, "${name}.${key}");`
  );
  return [
    `struct ${name} {`,
    ...members,
    "};",
    ...asserts,
    `_Static_assert(sizeof(struct ${name}) == ${size}, "${name}");`,
  ].join("\n");
}

/** The text of `bpf/layout.h`. */
export function layoutHeader(): string {
  const defines = Object.entries(constants).map(([key, value]) => `#define ${key} ${value}`);
  return [
    "/* SPDX-License-Identifier: GPL-2.0 OR MIT */",
    "/* Made by `deno task build:bpf` from src/kernel/layout.ts: change that. */",
    "#pragma once",
    "",
    ...defines,
    "",
    structs.map(declaration).join("\n\n"),
    "",
  ].join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("layout.h", import.meta.url), layoutHeader());
}
