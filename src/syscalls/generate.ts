/**
 * Makes the tables beside it from the kernel's own headers, of all architectures at once, as Debian's
 * package linux-libc-dev (7.0 or later) holds them:
 *
 *     apt-get download linux-libc-dev && dpkg -x linux-libc-dev_*.deb headers
 *     deno run --allow-read --allow-write src/syscalls/generate.ts headers
 *
 * @module
 */

/** One table: where the headers define its numbers, and what it is written to. */
interface Source {
  /** The file written, and the constant in it. */
  readonly name: string;
  readonly title: string;
  /** Below `usr/lib/linux/uapi`. */
  readonly headers: readonly string[];
  /** What the headers add their numbers to; a call's own number is without it. */
  readonly bases: Readonly<Record<string, number>>;
}

const sources: readonly Source[] = [
  {
    name: "x86_64",
    title: "64-bit code on x86-64",
    headers: ["x86/asm/unistd_64.h"],
    bases: {},
  },
  {
    name: "i386",
    title: "32-bit code on x86-64",
    headers: ["x86/asm/unistd_32.h"],
    bases: {},
  },
  {
    name: "x32",
    title: "x32 code on x86-64, without the bit that marks them",
    headers: ["x86/asm/unistd_x32.h"],
    bases: { __X32_SYSCALL_BIT: 0 },
  },
  {
    name: "aarch64",
    title: "64-bit code on arm64",
    headers: ["arm64/asm/unistd_64.h"],
    bases: {},
  },
  {
    name: "arm",
    title: "32-bit code (EABI) on arm64",
    headers: ["arm/asm/unistd-eabi.h", "arm/asm/unistd.h"],
    bases: { __NR_SYSCALL_BASE: 0, __ARM_NR_BASE: 0xf0000 },
  },
];

/** `#define __NR_read 0`, `#define __NR_exit (__NR_SYSCALL_BASE + 1)`, `#define __ARM_NR_set_tls (…+5)` */
const definition = /^#define\s+__(?:ARM_)?NR_(_?[a-z]\w*)\s+\(?(?:(\w+?)\s*\+\s*)?(\d+)\)?\s*$/gm;

function numbersIn(header: string, bases: Source["bases"]): [name: string, nr: number][] {
  return Array.from(header.matchAll(definition), ([line, name = "", base, offset]) => {
    const start = base === undefined ? 0 : bases[base];
    if (start === undefined) throw new Error(`nothing is known of ${base} in: ${line}`);
    return [name, start + Number(offset)];
  });
}

function releaseIn(versionHeader: string): string {
  const part = (name: string): string => {
    const value = new RegExp(`LINUX_VERSION_${name}\\s+(\\d+)`).exec(versionHeader)?.[1];
    if (value === undefined) throw new Error(`version.h has no LINUX_VERSION_${name}`);
    return value;
  };
  return `${part("MAJOR")}.${part("PATCHLEVEL")}.${part("SUBLEVEL")}`;
}

function tableModule(source: Source, release: string, numbers: [string, number][]): string {
  const rows = numbers.toSorted(([, a], [, b]) => a - b).map(([name, nr]) => `  ${name}: ${nr},`);
  return `/**
 * System calls of ${source.title}, as Linux ${release} numbers them.
 * Made by generate.ts from ${source.headers.join(" and ")}: don't change it by hand.
 *
 * @module
 */
export const ${source.name} = {
${rows.join("\n")}
} as const satisfies Readonly<Record<string, number>>;
`;
}

/** The tables' text by file name, from a folder into which linux-libc-dev was unpacked. */
function generate(folder: string): Map<string, string> {
  const read = (path: string) => Deno.readTextFileSync(`${folder}/usr/${path}`);
  const release = releaseIn(read("include/linux/version.h"));
  return new Map(sources.map((source) => {
    const numbers = source.headers.flatMap((path) =>
      numbersIn(read(`lib/linux/uapi/${path}`), source.bases)
    );
    if (numbers.length === 0) throw new Error(`no calls in ${source.headers.join(", ")}`);
    return [`${source.name}.ts`, tableModule(source, release, numbers)];
  }));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) {
    Deno.stderr.writeSync(new TextEncoder().encode("usage: generate.ts FOLDER\n"));
    Deno.exit(2);
  }
  for (const [file, text] of generate(folder)) {
    Deno.writeTextFileSync(new URL(file, import.meta.url), text);
  }
}
