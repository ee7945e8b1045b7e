/** The rules that are on by default say nothing to what containers ordinarily do. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { kernelTest } from "../kernel/fixture.ts";
import { shippedRules, Watcher } from "./watcher.ts";

/** Ordinary work, each in an empty folder. */
const work: Readonly<Record<string, string>> = {
  "a web server": `
    echo hello > index.html
    mkdir cgi-bin; printf '#!/bin/sh\\necho; echo hello\\n' > cgi-bin/hello
    busybox httpd -f -p 127.0.0.1:47811 &
    server=$!
    sleep 0.2
    for i in 1 2 3 4 5 6 7 8 9 10; do
      wget -q -O - http://127.0.0.1:47811/index.html
      busybox wget -q -O - http://127.0.0.1:47811/
    done
    kill $server
  `,
  "a shell's session": `
    cd /etc; cat passwd hostname; ls -lR /etc/ssl > /dev/null; cd -
    id; ps aux; date; env | sort; df; getent passwd root; stat /etc/shadow
    for i in 1 2 3 4 5; do echo $i >> numbers; done; sed -i s/1/2/ numbers; sort numbers | uniq -c
    mkdir a; touch a/b; chmod 2775 a; chmod 755 a/b; ln -s b a/c; mv a/b a/d; rm -r a
    tar czf x.tgz -C /usr/share/doc bash; tar xzf x.tgz; find . -name '*.gz' | xargs -r zcat | wc -l
    bash -c 'exec 3> log; echo x >&3; exec 3>&-; cat < log | (read -r x; echo $x)'
  `,
  "a build": `
    printf '#include <stdio.h>\\nint main(void) { puts("hello"); return 0; }\\n' > hello.c
    cc -O1 -c hello.c; cc -o hello hello.o; ./hello; ar rcs libhello.a hello.o; strip hello; ./hello
    for i in 1 2 3 4 5 6 7 8 9 10; do printf 'echo %s\\n' $i > $i.sh; sh ./$i.sh; done
    /usr/bin/python3 -c 'import json, subprocess
with open("x.json", "w") as file: json.dump([1], file)
subprocess.run(["cat", "x.json"], stdin=subprocess.DEVNULL)'
  `,
  "asking for packages": "dpkg -l; apt list --installed; dpkg -S /bin/sh; apt-cache policy bash",
  "giving up root":
    "setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'id; cat /etc/shadow'",
};

/** Speaks once of each container in which root runs anything: that it was looked at. */
const CONTROL = "root-process";

kernelTest("quiet: the rules that are on by default, in ordinary work", async () => {
  const shipped = await shippedRules();
  const recommended = shipped.filter(({ rule }) => rule.recommended);
  ok(recommended.length >= 25, `${recommended.length} rules`);
  const control = shipped.filter(({ rule }) => rule.id === CONTROL);
  using watcher = new Watcher();
  const heard: string[] = [];
  let index = 0;
  for (const [what, script] of Object.entries(work)) {
    const folder = Deno.makeTempDirSync({ dir: "/var/tmp", prefix: "tallyman-quiet-" });
    try {
      const shell = ["/bin/sh", "-c", `exec > /dev/null 2>&1; cd ${folder}\n${script}`] as const;
      const { alerts, problems } = await watcher.run(`quiet-${index++}`, [...shell], [
        ...recommended,
        ...control,
      ]);
      heard.push(
        ...problems,
        ...alerts.map(({ rule, message }) =>
          rule === CONTROL ? `${what}: ${rule}` : `${what}: ${rule}: ${message}`
        ),
      );
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
  deepStrictEqual(heard, Object.keys(work).map((what) => `${what}: ${CONTROL}`));
});
