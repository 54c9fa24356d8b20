/** What `deno task train` does; a module of its own, so that `--help` need not load it. */
import { renderTrain, renderTrainJson } from "../../../lib/answers/train/render_train.ts";
import { parseTrainName } from "../../../lib/answers/train/train_history.ts";
import type { TRAIN_OPTIONS } from "../../../lib/cli/flags/answer_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import type { Call } from "../../../lib/cli/run_command.ts";
import { UsageError } from "../../../lib/errors.ts";
import { readTrain } from "../../../lib/pipeline/answers/read_train.ts";
import { answerSource, outputColumns, writeAnswer } from "./answer_source.ts";

/** Resolves to the exit code. */
export async function showTrain(
  { config, flags: { last, date, format, out }, positionals, print, completeCommands }: Call<
    typeof TRAIN_OPTIONS
  >,
): Promise<number> {
  const name = parseTrainName(positionals);
  if (name === null) {
    const found = JSON.stringify(positionals.join(" "));
    throw new UsageError([`Cannot show the train ${found}: expected a number such as 27, or IC 27`]);
  }
  const history = await readTrain(answerSource(config), { name, last, date });
  const text = format === "json"
    ? renderTrainJson(history)
    : format === "html"
    ? (await import("../../../lib/answers/pictures/train_page.ts")).trainPage(history)
    : renderTrain(history, { columns: outputColumns(), completeCommands });
  await writeAnswer(text, { out, print });
  return EXIT_CODES.done.code;
}
