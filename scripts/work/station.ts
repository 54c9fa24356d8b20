/** What `deno task station` does; a module of its own, so that `--help` need not load it. */
import { renderStation, renderStationJson } from "../../lib/answers/station/render_station.ts";
import type { STATION_OPTIONS } from "../../lib/cli/answer_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import { readStation } from "../../lib/pipeline/answers/read_station.ts";
import { answerSource, outputColumns } from "./answer_source.ts";

/** Resolves to the exit code. */
export async function showStation(
  { config, flags, positionals, print, completeCommands }: Call<typeof STATION_OPTIONS>,
): Promise<number> {
  const { date, after, limit, format } = flags;
  const board = await readStation(answerSource(config), { text: positionals.join(" "), date });
  if (format === "json") print(renderStationJson(board));
  else print(renderStation(board, { columns: outputColumns(), limit, after, completeCommands }));
  return EXIT_CODES.done.code;
}
