/**
 * What strace says of a process that runs already.
 *
 * @module
 */

/**
 * Traces a process and its children until they end.
 *
 * @param args Further ones, of strace.
 * @param act Is called when strace has attached.
 * @returns the lines of its output.
 */
export async function straced(
  pid: number,
  args: readonly string[],
  act: () => void | Promise<void>,
): Promise<string[]> {
  const output = await Deno.makeTempFile();
  try {
    const tracer = new Deno.Command("strace", {
      args: ["-f", ...args, "-o", output, "-p", String(pid)],
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const reader = tracer.stderr.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read(); // "strace: Process 812 attached"
    await act();
    await tracer.status;
    await reader.cancel();
    return Deno.readTextFileSync(output).split("\n");
  } finally {
    await Deno.remove(output);
  }
}
