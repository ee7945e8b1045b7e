#!/usr/bin/env -S deno run -A
/**
 * The command: reads argv, hands over to src/cli.
 *
 * @module
 */
import { main } from "./src/cli/main.ts";

Deno.exit(await main(Deno.args));
