/**
 * Files for a test.
 *
 * @module
 */
import { dirname, join } from "node:path";

/** A folder that is removed at the end. */
export class Folder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "tallyman-test-" });

  /** @param files What is in it, by name. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Where a file of that name is, or would be. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** @returns where it is. */
  write(name: string, text: string): string {
    const file = this.file(name);
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(file, text);
    return file;
  }

  /** What is in a file; nothing, if there is none yet. */
  read(name: string): string {
    try {
      return Deno.readTextFileSync(this.file(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
