/** What `deno task station` does; a module of its own, so that `--help` need not load it. */
import { renderStation, renderStationJson } from "../../../lib/answers/station/render_station.ts";
import type { STATION_OPTIONS } from "../../../lib/cli/flags/answer_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import type { Call } from "../../../lib/cli/run_command.ts";
import { readStation } from "../../../lib/pipeline/answers/read_station.ts";
import { answerSource, outputColumns, writeAnswer } from "./answer_source.ts";

/** Resolves to the exit code. */
export async function showStation(
  { config, flags, positionals, print, completeCommands }: Call<typeof STATION_OPTIONS>,
): Promise<number> {
  const { date, after, limit, format, out } = flags;
  const board = await readStation(answerSource(config), { text: positionals.join(" "), date });
  const text = format === "json"
    ? renderStationJson(board)
    : format === "html"
    ? (await import("../../../lib/answers/pictures/station_page.ts")).stationPage(board)
    : renderStation(board, { columns: outputColumns(), limit, after, completeCommands });
  await writeAnswer(text, { out, print });
  return EXIT_CODES.done.code;
}
