/**
 * Other programs, run to their end.
 *
 * @module
 */

/** A program that was run ended with something else than 0, or could not be run. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Lines of a failed program's standard error that its error quotes. */
const QUOTED_LINES = 15;

/** How a program is to be run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/**
 * Runs a program and waits for it.
 *
 * @returns What it wrote to its standard output.
 * @throws {CommandError} which quotes the end of its standard error, unless it ends with 0.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const line = [program, ...args].join(" ");
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, { ...options, args: [...args] }).output();
  } catch (cause) {
    throw new CommandError(`${line}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (output.success) return output.stdout;
  const said = new TextDecoder().decode(output.stderr).trimEnd().split("\n").slice(-QUOTED_LINES);
  throw new CommandError(`${line}: ended with ${output.code}\n${said.join("\n")}`);
}

/** Like {@linkcode run}, for programs that write text. */
export async function runForText(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new TextDecoder().decode(await run(program, args, options));
}
