/**
 * `monitor.ts containers`: what there is now.
 *
 * @module
 */
import { Cgroups, type Container, type Found, MetadataFinder, scan } from "../containers/mod.ts";
import { displayName, printable, shortId, writeAll } from "../sinks/mod.ts";
import { withEngines } from "./engines.ts";

/** Engines get this long: their own time-out, and a little. */
const METADATA_WITHIN = 2500;

/** Lists the containers that run. */
export async function containers(options: { readonly json: boolean }): Promise<void> {
  const { found } = scan(Cgroups.read());
  using engines = withEngines({ events: false });
  using finder = new MetadataFinder(engines.for, []);
  const listed = found.map((each) => ({ found: each, container: described(each) }));
  for (const { container } of listed) finder.find(container);
  await finder.settled(METADATA_WITHIN);
  listed.sort((a, b) => displayName(a.container) < displayName(b.container) ? -1 : 1);
  writeAll(Deno.stdout, options.json ? json(listed) : table(listed));
}

interface Listed {
  readonly found: Found;
  readonly container: Container;
}

function described({ identity, v1 }: Found): Container {
  return {
    identity,
    metadata: { state: "pending" },
    v1,
    origin: "seen",
    since: 0n,
    state: "running",
  };
}

function facts({ found: { identity, pids }, container }: Listed) {
  const { metadata } = container;
  const description = metadata.state === "known" ? metadata.description : {};
  const { pod } = description;
  const podUid = pod?.uid ?? identity.podUid;
  return {
    id: identity.id,
    name: displayName(container),
    runtime: description.runtime ?? identity.runtime,
    image: description.image,
    labels: description.labels,
    pod: pod === undefined && podUid === undefined ? undefined : { ...pod, uid: podUid },
    cgroup: identity.cgroup,
    processes: pids.length,
    metadata: metadata.state,
    reason: metadata.state === "unknown" ? metadata.reason : undefined,
  };
}

function json(listed: readonly Listed[]): string {
  return `${JSON.stringify(listed.map(facts), undefined, 2)}\n`;
}

function table(listed: readonly Listed[]): string {
  if (listed.length === 0) {
    return "no containers run here now; `monitor.ts demo` starts some to look at\n";
  }
  const rows = listed.map(facts).map((each) => [
    each.name,
    shortId(each.id),
    each.runtime,
    each.image?.name ?? "-",
    each.pod === undefined
      ? "-"
      : [each.pod.namespace, each.pod.name ?? each.pod.uid].filter(Boolean)
        .join("/"),
    String(each.processes),
    each.cgroup,
  ]);
  const lines = [["NAME", "ID", "RUNTIME", "IMAGE", "POD", "PROCESSES", "CGROUP"], ...rows]
    .map((row) => row.map(printable));
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((row) => row[i]?.length ?? 0))) ??
    [];
  return lines.map((row) =>
    row.map((cell, i) => i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)).join("  ") +
    "\n"
  ).join("");
}
