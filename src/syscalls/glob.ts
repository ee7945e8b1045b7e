/**
 * Patterns of names, as shells have them.
 *
 * @module
 */

/** A glob: `*` any text, `?` any character, `[ab]` one of those; all else is itself. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[(?![!^]\])[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return part.length > 1 ? characterClass(part) : literal(part);
  });
  return new RegExp(`^${source}$`, "su");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** `[a-c]`, `[!a-c]`; a class that can't be, like `[c-a]`, is text as well. */
function characterClass(part: string): string {
  const source = part.replace(/^\[!/, "[^").replace(/\\/g, "\\\\");
  try {
    new RegExp(source, "su");
    return source;
  } catch {
    return literal(part);
  }
}
