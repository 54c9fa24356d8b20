/** What `deno task punctuality` does; a module of its own, so that `--help` need not load it. */
import {
  renderPunctuality,
  renderPunctualityCsv,
  renderPunctualityJson,
} from "../../../lib/answers/punctuality/render_punctuality.ts";
import type { PUNCTUALITY_OPTIONS } from "../../../lib/cli/flags/answer_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import type { Call } from "../../../lib/cli/run_command.ts";
import { UsageError } from "../../../lib/errors.ts";
import { readPunctuality } from "../../../lib/pipeline/answers/read_punctuality.ts";
import { answerSource, outputColumns, writeAnswer } from "./answer_source.ts";

/** Resolves to the exit code. */
export async function showPunctuality(
  { config, flags, print, completeCommands }: Call<typeof PUNCTUALITY_OPTIONS>,
): Promise<number> {
  const { by, from, to, category, type, limit, format, out } = flags;
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError([`Cannot use "--from": found ${from}, expected a date not after --to ${to}`]);
  }
  const answer = await readPunctuality(answerSource(config), { by, from, to, category, type });
  const text = format === "json"
    ? renderPunctualityJson(answer)
    : format === "csv"
    ? renderPunctualityCsv(answer)
    : format === "html"
    ? (await import("../../../lib/answers/pictures/punctuality_page.ts")).punctualityPage(answer)
    : renderPunctuality(answer, { columns: outputColumns(), limit, completeCommands });
  await writeAnswer(text, { out, print });
  return EXIT_CODES.done.code;
}
