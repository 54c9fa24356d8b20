/** The file with the limits of the user, if there is one. */
import type { ReportOptions } from "../lib/pipeline/report_quality.ts";

/** In the folder of the tables. */
export function policyFileIn(dataDir: string): ReportOptions["policyFile"] {
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
