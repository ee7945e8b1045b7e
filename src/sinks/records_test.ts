import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  anyContainer,
  anyCounts,
  anyTime,
  container,
  counts,
  hostileText,
  tally,
} from "./fixtures.ts";
import { containerRecord, imagePart, rfc3339, tallyRecord } from "./records.ts";
import { recordSchemas } from "./schema/mod.ts";

/** As it is when it has been a line. */
function written(record: object) {
  return JSON.parse(JSON.stringify(record));
}

const anyAction = fc.constantFrom(
  "seen" as const,
  "started" as const,
  "updated" as const,
  "stopped" as const,
);

Deno.test("records: every container's record is of the schema, before and after it is a line", () => {
  fc.assert(fc.property(anyContainer, anyAction, anyTime, (each, action, at) => {
    const record = containerRecord({ action, container: each, time: at });
    recordSchemas.container.parse(record);
    recordSchemas.container.parse(written(record));
    strictEqual(Object.keys(record)[0], "type");
    strictEqual(record.container.id, each.identity.id);
    strictEqual(Temporal.Instant.from(record.time).epochNanoseconds, at);
  }));
});

Deno.test("records: every tally's record is of the schema, before and after it is a line", () => {
  const interval = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(
      anyContainer,
      anyCounts,
      anyCounts,
      anyTime,
      interval,
      (each, total, added, at, ms) => {
        const record = tallyRecord({ container: each, total, new: added }, at, ms);
        recordSchemas.tally.parse(record);
        recordSchemas.tally.parse(written(record));
        strictEqual(Object.keys(record)[0], "type");
        deepStrictEqual(written(record).total, Object.fromEntries(total));
        deepStrictEqual(written(record).new, Object.fromEntries(added));
      },
    ),
  );
});

Deno.test("records: labels come back as they were, whatever they are called", () => {
  fc.assert(fc.property(fc.dictionary(hostileText, hostileText), (labels) => {
    const each = container("web", { metadata: { state: "known", description: { labels } } });
    const record = written(containerRecord({ action: "seen", container: each, time: 0n }));
    deepStrictEqual(record.container.label, written(labels));
  }));
});

Deno.test("records: a dotted path is OpenTelemetry's name", () => {
  const each = container("46cdd5404e55", {
    identity: { runtime: "oci", podUid: "of-the-path" },
    metadata: {
      state: "known",
      description: {
        runtime: "containerd",
        name: "k8s_nginx",
        image: { name: "nginx:1.27", id: "sha256:4f06" },
        labels: { app: "web" },
        pod: { name: "web-1", namespace: "shop", uid: "5e1f0d3c", container: "nginx" },
      },
    },
  });
  const record = written(containerRecord({ action: "seen", container: each, time: 0n }));
  const at = (path: string) => path.split(".").reduce((value, key) => value?.[key], record);
  // https://opentelemetry.io/docs/specs/semconv/registry/attributes/container/ and …/k8s/
  strictEqual(at("container.id"), "46cdd5404e55");
  strictEqual(at("container.name"), "k8s_nginx");
  strictEqual(at("container.runtime.name"), "containerd");
  strictEqual(at("container.image.name"), "nginx");
  strictEqual(at("container.image.tags.0"), "1.27");
  strictEqual(at("container.image.id"), "sha256:4f06");
  strictEqual(at("container.label.app"), "web");
  strictEqual(at("k8s.pod.name"), "web-1");
  strictEqual(at("k8s.pod.uid"), "5e1f0d3c");
  strictEqual(at("k8s.namespace.name"), "shop");
  strictEqual(at("k8s.container.name"), "nginx");
});

Deno.test("records: what is not known is not there, and the pod's uid is what the path says", () => {
  const pending = container("a", {
    identity: { podUid: "of-the-path" },
    metadata: { state: "pending" },
  });
  deepStrictEqual(written(containerRecord({ action: "seen", container: pending, time: 0n })), {
    type: "container",
    time: "1970-01-01T00:00:00.000000000Z",
    action: "seen",
    container: { id: "a", runtime: { name: "docker" }, metadata: "pending", cgroup: "/docker/a" },
    k8s: { pod: { uid: "of-the-path" } },
  });
  const unknown = container("a", { metadata: { state: "unknown", reason: "no answer" } });
  const { container: part, k8s } = containerRecord({
    action: "updated",
    container: unknown,
    time: 0n,
  });
  strictEqual(part.reason, "no answer");
  strictEqual(k8s, undefined);
});

Deno.test("records: counts are integers, and the interval is of whole milliseconds", () => {
  const record = tallyRecord(tally(container("a"), { read: 2 ** 53 - 1 }, { read: 3 }), 1n, 999.6);
  deepStrictEqual(record.total, { read: 9_007_199_254_740_991 });
  deepStrictEqual(new Map(Object.entries(record.new)), counts({ read: 3 }));
  strictEqual(record.interval_ms, 1000);
});

Deno.test("rfc3339: UTC, always nine digits", () => {
  strictEqual(rfc3339(0n), "1970-01-01T00:00:00.000000000Z");
  strictEqual(rfc3339(1_792_677_600_000_000_001n), "2026-10-22T14:00:00.000000001Z");
  fc.assert(fc.property(anyTime, (at) => {
    match(rfc3339(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    strictEqual(Temporal.Instant.from(rfc3339(at)).epochNanoseconds, at);
  }));
});

Deno.test("records: an image's name in OpenTelemetry's parts", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  deepStrictEqual(imagePart({ name: "nginx" }), { name: "nginx" });
  deepStrictEqual(imagePart({ name: "nginx:1.27", id: "a" }), {
    name: "nginx",
    tags: ["1.27"],
    id: "a",
  });
  deepStrictEqual(imagePart({ name: "localhost:5000/shop/web" }), {
    name: "localhost:5000/shop/web",
  });
  deepStrictEqual(imagePart({ name: `localhost:5000/web:a@${digest}` }), {
    name: "localhost:5000/web",
    tags: ["a"],
    repo_digests: [`localhost:5000/web@${digest}`],
  });
  deepStrictEqual(imagePart({ name: digest }), { name: digest });
  deepStrictEqual(imagePart({ id: "a" }), { id: "a" });
  // What was meant can be got back.
  fc.assert(fc.property(hostileText, (name) => {
    const { name: bare = "", tags: [tag] = [], repo_digests: [at] = [] } = imagePart({ name });
    const back = bare + (tag === undefined ? "" : `:${tag}`) + (at?.slice(bare.length) ?? "");
    strictEqual(back, name);
  }));
});
