/**
 * What this machine has.
 *
 * @module
 */

/** Whether a tool is installed. */
export async function isInstalled(command: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args: ["--version"] }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
