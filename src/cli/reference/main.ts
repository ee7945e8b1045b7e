/**
 * `deno task docs`: writes the pages that are made.
 *
 * @module
 */
import { madePages } from "./mod.ts";

const root = new URL("../../../", import.meta.url);

for (const [file, text] of await madePages()) Deno.writeTextFileSync(new URL(file, root), text);
