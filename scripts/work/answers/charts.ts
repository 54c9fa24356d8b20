/** What `deno task charts` does; a module of its own, so that `--help` need not load it. */
import { parseTrainName } from "../../../lib/answers/train/train_history.ts";
import { trafficPage, trafficText } from "../../../lib/charts/traffic_page.ts";
import type { CHART_OPTIONS } from "../../../lib/cli/flags/chart_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import type { Call } from "../../../lib/cli/run_command.ts";
import { UsageError } from "../../../lib/errors.ts";
import { isStandardOutput, writeOutput } from "../../../lib/inspect/output_file.ts";
import { readCharts } from "../../../lib/pipeline/pictures/read_charts.ts";
import { answerSource } from "./answer_source.ts";

/** Resolves to the exit code. */
export async function showCharts(
  { config, flags: { date, line, hours, train, out }, print, forPeople, progress }: Call<
    typeof CHART_OPTIONS
  >,
): Promise<number> {
  const name = train === undefined ? undefined : parseTrainName([train]);
  if (name === null) {
    throw new UsageError([
      `Cannot use "--train": found ${JSON.stringify(train)}, expected a train such as 27 or IC27`,
    ]);
  }
  progress.doing("reading the tables");
  const charts = await readCharts(answerSource(config), { date, line, hours, train: name });
  if (out !== undefined && isStandardOutput(out)) print(trafficPage(charts));
  else {
    if (out !== undefined) await writeOutput(out, new TextEncoder().encode(trafficPage(charts)));
    print(forPeople(trafficText(charts, out)));
  }
  return EXIT_CODES.done.code;
}
