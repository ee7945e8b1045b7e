import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineError } from "../engine.ts";
import { DockerApi, type DockerApiOptions } from "./docker_api.ts";
import { engineId, identity, makeFolder, serve, serveBytes, until } from "./fake_engine.ts";

const id = engineId("a");
const container = identity("docker", id);

function open(socket: string, more: Partial<DockerApiOptions> = {}): DockerApi {
  return new DockerApi({
    name: "docker",
    runtime: "docker",
    sockets: [socket],
    events: false,
    poll: 20,
    ...more,
  });
}

const inspected = {
  Id: id,
  Name: "/web",
  Image: "sha256:1234",
  Config: {
    Image: "nginx:1.27",
    Labels: {
      tier: "front",
      "io.kubernetes.pod.name": "web-0",
      "io.kubernetes.pod.namespace": "shop",
      "io.kubernetes.pod.uid": "0aa0bb0c-1111-2222-3333-444455556666",
      "io.kubernetes.container.name": "app",
    },
  },
};

function event(action: string, name: string, of: string, time = 1): string {
  const Attributes = { name, image: "bb:1", tier: "back", oldName: "/x", containerExitCode: "0" };
  return JSON.stringify({
    Type: "container",
    Action: action,
    Actor: { ID: of, Attributes },
    time,
  }) + "\n";
}

Deno.test("a container's name, image, labels and pod", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  const asked: string[] = [];
  await using _server = serve(socket, (request) => {
    asked.push(new URL(request.url).pathname);
    return Response.json(inspected);
  });
  using engine = open(socket);
  assert.deepEqual(await engine.describe(container), {
    runtime: "docker",
    name: "web",
    image: { name: "nginx:1.27", id: "sha256:1234" },
    labels: inspected.Config.Labels,
    pod: {
      name: "web-0",
      namespace: "shop",
      uid: "0aa0bb0c-1111-2222-3333-444455556666",
      container: "app",
    },
  });
  assert.deepEqual(asked, [`/containers/${id}/json`]);
});

Deno.test("Podman's name without a slash, and its image's name where it puts it", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serve(
    socket,
    () => Response.json({ Id: id, Name: "web", ImageName: "bb:1" }),
  );
  using engine = open(socket, { runtime: "podman" });
  assert.deepEqual(await engine.describe(container), {
    runtime: "podman",
    name: "web",
    image: { name: "bb:1" },
  });
});

Deno.test("no question is asked about what can't be Docker's", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serve(socket, () => {
    throw new Error("asked");
  });
  using engine = open(socket);
  for (const other of ["web", "", "..", "a/../b", id.toUpperCase(), `${id}?x`]) {
    assert.equal(await engine.describe(identity("plain", other)), undefined);
  }
});

Deno.test("a container that Docker does not know", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serve(socket, () => Response.json({ message: "no" }, { status: 404 }));
  using engine = open(socket);
  assert.equal(await engine.describe(container), undefined);
});

Deno.test("what an engine must not do", async (t) => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  const fails = async (text: RegExp) => {
    using engine = open(socket);
    const began = performance.now();
    await assert.rejects(engine.describe(container), (error: unknown) => {
      assert(error instanceof EngineError);
      assert.equal(error.engine, "docker");
      assert.match(error.message, text);
      return true;
    });
    assert(performance.now() - began < 3_500);
    assert.notEqual((await engine.status()).state, "reached");
  };
  await t.step("not be there", () => fails(/nothing at .*\/s$/));
  await t.step("be a file that is no socket", async () => {
    folder.write("s", "");
    await fails(/nothing at/);
    Deno.removeSync(socket);
  });
  await t.step("not listen", async () => {
    // Closing would take the socket away.
    const listener = Deno.listen({ transport: "unix", path: `${socket}2` });
    Deno.renameSync(`${socket}2`, socket);
    listener.close();
    await fails(/refused/);
    Deno.removeSync(socket);
  });
  await t.step("hang before it answers", async () => {
    await using _server = serveBytes(socket, new Uint8Array(), "hang");
    await fails(/no answer within 2000 ms/);
  });
  await t.step("hang in its answer", async () => {
    const half = new TextEncoder().encode('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"Id"');
    await using _server = serveBytes(socket, half, "hang");
    await fails(/no answer within 2000 ms/);
  });
  await t.step("break off", async () => {
    const half = new TextEncoder().encode('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"Id"');
    await using _server = serveBytes(socket, half, "close");
    await fails(/asking docker: /);
  });
  await t.step("close without a word", async () => {
    await using _server = serveBytes(socket, new Uint8Array(), "close");
    await fails(/asking docker: /);
  });
  await t.step("speak something else", async () => {
    await using _server = serveBytes(
      socket,
      new TextEncoder().encode("220 mail ESMTP\r\n"),
      "close",
    );
    await fails(/asking docker: /);
  });
  await t.step("answer HTTP 500", async () => {
    await using _server = serve(socket, () => new Response("oh", { status: 500 }));
    await fails(/HTTP 500: oh/);
  });
  await t.step("send the asker elsewhere", async () => {
    const headers = { location: "http://other.invalid/" };
    await using _server = serve(socket, () => new Response("", { status: 302, headers }));
    await fails(/HTTP 302/);
  });
});

