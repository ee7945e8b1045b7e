/** What the real engines say of real containers. */
import assert from "node:assert/strict";
import type { Description, Identity, Runtime } from "../../src/containers/container.ts";
import type { Engine } from "../../src/containers/engine.ts";
import { enginesFor, openEngines } from "../../src/containers/engines/mod.ts";
import {
  cgroupIn,
  type EngineFixture,
  imageName,
  needs,
  type RunContainer,
  startContainerd,
  startDocker,
  startOci,
  startPodman,
} from "./mod.ts";

const sleep = ["/bin/sleep", "300"];
const labels = { team: "a b", "org.example/x": "y=z" };

/** The engines that a monitor beside these fixtures would have. */
function open(fixtures: readonly EngineFixture[], events = false): Engine[] & Disposable {
  const environment: Record<string, string> = Object.assign(
    {},
    ...fixtures.map((f) => f.environment),
  );
  const engines = openEngines({ environment: (name) => environment[name], events });
  return Object.assign(engines, {
    [Symbol.dispose]() {
      for (const engine of engines) engine[Symbol.dispose]();
    },
  });
}

function identify(runtime: Runtime, container: RunContainer): Identity {
  return { runtime, id: container.id, cgroup: cgroupIn(container.cgroups) };
}

/** As the monitor does it: the first engine that knows. */
async function describe(
  container: Identity,
  engines: readonly Engine[],
): Promise<Description | undefined> {
  for (const engine of enginesFor(container, engines)) {
    const description = await engine.describe(container).catch(() => undefined);
    if (description !== undefined) return description;
  }
  return undefined;
}

