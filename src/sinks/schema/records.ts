/**
 * Every record, field by field: what is documented, published and checked is made from this.
 *
 * @module
 */
import { z } from "zod";
import { type RecordType, recordTypes } from "../record_types.ts";
import {
  anywhere,
  call,
  calls,
  container,
  k8s,
  process,
  thread,
  time,
  wholeContainer,
} from "./parts.ts";

/** The first member of each. */
const TYPE = "Which record it is";

const status = z.strictObject({
  type: z.literal("status").describe(TYPE),
  time: time("Of the run's beginning or end"),
  state: z.enum(["started", "stopped"]).describe(
    "`started`: the records of a run follow; `stopped`: there are no more",
  ),
  schema_version: z.int().positive().describe(
    "Of all records. It grows when a field goes away or gets another meaning; fields, types and values may be added without",
  ),
  service: z.strictObject({
    name: z.literal("tallyman").describe("Who writes"),
    version: z.string().describe("tallyman's own"),
  }),
  host: z.strictObject({
    name: z.string().describe("As `hostname` says it"),
    arch: z.enum(["amd64", "arm64"]).describe("Its processor's"),
  }),
  os: z.strictObject({
    type: z.literal("linux").describe("There is no other"),
    version: z.string().describe("The kernel's, as `uname -r` says it"),
  }),
  process: z.strictObject({
    pid: z.int().nonnegative().describe("The monitor's own"),
    creation: z.strictObject({ time: time("When the monitor was started") }),
    runtime: z.strictObject({
      name: z.literal("deno").describe("What runs it"),
      version: z.string().describe("Deno's"),
    }),
  }),
  libbpf: z.strictObject({ version: z.string().describe("Of the library that was loaded") })
    .optional(),
  ...anywhere,
}).describe(
  "Who writes, and by which schema: the first record of a run and, if it ended by itself or by a signal that it could hear, the last.",
);

const containerRecord = z.strictObject({
  type: z.literal("container").describe(TYPE),
  time: time("When it came, went, or became known"),
  action: z.enum(["seen", "started", "updated", "stopped"]).describe(
    "`seen`: it ran before the monitor; `updated`: its metadata came, or changed",
  ),
  container: wholeContainer,
  k8s: k8s.optional(),
  ...anywhere,
}).describe(
  "A container came, went, or became known. It is told of before its tallies and events, its end after them.",
);

const tally = z.strictObject({
  type: z.literal("tally").describe(TYPE),
  time: time("Of the tick"),
  container,
  k8s: k8s.optional(),
  total: calls("Calls since the monitor began to see the container"),
  new: calls("Calls since the last tick"),
  terminal: z.strictObject({
    total: calls("Likewise, since the monitor began to see the container"),
    new: calls("Likewise, since the last tick"),
  }).optional().describe(
    "Those of the calls above that were made on a terminal, where that is counted: see [counting](counting.md)",
  ),
  interval_ms: z.int().nonnegative().describe("Since the last tick"),
  ...anywhere,
}).describe(
  "What a container has called, at each tick at which something was new. Exact: see [counting](counting.md).",
);

const processRecord = z.strictObject({
  type: z.literal("process").describe(TYPE),
  time: time("When it happened"),
  action: z.enum(["started", "executed", "exited"]).describe(
    "`started`: it was forked, and runs what its parent runs; `executed`: it runs another program",
  ),
  container,
  k8s: k8s.optional(),
  process: process.extend({
    name: z.string().describe("Its first thread's"),
    exit_code: z.int().nonnegative().optional().describe("Of one that ended by itself"),
    exit_signal: z.int().positive().optional().describe("The number of the signal that ended it"),
    core_dumped: z.boolean().optional().describe("A core was dumped"),
  }),
  ...anywhere,
}).describe(
  "A process of a container began, executed a program, or ended: with `--processes`, see [events](events.md).",
);

const plugins = z.record(
  z.string(),
  z.record(z.string(), z.json()).describe("What this one has added"),
).optional().describe(
  "What plugins have added, by their names",
);

const event = z.strictObject({
  type: z.literal("event").describe(TYPE),
  time: time("Of the call's enter"),
  container,
  k8s: k8s.optional(),
  process,
  thread,
  ...call,
  in_flight: z.boolean().optional().describe(
    "It had not returned when this was written, `duration_ns` after its enter; without that it began before the monitor, and `time` is when it was seen",
  ),
  plugins,
  ...anywhere,
}).describe("A call, as it was asked for: see [events](events.md).");

const alert = z.strictObject({
  type: z.literal("alert").describe(TYPE),
  time: time("Of what it is about: of a call its enter"),
  security_rule: z.strictObject({
    name: z.string().describe("The rule's id"),
    description: z.string().describe("Its title"),
  }),
  severity: z.enum(["info", "notice", "warning", "error", "critical"]).describe(
    "The rule's, or what a configuration says instead",
  ),
  message: z.string().describe("For people. What a container named is in it as it is"),
  tags: z.array(z.string()).optional().describe("The rule's: `mitre:T1003`, `network`"),
  container: container.optional(),
  k8s: k8s.optional(),
  process: process.optional(),
  thread: thread.optional(),
  event: z.strictObject(call).optional().describe("The call that it is about"),
  fields: z.record(z.string(), z.json()).optional().describe("What the rule has added"),
  plugins,
  suppressed: z.int().nonnegative().describe(
    "Alerts of the same kind that were held back before this one; without an `event`, those that it tells of",
  ),
  repeat: z.int().min(2).optional().describe(
    "It has been told so often in the same words, of the same call or tick: no two lines are the same",
  ),
  ...anywhere,
}).describe("A rule has found something: see [rules](rules.md).");

const loss = z.strictObject({
  type: z.literal("loss").describe(TYPE),
  time: time("Of the tick that found it"),
  container: container.optional().describe("Whose events; absent where that is not known"),
  reason: z.string().describe(
    "`ring_full`, `rate_limited`, `no_state`, `no_exit`, `decode_error`: events that were not delivered; `no_owner`: likewise, and of whom they were is not known; `name_pending`: events that rules or `--container` ask for by a name that was not known yet, and that could not wait for it; `process_ring_full`: a fork, exec or end of a process that was not told; `program_missed`: calls that the kernel let pass uncounted (Linux 7.0 and later); `filtered`: events that a plugin left out; `queue_full`: records that `sink` did not take in time",
  ),
  syscall: z.string().optional().describe("Of which call they were, where that is known"),
  plugin: z.string().optional().describe("Of `filtered`: which plugin"),
  sink: z.string().optional().describe(
    "Of `queue_full`: who did not take them: `stdout`, a file's path, a sink's address",
  ),
  record: z.enum(recordTypes).optional().describe("Of `queue_full`: the type of the records"),
  count: z.int().positive().describe("Since the last such record"),
  ...anywhere,
}).describe("What was not delivered, or not counted: nothing is lost in silence.");

/** By the record's type. A new type is a row here, in the examples and in ../record_types.ts. */
export const recordSchemas = {
  status,
  container: containerRecord,
  tally,
  process: processRecord,
  event,
  alert,
  loss,
} satisfies Readonly<Record<RecordType, z.ZodType>>;

/** Any record. */
export const anyRecord = z.discriminatedUnion("type", [
  status,
  containerRecord,
  tally,
  processRecord,
  event,
  alert,
  loss,
]);

/** What a record holds: `type` tells which it is. */
export type JsonlRecord = z.infer<typeof anyRecord>;
