/**
 * What lines of output look like. A page's are told by them from what the program has never written, and the
 * program's own from what no page shows.
 *
 * @module
 */

const clock = String.raw`\d\d:\d\d:\d\d`;
const count = String.raw`\d{1,3}(?:,\d{3})*`;

/** By what the line is. */
const shapes: Readonly<Record<string, RegExp>> = {
  "an alert": new RegExp(
    String
      .raw`^${clock} (?:INFO|NOTICE|WARNING|ERROR|CRITICAL) [a-z0-9]+(?:-[a-z0-9]+)* [^:]+: .+$`,
  ),
  "a tick's first line": new RegExp(String.raw`^${clock} {2}\d+ containers?(?: {2}· {2}.+)?$`),
  "the columns of a tick": /^ {2}SYSCALL +TOTAL +NEW$/,
  "why there is no container": /^ {2}(?:none so far|none that was asked for|\d+ quiet)\b.+$/,
  "a container": new RegExp(
    String.raw`^\S.* {2}${count} calls(?: {2}\+${count})?(?: {2}stopped)?$`,
  ),
  "a call": new RegExp(
    String.raw`^ {2}(?:[a-z0-9_:]+|… \d+ more|… \w+ hid) +${count}(?: +\+${count} ←)?$`,
  ),
  "an event": new RegExp(
    String
      .raw`^${clock}\.\d{6} \S+ .+\[\d+\] [a-z0-9_:]+\(.*\) = .+?(?: {2}(?:in flight .+|\d+\.\d{3}ms))?(?: \(.+\))?$`,
  ),
  "how many events": /^\d+ events?$/,
  "why there are no events": /^0 events: .+$/,
  "a count's container": /^\S+ {2}\w+$/,
  "a count's columns": /^% calls +calls(?: +errors)?(?: +total ms.* max us)? syscall$/,
  "a count's rule": /^-{7}(?: -+)+$/,
  "a count": /^ *\d+\.\d\d +\d+(?: +\d+)*(?: +\d+\.\d){0,5} +[a-z0-9_:]+$/,
  "errors follow": /^errors$/,
  "errors of a call": /^ {2}[a-z0-9_:]+: [A-Z0-9]+ \d+(?:, [A-Z0-9]+ \d+)*$/,
  "rules are right": /^ok: \d+ rules? in \d+ files?: [a-z0-9-]+(?:, [a-z0-9-]+)*$/,
  "a recording": /^\/\S+: \d+ events, \d+ bytes$/,
  "rules were loaded again": /^reloaded: \d+ rules? of \S+$/,
  "a file can't be loaded": /^\S+:\d+:\d+: SyntaxError: .+$/,
  "a configuration is wrong":
    /^\S+\.(?:ts|json):\d+:\d+: [a-z]+(?:\.[\w-]+)*: there is no .+\. Did you mean .+\?$/,
  "rules run on": /^not reloaded: \S+: its rule runs as it did$/,
  "rules' process ended": /^rules: their process .+; it is started again in \d+ ms$/,
  "a rule was switched off": /^rule [a-z0-9-]+: .+; it is switched off$/,
};

/** What a line is; undefined: nothing that is known. */
export function shapeOf(line: string): string | undefined {
  return Object.entries(shapes).find(([, shape]) => shape.test(line))?.[0];
}
