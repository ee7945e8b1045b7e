/**
 * Makes the tables of constants in tables/ from C headers: the kernel's own (Debian's linux-libc-dev 7.0 or
 * later, unpacked) and, for what the kernel keeps to itself, the C library's. Needs gcc on x86-64.
 *
 *     apt-get download linux-libc-dev && dpkg -x linux-libc-dev_*.deb headers
 *     deno run -A src/syscalls/arguments/generate.ts headers
 *
 * Which tables there are is said by constants.ts.
 *
 * @module
 */
import { type Machine, type Source, sources } from "./constants.ts";

const triplets: Readonly<Record<Machine, string>> = {
  x86_64: "x86_64-linux-gnu",
  aarch64: "aarch64-linux-gnu",
};

function gcc(folder: string, machine: Machine, program: string, ...options: string[]): string {
  const include = `${folder}/usr/include`;
  const path = Deno.makeTempFileSync({ suffix: ".c" });
  try {
    Deno.writeTextFileSync(path, program);
    const { success, stdout, stderr } = new Deno.Command("gcc", {
      args: [
        "-w",
        "-D_GNU_SOURCE",
        "-I",
        `${include}/${triplets[machine]}`,
        "-I",
        include,
        ...options,
        path,
      ],
    }).outputSync();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(`gcc: ${text(stderr)}\n${program}`);
    return text(stdout);
  } finally {
    Deno.removeSync(path);
  }
}

/** Macros without parameters and enumerators that the headers define. */
function namesIn(folder: string, machine: Machine, includes: string): string[] {
  const macros = gcc(folder, machine, includes, "-E", "-dM")
    .matchAll(/^#define (\w+) (?!$)/gm).map(([, name = ""]) => name);
  const enums = gcc(folder, machine, includes, "-E", "-P")
    .matchAll(/\benum\b[^{;()]*\{([^}]*)\}/g)
    .flatMap(([, body = ""]) => body.split(",").map((each) => /\w+/.exec(each)?.[0] ?? ""));
  return [...new Set([...macros, ...enums])];
}

/** The table's names and values, in the order of the list of names, or by value if there is none. */
function constantsOf(source: Source, folder: string): [name: string, value: number][] {
  const machine = source.machine ?? "x86_64";
  const includes = "#include <stddef.h>\n" +
    source.headers.map((header) => `#include <${header}>\n`).join("");
  const listed = source.names instanceof RegExp
    ? namesIn(folder, machine, includes).filter((name) =>
      (source.names as RegExp).test(name) && source.not?.test(name) !== true
    )
    : source.names;
  const prints = listed.map((name) => `printf("${name} %lld\\n", (long long)(${name}));`);
  const program = `${includes}int printf(const char *, ...);\nint main(void) {\n${
    prints.join("\n")
  }\n}\n`;
  const binary = Deno.makeTempFileSync();
  try {
    gcc(folder, machine, program, "-o", binary);
    const { stdout } = new Deno.Command(binary).outputSync();
    return new TextDecoder().decode(stdout).trim().split("\n")
      .map((line): [string, number] => {
        const [name = "", value] = line.split(" ");
        return [name, source.unsigned ? Number(BigInt.asUintN(32, BigInt(value!))) : Number(value)];
      }).toSorted(([, a], [, b]) => source.names instanceof RegExp ? a - b : 0);
  } finally {
    Deno.removeSync(binary);
  }
}

function tableText(source: Source, folder: string): string {
  const hex = (value: number) =>
    source.style === "hex" && value > 9 ? `0x${value.toString(16)}` : `${value}`;
  const rows = constantsOf(source, folder).map(([name, value]) => `  ${name}: ${hex(value)},`);
  return `/** ${source.title}: ${source.headers.map((header) => `<${header}>`).join(", ")}${
    source.machine === "aarch64" ? " of arm64" : ""
  } */\nexport const ${source.table} = {\n${rows.join("\n")}\n} as const;\n`;
}

/** What the C library says of each error. */
function errorTexts(folder: string): string {
  const program = `#include <string.h>\n#include <stdio.h>\nint main(void) {
    for (int i = 0; i < 134; i++) printf("%s\\n", strerror(i));\n}\n`;
  const binary = Deno.makeTempFileSync();
  try {
    gcc(folder, "x86_64", program, "-o", binary);
    const { stdout } = new Deno.Command(binary).outputSync();
    const rows = new TextDecoder().decode(stdout).trim().split("\n")
      .map((text) => `  ${JSON.stringify(text)},`);
    return `/** Each error's text by its number: strerror(3) of the GNU C library. */\nexport const errnoTexts: readonly string[] = [\n${
      rows.join("\n")
    }\n];\n`;
  } finally {
    Deno.removeSync(binary);
  }
}

/** The tables' text by file name. */
function generate(folder: string): Map<string, string> {
  return new Map(
    Object.entries(Object.groupBy(sources, ({ file }) => file)).map(([file, tables = []]) => [
      `${file}.ts`,
      `/**\n * Constants of system calls' arguments.\n * Made by ../generate.ts: don't change it by hand.\n *\n * @module\n */\n${
        tables.map((source) => tableText(source, folder)).join("\n")
      }${file === "errno" ? `\n${errorTexts(folder)}` : ""}`,
    ]),
  );
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) {
    Deno.stderr.writeSync(new TextEncoder().encode("usage: generate.ts FOLDER\n"));
    Deno.exit(2);
  }
  for (const [file, text] of generate(folder)) {
    Deno.writeTextFileSync(new URL(`tables/${file}`, import.meta.url), text);
  }
}
