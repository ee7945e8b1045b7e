/** What `./tallyman` installs on a machine that has nothing, and what it says where it can't. npm and apt are ours. */
import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { checkout, Running } from "./monitor.ts";

/** The programs that set-up may take for granted: Debian's essential ones. */
const essential = [
  ...["sh", "dirname", "readlink", "id", "uname", "env", "mkdir", "mv", "rm", "cat", "chmod", "cp"],
  ...["printf", "grep", "echo"],
];

/** Writes down how it was called, and puts a Deno where npm would. */
const npm = `#!/bin/sh
echo "$@" >> "$0.calls"
while [ "$1" != --prefix ]; do shift; done
for native in linux-x64-glibc linux-arm64-glibc; do
  folder=$2/node_modules/@deno/$native
  mkdir -p "$folder"
  printf '#!/bin/sh\\necho deno "$@"\\n' > "$folder/deno"
  chmod +x "$folder/deno"
done
`;

/** A machine's programs, and a checkout with a space in its path. */
class Machine implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "tallyman-setup-" });
  readonly checkout = join(this.folder, "a checkout");

  constructor(programs: Readonly<Record<string, string>>) {
    Deno.mkdirSync(join(this.folder, "bin"));
    Deno.mkdirSync(join(this.checkout, "setup"), { recursive: true });
    for (const name of ["tallyman", "setup/install.sh"]) {
      Deno.copyFileSync(join(checkout, name), join(this.checkout, name));
    }
    for (const name of essential.filter((each) => !Object.hasOwn(programs, each))) {
      const path = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find(exists);
      if (path !== undefined) Deno.symlinkSync(path, join(this.folder, "bin", name));
    }
    for (const [name, text] of Object.entries(programs)) {
      // Never by way of a link, over the machine's own.
      const path = join(this.folder, "bin", name);
      Deno.writeTextFileSync(path, text, { mode: 0o755, createNew: true });
    }
  }

  async run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    await using running = new Running(["/bin/sh", "-c", 'exec "$0" "$@"', program, ...args], {
      cwd: this.folder,
      env: { PATH: join(this.folder, "bin"), LIBBPF_PATH: "/none", ...env },
    });
    return await running.ended();
  }

  read(name: string): string {
    return Deno.readTextFileSync(join(this.folder, name));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test("setup: Deno is installed once, from a path with a space, by a link, without a home", async () => {
  using machine = new Machine({ npm });
  const first = await machine.run(join(machine.checkout, "tallyman"), ["rules", "list"]);
  match(first.stderr, /^tallyman: installing Deno \S+ by npm into \.tools\/\n$/);
  match(first.stdout, /^deno run -A .*\/a checkout\/monitor\.ts rules list\n$/);
  strictEqual(first.code, 0);
  const link = join(machine.folder, "bin/tally");
  Deno.symlinkSync(join(machine.checkout, "tallyman"), link);
  const second = await machine.run(link, ["--version"]);
  strictEqual(second.stderr, "");
  match(second.stdout, /^deno run -A .*\/a checkout\/monitor\.ts --version\n$/);
  strictEqual(machine.read("bin/npm.calls").trimEnd().split("\n").length, 1);
});

Deno.test("setup: what npm can't install is told, with npm's own reason, and nothing is left", async () => {
  using machine = new Machine({
    npm: `${npm}\necho 'npm error code ENOTFOUND' >&2\nexit 1\n`,
  });
  for (let time = 0; time < 2; time++) {
    const { code, stdout, stderr } = await machine.run(join(machine.checkout, "tallyman"), []);
    match(stderr, /^npm error code ENOTFOUND\ntallyman: npm could not install Deno, as it says /m);
    strictEqual(stdout, "");
    strictEqual(code, 3);
  }
});

Deno.test("setup: without npm, and without libbpf that apt could install: exit code 3, and why", async () => {
  using bare = new Machine({});
  const none = await bare.run(join(bare.checkout, "tallyman"), []);
  match(none.stderr, /^tallyman: Deno comes by npm here, and there is no npm: install Node\.js/);
  strictEqual(none.code, 3);
  using machine = new Machine({
    npm,
    id: "#!/bin/sh\necho 0\n",
    "apt-get":
      '#!/bin/sh\ncase $* in *update*) exit 100;; esac\necho "E: no such package" >&2\nexit 100\n',
  });
  const { code, stdout, stderr } = await machine.run(
    join(machine.checkout, "tallyman"),
    ["demo"],
    { LIBBPF_PATH: "" },
  );
  match(stderr, /^tallyman: installing from the distribution: libbpf1\n/m);
  match(stderr, /^E: no such package\ntallyman: apt-get could not install libbpf1, as it says /m);
  strictEqual(stdout, "");
  strictEqual(code, 3);
  ok(!exists(join(machine.checkout, ".tools/deno.new")));
});
