/** Records by HTTP POST, many in one request: application/x-ndjson. */
import { definePlugin, z } from "tallyman";

/** ms for a request. */
const WITHIN = 30_000;

function areHeaders(headers: Readonly<Record<string, string>>): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

/** Where requests go to, without what may be a password. */
function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

export default definePlugin({
  name: "http",
  title: "Records are posted by HTTP, many in one request",
  options: z.object({
    url: z.string().refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), {
      error: "expected http://HOST/PATH or https://HOST/PATH",
    }).describe("Where to."),
    headers: z.record(z.string(), z.string()).refine(areHeaders, {
      error: "expected names and values of HTTP headers",
    }).default({}).describe("Sent with each request: `authorization`, …"),
  }),
  sink({ url, headers: more }, { tell }) {
    const headers = new Headers(more);
    if (!headers.has("content-type")) headers.set("content-type", "application/x-ndjson");
    let refused = 0;
    return {
      name: nameOf(url),
      batchBytes: 1 << 20,
      async writeBatch({ bytes, count }) {
        const signal = AbortSignal.timeout(WITHIN);
        const response = await fetch(url, { method: "POST", headers, body: bytes, signal });
        await response.body?.cancel();
        const { ok, status } = response;
        if (ok) return;
        if (status === 429 || status >= 500) throw new Error(`the server answers ${status}`);
        // It will not want it the next time either.
        if (refused === 0) {
          tell(`the server answers ${status}: records that it refuses are dropped.`);
        }
        refused += count;
      },
      close() {
        if (refused > 0) tell(`${refused} records were refused.`);
      },
    };
  },
});
