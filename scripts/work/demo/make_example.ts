/** Makes data_files/example: what the demo leaves, made the same each time, without what is large or random. */
import { completeCommands } from "../../../lib/cli/complete_commands.ts";
import { ANALYSIS_PATHS, METADATA_PATHS, TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { drawExample } from "./draw_example.ts";
import { DEMO_START_MS, fillDemo } from "./fill_demo.ts";
import { steadyIds } from "./steady_ids.ts";

/** What stays of the tables; landing and standard, which are large, `deno task demo` makes. */
export const EXAMPLE_TABLES: readonly string[] = [
  ...[TABLE_PATHS.quarantine, TABLE_PATHS.runs, TABLE_PATHS.results, METADATA_PATHS.stations],
  ...Object.values(ANALYSIS_PATHS),
];
/** What a person has written there. */
const KEPT = new Set(["README.md"]);
/** In commands and in the log of the tables: an address that is nowhere. */
const DATA_DIR = "data_files/demo", API_URL = "http://simulator.invalid/api/v1";

/** Replaces what is in the folder. */
export async function makeExample(folder: string, signal: AbortSignal): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (!KEPT.has(name)) await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
  const lake = `${folder}/lake`, lines: string[] = [];
  await Deno.mkdir(lake);
  let ids = 0;
  const { text, headlines } = await fillDemo(lake, {
    clock: () => DEMO_START_MS,
    monotonic: () => 0,
    ids: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, "0")}`,
    random: () => 0.5,
    signal,
    say: (line) => lines.push(line),
    apiUrl: API_URL,
    report: {
      format: "html",
      looks: { colour: false, completeCommands: (command) => completeCommands(command, { DATA_DIR }) },
    },
  });
  await Deno.writeTextFile(`${folder}/demo.txt`, [...lines, "", ...headlines, ""].join("\n"));
  await Deno.writeTextFile(`${folder}/report.html`, `${text}\n`);
  await drawExample(lake, folder);
  for (const path of EXAMPLE_TABLES) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.rename(`${lake}/${path}`, `${folder}/${path}`);
    await steadyIds(`${folder}/${path}`);
  }
  await Deno.remove(lake, { recursive: true });
}