Deno.test("what it must not answer", async (t) => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  const fails = async (name: string, body: () => BodyInit, text: RegExp) => {
    await t.step(name, async () => {
      await using _server = serve(socket, () => new Response(body()));
      using engine = open(socket);
      await assert.rejects(engine.describe(container), text);
    });
  };
  await fails("nothing", () => "", /not JSON/);
  await fails("no JSON", () => "{", /not JSON/);
  await fails(
    "another container",
    () => JSON.stringify({ Id: engineId("b") }),
    /another container/,
  );
  await fails("null", () => "null", /another container/);
  await fails("too much", () => JSON.stringify("x".repeat(2 ** 20)), /larger than 1 MiB/);
  await fails("without end", () => {
    const chunk = new Uint8Array(65_536).fill(0x20);
    return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
  }, /larger than 1 MiB/);
});

Deno.test("nonsense in place of fields is left out", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serve(
    socket,
    () =>
      new Response(
        `{"Id":"${id}","Name":["x"],"Image":7,"Config":{"Image":{},"Labels":{"a":1,"__proto__":"p","b":"c"}}}`,
      ),
  );
  using engine = open(socket);
  const description = await engine.describe(container);
  assert.equal(description?.name, undefined);
  assert.equal(description?.image, undefined);
  assert.deepEqual(Object.entries(description?.labels ?? {}), [["__proto__", "p"], ["b", "c"]]);
});

Deno.test("whatever bytes an engine sends, describe answers or throws an EngineError", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  let body: Uint8Array<ArrayBuffer> = new Uint8Array();
  await using _server = serve(socket, () => new Response(body));
  using engine = open(socket);
  const bytes = (value: string) => new TextEncoder().encode(value);
  const answers = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((raw) => new Uint8Array(raw)),
    fc.json().map(bytes),
    fc.record({
      Id: fc.constant(id),
      Name: fc.anything({ withNullPrototype: false }),
      Image: fc.anything(),
      Config: fc.oneof(
        fc.anything(),
        fc.record({ Image: fc.anything(), Labels: fc.dictionary(fc.string(), fc.anything()) }),
      ),
    }).map((value) =>
      bytes(JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? 0 : inner))
    ),
  );
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      body = answer;
      try {
        const description = await engine.describe(container);
        for (const value of [description?.name, description?.image?.name, description?.image?.id]) {
          assert(value === undefined || typeof value === "string");
        }
        for (const value of Object.values(description?.labels ?? {})) {
          assert.equal(typeof value, "string");
        }
      } catch (error) {
        assert(error instanceof EngineError, String(error));
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("a connection that carries any bytes at all", async () => {
  using folder = makeFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.boolean(),
      async (raw, asHttp) => {
        const socket = `${folder.path}/${count++}`;
        const head = asHttp ? new TextEncoder().encode("HTTP/1.1 200 OK\r\n") : new Uint8Array();
        await using _server = serveBytes(socket, new Uint8Array([...head, ...raw]), "close");
        using engine = open(socket);
        try {
          await engine.describe(container);
        } catch (error) {
          assert(error instanceof EngineError, String(error));
        }
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("an engine that restarts is asked again", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  using engine = open(socket);
  for (const name of ["one", "two"]) {
    await assert.rejects(engine.describe(container), EngineError);
    await using _server = serve(socket, () => Response.json({ Id: id, Name: name }));
    assert.equal((await engine.describe(container))?.name, name);
    assert.deepEqual((await engine.status()).state, "reached");
  }
});

Deno.test("a container that is gone keeps the name that events gave it", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  const asked: string[] = [];
  await using _server = serve(socket, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/events") return new Response("", { status: 404 });
    if (searchParams.has("until")) return new Response("");
    asked.push(String(searchParams.get("filters")));
    return streaming([
      "nonsense\n",
      event("exec_create: x", "wrong", id),
      event("create", "web", id),
      event("rename", "shop", id),
      event("create", "short", "abc"),
    ]);
  });
  using engine = open(socket, { events: true });
  await until(async () => (await engine.describe(container))?.name === "shop");
  assert.deepEqual(await engine.describe(container), {
    runtime: "docker",
    name: "shop",
    image: { name: "bb:1" },
    labels: { tier: "back" },
  });
  assert.deepEqual(JSON.parse(asked[0] ?? ""), {
    type: ["container"],
    event: ["create", "start", "rename"],
  });
});

Deno.test("events that were missed are asked for when a container is gone", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serve(socket, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/events") return new Response("", { status: 404 });
    assert.equal(searchParams.get("since"), "990");
    assert.equal(searchParams.get("until"), "1001");
    return new Response(event("create", "web", id));
  });
  using engine = open(socket, { now: () => 1_000_500 });
  assert.equal((await engine.describe(container))?.name, "web");
});

