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
    const process = { command_args: [text, text] };
    const told = set.alert(
      {
        ...alert,
        message: text,
        container,
        fields: { [text]: text },
        event: { process, call: { args: text } },
      },
    );
    ok(isPlain(told?.message));
    ok(Object.values(told?.fields ?? {}).every((each) => isPlain(String(each))));
    ok(isPlain(JSON.stringify(told?.event?.process).replace(/[^x]*/g, "")));
    if (told?.container?.metadata.state !== "known") return;
    const { name, image, labels, pod, runtime } = told.container.metadata.description;
    ok([name, image?.name, pod?.name, ...Object.values(labels ?? {})].every(isPlain));
    const { metadata } = container;
    strictEqual(runtime, metadata.state === "known" ? metadata.description.runtime : undefined);
    strictEqual(told.container.identity, container.identity);
  }));
});
