/** The file with the user's limits of the quality rules, beside the tables. */
import type { PolicySource } from "../../lib/pipeline/report/read_limits.ts";

/** Where it is, and how it is read; it need not be there. */
export function policyIn(dataDir: string): PolicySource {
  return { path: `${dataDir}/quality.yaml`, read: readIfThere };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
