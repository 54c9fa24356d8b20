/** What the analysis tables hold beside those that are made anew of the standard table and of all landed messages. */
import { LocalStore } from "../../lib/delta/mod.ts";
import { analyseLake } from "../../lib/pipeline/analysis/analyse_lake.ts";
import { ANALYSIS_PATHS } from "../../lib/tables/table_paths.ts";
import { readAnalysis } from "../pipeline/table_content.ts";

/** Rows that are in one of both. The tables of the folder are made anew on the way. */
export async function analysisDifferences(folder: string): Promise<readonly string[]> {
  const storeOf = (path: string) => new LocalStore(`${folder}/${path}`);
  const followed = await readAnalysis(storeOf);
  for (const path of Object.values(ANALYSIS_PATHS)) {
    await Deno.remove(`${folder}/${path}`, { recursive: true });
  }
  await analyseLake({
    storeOf,
    context: { clock: Date.now, ids: () => crypto.randomUUID() },
    signal: new AbortController().signal,
    releaseMemory: () => new Promise((resolve) => setTimeout(resolve, 0)),
  });
  const anew = await readAnalysis(storeOf);
  const [before, after] = [new Set(followed), new Set(anew)];
  return [
    ...followed.filter((line) => !after.has(line)).map((line) => `only followed ${line}`),
    ...anew.filter((line) => !before.has(line)).map((line) => `only anew ${line}`),
  ];
}