async function until(so: () => Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!await so()) {
    assert(Date.now() < end, `not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test(needs("docker: name, image, labels, events, a restart", "docker"), async (t) => {
  await using docker = await startDocker();
  using engines = open([docker], true);
  const container = await docker.run({ name: "web", command: sleep, labels });
  const id = identify("docker", container);

  await t.step("a container that runs", async () => {
    const description = await describe(id, engines);
    assert.equal(description?.name, "web");
    assert.equal(description?.image?.name, imageName);
    assert.match(description?.image?.id ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(description?.labels, labels);
  });
  await t.step("a path that does not say whose it is", async () => {
    const description = await describe({ ...id, runtime: "oci" }, engines);
    assert.equal(description?.runtime, "docker");
    assert.equal(description?.name, "web");
  });
  await t.step("the status, with a version", async () => {
    const [engine] = enginesFor(id, engines);
    const status = await engine?.status();
    assert.equal(status?.state, "reached");
    assert.match(status?.state === "reached" ? status.version ?? "" : "", /^\d+\.\d+/);
  });
  await t.step("a container that was gone before it was asked for", async () => {
    const brief = await docker.run({
      name: "brief",
      command: ["/bin/sleep", "0.02"],
      labels,
      detach: false,
      remove: true,
    });
    const expected = { runtime: "docker", name: "brief", image: { name: imageName }, labels };
    assert.deepEqual(await describe(identify("docker", brief), engines), expected);
    // Even by a monitor that has heard of it only now.
    using late = open([docker]);
    assert.deepEqual(await describe(identify("docker", brief), late), expected);
  });
  await t.step("the daemon killed, and started again", async () => {
    await docker.kill("SIGKILL");
    // Events told of the container while it was there.
    assert.equal((await describe(id, engines))?.name, "web");
    const [engine] = enginesFor(id, engines);
    assert.equal((await engine?.status())?.state, "failed");
    await docker.restart();
    assert.match((await describe(id, engines))?.image?.id ?? "", /^sha256:/);
    const run = { command: ["/bin/true"], detach: false, remove: true };
    const brief = await docker.run({ name: "after", ...run });
    assert.equal((await describe(identify("docker", brief), engines))?.name, "after");
  });
});

Deno.test(needs("docker: events alone, followed over a restart", "docker"), async () => {
  await using docker = await startDocker();
  using engines = open([docker], true);
  const run = { command: ["/bin/true"], detach: false, remove: true };
  const before = identify("docker", await docker.run({ name: "before", ...run }));
  await until(async () => (await describe(before, engines))?.name === "before");
  await docker.kill("SIGTERM");
  await docker.restart();
  // Long enough for the stream to be followed again: what it tells needs no engine after.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const after = identify("docker", await docker.run({ name: "after", ...run }));
  await docker.kill("SIGTERM");
  assert.equal((await describe(before, engines))?.name, "before");
  assert.equal((await describe(after, engines))?.name, "after");
});

Deno.test(needs("podman: with and without its service", "podman"), async (t) => {
  await using podman = await startPodman();
  using engines = open([podman], true);
  const container = await podman.run({ name: "web", command: sleep, labels });
  const id = identify("podman", container);

  await t.step("without: name and image", async () => {
    const description = await describe(id, engines);
    assert.equal(description?.runtime, "podman");
    assert.equal(description?.name, "web");
    assert.equal(description?.image?.name, `localhost/${imageName}`);
    assert.match(description?.image?.id ?? "", /^[0-9a-f]{64}$/);
  });
  await t.step("with: labels too, and names of those that are gone", async () => {
    await using _service = await podman.serve();
    const description = await describe(id, engines);
    assert.equal(description?.name, "web");
    assert.equal(description?.image?.name, `localhost/${imageName}`);
    assert.deepEqual(description?.labels, labels);
    // The socket was not there when the engines were opened.
    await until(async () => {
      const brief = { command: ["/bin/sleep", "0.02"], detach: true, remove: true };
      const { id: gone, cgroups } = await podman.run({ ...brief, labels });
      await new Promise((resolve) => setTimeout(resolve, 500));
      const said = await describe(
        { runtime: "podman", id: gone, cgroup: cgroupIn(cgroups) },
        engines,
      );
      return said?.labels?.["team"] === "a b" && said.image?.id === undefined;
    });
  });
  await t.step("without again", async () => {
    assert.equal((await describe(id, engines))?.name, "web");
  });
});

Deno.test(needs("containerd: ctr's name and labels", "containerd"), async () => {
  await using containerd = await startContainerd();
  using engines = open([containerd]);
  const container = await containerd.run({ name: "web", command: sleep, labels });
  const cgroup = cgroupIn(container.cgroups);
  const expected = { runtime: "containerd", name: "web", labels };
  const { namespace } = containerd;
  const inNamespace: Identity = {
    ...identify("containerd", container),
    containerdNamespace: namespace,
  };
  assert.deepEqual(await describe(inNamespace, engines), expected);
  assert.deepEqual(await describe({ runtime: "plain", id: "web", cgroup }, engines), expected);
});

for (const program of ["runc", "crun"] as const) {
  Deno.test(needs(`${program}: name, image and labels from its state`, program), async () => {
    await using fixture = await startOci(program);
    using engines = open([fixture]);
    const expected = {
      runtime: program,
      image: { name: imageName },
      labels: { "org.opencontainers.image.ref.name": imageName, ...labels },
    };
    const own = await fixture.run({ command: sleep, labels });
    assert.deepEqual(await describe(identify("plain", own), engines), {
      ...expected,
      name: own.name,
    });

    const hex = "ab".repeat(32);
    const pod = "/kubepods/besteffort/pod0aa0bb0c-1111-2222-3333-444455556666";
    const cgroup = `${pod}/${hex}`;
    const other = await fixture.run({ command: sleep, labels, cgroup });
    assert.equal(cgroupIn(other.cgroups), cgroup);
    assert.deepEqual(await describe({ runtime: "oci", id: hex, cgroup }, engines), {
      ...expected,
      name: other.name,
    });
    await fixture.remove(own);
    assert.equal(await describe(identify("plain", own), engines), undefined);
  });
}
