/**
 * The result of `monitor.ts count`: tables as `strace -c` has them, or JSON.
 *
 * @module
 */
import {
  type ContainerTally,
  displayName,
  type Durations,
  printable,
  shortId,
  sum,
} from "../sinks/mod.ts";

/** What an errno is called. */
export type ErrorName = (errno: number) => string;

/** A row of a table, or its last: a call, or all of them. */
interface Line {
  readonly syscall: string;
  readonly calls: number;
  readonly share: number;
  readonly errors: number;
  readonly durations: Durations | undefined;
}

interface Column {
  readonly title: string;
  readonly width: number;
  text(line: Line): string;
}

const decimal = new Intl.NumberFormat("en-US", { useGrouping: false });

/** In units of so many ns; what is not known is left out. */
function time(title: string, unit: number, of: (durations: Durations) => number): Column {
  return {
    title,
    width: 10,
    text: ({ durations }) => durations === undefined ? "" : (of(durations) / unit).toFixed(1),
  };
}

const share: Column = { title: "% calls", width: 7, text: (line) => line.share.toFixed(2) };
const calls: Column = { title: "calls", width: 11, text: (line) => decimal.format(line.calls) };
const errors: Column = {
  title: "errors",
  width: 9,
  text: (line) => line.errors === 0 ? "" : decimal.format(line.errors),
};
const times: readonly Column[] = [
  time("total ms", 1e6, ({ total }) => total),
  time("mean us", 1e3, ({ mean }) => mean),
  time("p50 us", 1e3, (durations) => durations.quantile(0.5)),
  time("p99 us", 1e3, (durations) => durations.quantile(0.99)),
  time("max us", 1e3, ({ longest }) => longest),
];

function failures(tally: ContainerTally, syscall: string): number {
  let all = 0;
  for (const count of tally.errors?.get(syscall)?.values() ?? []) all += count;
  return all;
}

/** Calls by how long they took in all where that is known, else by how many they are: most first. */
function linesOf(tally: ContainerTally): Line[] {
  const all = sum(tally.total);
  const lines = [...tally.total].map(([syscall, n]): Line => ({
    syscall,
    calls: n,
    share: 100 * n / all,
    errors: failures(tally, syscall),
    durations: tally.durations?.get(syscall),
  }));
  const weight = ({ calls, durations }: Line) => tally.durations ? durations?.total ?? 0 : calls;
  return lines.sort((a, b) =>
    weight(b) - weight(a) || b.calls - a.calls || (a.syscall < b.syscall ? -1 : 1)
  );
}

/** `openat       ENOENT 12, EACCES 1` for each call that failed. */
function errorLines(tally: ContainerTally, lines: readonly Line[], nameOf: ErrorName): string[] {
  return lines.filter((line) => line.errors > 0).map(({ syscall }) => {
    const kinds = [...tally.errors?.get(syscall) ?? []].sort(([, n], [, m]) => m - n);
    const text = kinds.map(([errno, n]) => `${nameOf(errno)} ${decimal.format(n)}`).join(", ");
    return `  ${printable(syscall)}: ${text}`;
  });
}

function table(tally: ContainerTally, nameOf: ErrorName): string {
  const { container } = tally;
  const lines = linesOf(tally);
  const columns = [
    share,
    calls,
    ...(tally.errors ? [errors] : []),
    ...(tally.durations ? times : []),
  ];
  const row = (cell: (column: Column) => string, last: string) =>
    [...columns.map((column) => cell(column).padStart(column.width)), last].join(" ");
  const rule = row(({ width }) => "-".repeat(width), "-".repeat(16));
  const all = sum(tally.total);
  const end: Line = {
    syscall: "total",
    calls: all,
    share: 100,
    errors: lines.reduce((most, line) => most + line.errors, 0),
    durations: undefined,
  };
  const name = displayName(container);
  const id = shortId(container.identity.id);
  const heading = [name, ...(id === name ? [] : [id]), container.identity.runtime];
  const failed = errorLines(tally, lines, nameOf);
  return [
    heading.map(printable).join("  "),
    row(({ title }) => title, "syscall"),
    rule,
    ...lines.map((line) => row((column) => column.text(line), printable(line.syscall))),
    rule,
    row((column) => column.text(end), "total"),
    ...(failed.length > 0 ? ["errors", ...failed] : []),
    "",
  ].join("\n");
}

/** A table a container. */
export function countTables(tallies: readonly ContainerTally[], nameOf: ErrorName): string {
  return tallies.length === 0
    ? "no calls\n"
    : tallies.map((tally) => table(tally, nameOf)).join("\n");
}

function durationsJson(durations: Durations): Record<string, number> {
  return {
    calls: durations.calls,
    total_ns: durations.total,
    mean_ns: Math.round(durations.mean),
    p50_ns: Math.round(durations.quantile(0.5)),
    p99_ns: Math.round(durations.quantile(0.99)),
    max_ns: durations.longest,
  };
}

/** An array with an object a container. */
export function countsJson(tallies: readonly ContainerTally[], nameOf: ErrorName): string {
  const containers = tallies.map((tally) => {
    const { container: { identity, metadata }, durations, errors } = tally;
    const description = metadata.state === "known" ? metadata.description : undefined;
    const lines = linesOf(tally);
    const errorsOf = (syscall: string) =>
      Object.fromEntries([...errors?.get(syscall) ?? []].map(([errno, n]) => [nameOf(errno), n]));
    return {
      container: {
        id: identity.id,
        name: description?.name,
        runtime: description?.runtime ?? identity.runtime,
        image: description?.image,
      },
      calls: sum(tally.total),
      total: Object.fromEntries(lines.map((line) => [line.syscall, line.calls])),
      ...(errors && {
        errors: Object.fromEntries(
          lines.filter((line) => line.errors > 0)
            .map(({ syscall }) => [syscall, errorsOf(syscall)]),
        ),
      }),
      ...(durations && {
        latency: Object.fromEntries(
          lines.flatMap(({ syscall, durations: of }) => of ? [[syscall, durationsJson(of)]] : []),
        ),
      }),
    };
  });
  return `${JSON.stringify(containers, undefined, 2)}\n`;
}
