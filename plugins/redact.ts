/** Passwords, tokens and the like, taken out of all that leaves the monitor. */
import { definePlugin, z } from "tallyman";

const REDACTED = "[redacted]";

/** What secrets are called. */
const NAME =
  "(?:password|passwd|passphrase|passcode|secret|token|credential|api[-_]?key|access[-_]?key|" +
  "private[-_]?key|auth[-_]?key|[-_]pwd|[-_]pass)s?";

/** A field, or an option of a program, whose value is one. */
const isSecretName = new RegExp(`(?:^pass$|^pwd$|${NAME}$)`, "i");
const isSecretOption = new RegExp(`^--?(?:pass|[\\w.-]*${NAME}[\\w.-]*)$`, "i");

/** Options of programs that say it in one letter. */
const shortOptions: readonly (readonly [program: RegExp, option: string])[] = [
  [/^(?:mysql|mariadb)/, "-p"],
  [/^sshpass$/, "-p"],
  [/^(?:curl|wget)$/, "-u"],
  [/^redis-cli$/, "-a"],
  [/^(?:ldap\w+|smbclient|docker|podman)$/, "-w"],
];

/** Part of any text: what is in the first group stays. */
const patterns: readonly RegExp[] = [
  // --password=x, PGPASSWORD=x, "token": "x"
  new RegExp(
    `(${NAME}[\\w.-]{0,64}["']?\\s{0,4}[=:]\\s{0,4})(?:"[^"]*"|'[^']*'|[^\\s"',;&]+)`,
    "gi",
  ),
  // --pass=x
  /(--?pass[= ]\s{0,4})[^\s"']+/gi,
  // --password x, of arguments that were put into one text
  new RegExp(`(--?(?:[\\w.]+-)*${NAME}\\s{1,4})[^\\s"'-][^\\s"']*`, "gi"),
  // mysql … -px
  /(\b(?:mysql|mariadb)[\w-]{0,32}\s(?:[^\n]{0,256}?\s)?-p)[^\s"']+/gi,
  /(\bsshpass\s{1,4}-p\s{0,4})[^\s"']+/gi,
  /(\bcurl\s(?:[^\n]{0,256}?\s)?(?:-u|--user)[= ]?\s{0,4}[^\s:"']*:)[^\s"']+/gi,
  // Headers of HTTP.
  /((?:proxy-)?authorization\s{0,4}[:=]\s{0,4}(?:(?:basic|bearer|digest|negotiate|token|apikey|aws4-hmac-sha256)\s+)?)[^\r\n"']+/gi,
  /((?:set-)?cookie\s{0,4}:\s{0,4})[^\r\n"']+/gi,
  /(\bx-[\w-]{0,32}(?:key|auth)\s{0,4}:\s{0,4})[^\s"']+/gi,
  // scheme://user:password@host
  /(:\/\/[^\s\/:@]*:)[^\s\/]*(?=@)/g,
  // What tells by its shape what it is.
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /()\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|npm_)[\w-]{10,}/g,
  /()\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /()-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,32}PRIVATE KEY-----|$)/g,
];

const pattern = z.string().min(1).superRefine((source, { addIssue }) => {
  try {
    new RegExp(source, "gu");
  } catch (error) {
    addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
});

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Arguments that are a secret by what stands before them, or by their program. */
function redactList(texts: readonly string[]): readonly string[] {
  if (texts.length < 2) return texts;
  const program = nameOf(texts[0] ?? "");
  const short = shortOptions.filter(([programs]) => programs.test(program)).map(([, each]) => each);
  return texts.map((text, i) => {
    const before = i === 0 ? "" : texts[i - 1] ?? "";
    // `-p` alone asks for the password, where it can be attached; taken out is then the next word, which is none.
    if (isSecretOption.test(before) || short.includes(before)) {
      return text.startsWith("-") ? text : REDACTED;
    }
    const option = i === 0 ? undefined : short.find((each) => text.startsWith(each));
    return option === undefined || text === option ? text : option + REDACTED;
  });
}

export default definePlugin({
  name: "redact",
  title: "Passwords, tokens and the like are taken out of all that is shown or written",
  options: z.object({
    patterns: z.array(pattern).default([]).describe("Regular expressions: what they match goes."),
    keys: z.array(z.string().min(1)).default([]).describe(
      "Fields, arguments and labels whose texts go, whatever they are.",
    ),
    defaults: z.boolean().default(true).describe("Whether usual secrets go, too."),
  }),
  state: ({ patterns: own, keys, defaults }) => ({
    defaults,
    keys: new Set(keys),
    patterns: [
      ...own.map((source) => new RegExp(`()(?:${source})`, "gu")),
      ...defaults ? patterns : [],
    ],
  }),
  rewrite({ texts, key, state }) {
    if (state.keys.has(key)) return texts.map(() => REDACTED);
    if (state.defaults && texts.length === 1 && isSecretName.test(key)) return [REDACTED];
    const listed = state.defaults ? redactList(texts) : texts;
    return listed.map((text) =>
      state.patterns.reduce((rest, each) => rest.replace(each, `$1${REDACTED}`), text)
    );
  },
});
