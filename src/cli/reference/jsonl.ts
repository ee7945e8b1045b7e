/**
 * docs/jsonl.md, made from the schema.
 *
 * @module
 */
import { recordTypes, SCHEMA_VERSION } from "../../sinks/mod.ts";
import { type JsonSchema, jsonSchema, recordExamples } from "../../sinks/schema/mod.ts";

/** A field of a record, by its dotted path. */
interface Field {
  readonly path: string;
  readonly type: string;
  readonly meaning: string;
  readonly isOptional: boolean;
}

/** `string`, `integer`, the values that there are, or what it is made of. */
function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${each}\``).join(", ");
  if (schema["pattern"] !== undefined && String(schema["pattern"]).includes("T")) return "time";
  if (schema["contentEncoding"] === "base64") return "Base64";
  if (schema.type === "array") return `list of ${plural(schema.items ?? {})}`;
  if (schema.type === undefined) return "any";
  return String(schema.type);
}

function plural({ type }: JsonSchema): string {
  return type === undefined ? "anything" : `${type}s`;
}

/** What an object's fields are, those of its objects and lists of objects among them. */
function* fieldsOf(schema: JsonSchema, prefix = "", isOptional = false): Generator<Field> {
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const path = prefix + name;
    const isAbsent = isOptional || !(schema.required ?? []).includes(name);
    const { additionalProperties: values, items } = each;
    const meaning = each.description ?? "";
    if (each.properties !== undefined) {
      if (meaning !== "") yield { path, type: "object", meaning, isOptional: isAbsent };
      yield* fieldsOf(each, `${path}.`, isAbsent);
    } else if (values !== undefined) {
      yield { path, type: "object", meaning, isOptional: isAbsent };
      yield* valuesOf(values, `${path}.*`);
    } else {
      yield { path, type: typeOf(each), meaning, isOptional: isAbsent };
      if (items?.properties !== undefined) yield* fieldsOf(items, `${path}[].`);
    }
  }
}

/** What is the same for all members of an object, whatever they are called. */
function* valuesOf(values: JsonSchema, path: string): Generator<Field> {
  if (values.properties !== undefined) yield* fieldsOf(values, `${path}.`);
  else if (values.type !== undefined) {
    yield { path, type: typeOf(values), meaning: values.description ?? "", isOptional: false };
  }
}

function row({ path, type, meaning, isOptional }: Field): string {
  const cells = [`\`${path}\`${isOptional ? " ?" : ""}`, type, meaning];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Fields of which nothing is said. */
export function undescribed(): string[] {
  return recordTypes.flatMap((type) =>
    [...fieldsOf(jsonSchema(type))].filter(({ meaning }) => meaning === "")
      .map(({ path }) => `${type}: ${path}`)
  );
}

const head = `<!-- Made by \`deno task docs\` from src/sinks/schema: change it there. -->

# Records

With \`--jsonl\` the monitor writes one JSON object a line: to standard output, or with \`--jsonl FILE\`
to a file, which only its owner may read. Each line is whole, ends with a newline and has no other
control character in it, whatever a container has named.

\`\`\`sh
deno run -A monitor.ts demo --jsonl --duration 2s
\`\`\`

- **Which record it is**, \`type\` says, which comes first: ${
  recordTypes.map((type) => `[${type}](#${type})`).join(", ")
}.
- **Names** are nested so that a dotted path is OpenTelemetry's name wherever it has one:
  \`container.image.name\`, \`process.executable.path\`, \`k8s.pod.name\`, \`security_rule.name\`.
- **Times** are RFC 3339, in UTC, with nanoseconds. Counts are integers. Engines' ids are strings.
- **What is not known is left out.** A field with a question mark may be absent.
- **The schema has a version**, ${SCHEMA_VERSION}: the first record of a run tells it. It grows when a field goes away or
  gets another meaning. Fields, types of records and values of a field may be added without: a
  reader skips what it does not know.

The same as JSON Schema, of all records or of one type:

\`\`\`sh
deno run -A monitor.ts schema
deno run -A monitor.ts schema alert
\`\`\`

Alerts can also be written as Elastic or Falco have them: see [formats](formats.md).

## Bytes that are no UTF-8

File names, arguments and names of programs are any bytes in Linux, and JSON is UTF-8. Where a text
is not, it has U+FFFD for each byte that is part of no character, and the record has \`not_utf8\`:
where the text is, as a JSON pointer (RFC 6901), and its true bytes in Base64. So two names that
differ always differ in the record, and every line is JSON that strict readers take. Should the name
of a member be no UTF-8 (a label's), its pointer has \`#\` before it. To get back what was meant:

\`\`\`python
import base64, json, sys

for line in sys.stdin:
    record = json.loads(line)
    for pointer, text in record.pop("not_utf8", {}).items():
        if pointer.startswith("#"):
            continue  # the name of a member
        *way, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        part = record
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[int(last) if isinstance(part, list) else last] = base64.b64decode(text)
    print(record)
\`\`\`

The bytes of a buffer that was read or written are in its argument, as \`base64\`.
`;

/** The page, before it is formatted. */
export function jsonlPage(): string {
  const sections = recordTypes.map((type) => {
    const schema = jsonSchema(type);
    return [
      `## ${type}`,
      schema.description ?? "",
      "| field | type | meaning |\n| --- | --- | --- |\n" +
      [...fieldsOf(schema)].map(row).join("\n"),
      `\`\`\`json\n${JSON.stringify(recordExamples[type])}\n\`\`\``,
    ].join("\n\n");
  });
  return `${[head, ...sections].join("\n\n")}\n`;
}
