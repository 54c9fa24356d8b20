/** Finds the Jupyter that shows the notebook; part of the host. */
import { UsageError } from "../../lib/errors.ts";

/**
 * The first Jupyter that is there, and the first of its parts.
 *
 * @throws {UsageError} when none is there; the message says how it comes
 */
export async function findJupyter(
  jupyters: readonly string[],
  fronts: readonly string[],
): Promise<readonly [jupyter: string, front: string]> {
  for (const jupyter of jupyters) {
    for (const front of fronts) if (await isThere(jupyter, front)) return [jupyter, front];
  }
  throw new UsageError([
    `Cannot open the notebook: found no ${fronts.join(" or ")} of Jupyter in .venv or PATH, expected one; ` +
    "`python3 -m venv .venv && .venv/bin/pip install jupyterlab` brings it",
  ]);
}

async function isThere(jupyter: string, front: string): Promise<boolean> {
  try {
    const { code } = await new Deno.Command(jupyter, { args: [front, "--version"], stdin: "null" }).output();
    return code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
