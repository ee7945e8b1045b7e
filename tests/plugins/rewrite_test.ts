/** Whatever containers call themselves, and whatever rules say of them, goes through plugins that rewrite. */
import { fail, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { definePlugin, PluginSet } from "../../src/engine/plugins/mod.ts";
import { anyContainer, hostileText } from "../../src/sinks/fixtures.ts";

const alert = {
  time: 0n,
  rule: "r",
  title: "r",
  severity: "warning",
  tags: [],
  suppressed: 0,
};

Deno.test("plugins: all that a container has had a hand in is rewritten before it leaves", async () => {
  const plugin = definePlugin({
    name: "x",
    title: "x",
    rewrite: ({ texts }) => texts.map((text) => text.replace(/[^]/g, "x")),
  });
  await using set = await PluginSet.open([{ plugin, options: {} }], {
    onProblem: ({ message }) => fail(message),
  });
  const isPlain = (text: string | undefined) => text === undefined || /^x*$/.test(text);
  fc.assert(fc.property(anyContainer, hostileText, (container, text) => {
    const ids = { user: { id: 0 }, group: { id: 0 } };
    const creation = { time: "1970-01-01T00:00:00.000000000Z" };
    const process = { pid: 1, creation, ...ids, command_args: [text, text] };
    const thread = { id: 1, name: text };
    const told = set.alert(
      {
        ...alert,
        message: text,
        container,
        fields: { [text]: text },
        event: { process, thread, call: { syscall: "close", args: { text }, ret: 0 } },
      },
    );
    ok(isPlain(told?.message));
    ok(Object.values(told?.fields ?? {}).every((each) => isPlain(String(each))));
    ok(told?.event?.process.command_args?.every(isPlain));
    ok(isPlain(told?.event?.thread.name) && isPlain(String(told?.event?.call?.args["text"])));
    if (told?.container?.metadata.state !== "known") return;
    const { name, image, labels, pod, runtime } = told.container.metadata.description;
    ok([name, image?.name, pod?.name, ...Object.values(labels ?? {})].every(isPlain));
    const { metadata } = container;
    strictEqual(runtime, metadata.state === "known" ? metadata.description.runtime : undefined);
    strictEqual(told.container.identity, container.identity);
  }));
});