Deno.test("events go on when the engine comes late, restarts, or talks nonsense", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  const since: string[] = [];
  const tells = (...texts: string[]) =>
    serve(socket, (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname !== "/events") return new Response("", { status: 404 });
      if (searchParams.has("until")) return new Response("");
      since.push(searchParams.get("since") ?? "");
      return streaming(texts);
    });
  using engine = open(socket, { events: true, now: () => 50_000 });
  const hears = (digit: string) =>
    until(async () => (await engine.describe(identity("docker", engineId(digit))))?.name === digit);
  await assert.rejects(engine.describe(container), /nothing at/);
  {
    await using _late = tells(event("create", "1", engineId("1"), 45));
    await hears("1");
  }
  // What was heard is known while the engine is away.
  assert.equal((await engine.describe(identity("docker", engineId("1"))))?.name, "1");
  {
    await using _again = tells("\0\n{]\n".repeat(9), event("create", "2", engineId("2"), 1e99));
    await hears("2");
  }
  {
    await using _noStream = serve(socket, () => new Response("", { status: 503 }));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  {
    await using _third = tells(event("create", "3", engineId("3"), 46));
    await hears("3");
  }
  // From when the monitor began less 10 s, then from the last event on, never from the future.
  assert.equal(since[0], "40");
  assert(since.includes("45"));
  assert.equal(since.at(-1), "50");
});

Deno.test("a line of events without an end is not kept", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  let streams = 0;
  await using _server = serve(socket, (request) => {
    if (new URL(request.url).pathname !== "/events") return new Response("", { status: 404 });
    const chunk = new Uint8Array(262_144).fill(0x78);
    streams++;
    return new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }),
    );
  });
  using _engine = open(socket, { events: true });
  await until(() => streams >= 3);
});

Deno.test("what a user's socket says is heard about that user's containers only", async () => {
  using folder = makeFolder();
  const run = `${folder.path}/run`;
  Deno.mkdirSync(`${run}/1000`, { recursive: true });
  await using _server = serve(
    `${run}/1000/s`,
    (request) =>
      new URL(request.url).pathname === "/events"
        ? streaming([event("create", "spoofed", id)])
        : Response.json({ Id: id, Name: "spoofed" }),
  );
  using engine = open(`${run}/*/s`, { events: true });
  const own = {
    ...container,
    cgroup: `/user.slice/user-1000.slice/user@1000.service/docker-${id}.scope`,
  };
  await until(async () => (await engine.describe(own))?.name === "spoofed");
  await assert.rejects(engine.describe(container), /nothing at/);
});

Deno.test("disposing ends questions and events that are under way", async () => {
  using folder = makeFolder();
  const socket = `${folder.path}/s`;
  await using _server = serveBytes(socket, new Uint8Array(), "hang");
  let asking: Promise<unknown>;
  {
    using engine = open(socket, { events: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    asking = engine.describe(container);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await assert.rejects(asking, EngineError);
  // A look for sockets that was under way ends by itself.
  await new Promise((resolve) => setTimeout(resolve, 100));
});

/** A body that says this much, and then does not end. */
function streaming(texts: readonly string[]): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      },
    }),
  );
}
