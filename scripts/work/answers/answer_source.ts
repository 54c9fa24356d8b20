/** What the tasks that answer questions share: where the tables are, and how wide the answer may be. */
import type { Config } from "../../../lib/cli/config.ts";
import { isStandardOutput, writeOutput } from "../../../lib/inspect/output_file.ts";
import { LocalStore } from "../../../lib/delta/reading.ts";
import type { AnswerSource } from "../../../lib/pipeline/answers/read_analysis.ts";

const PAPER_COLUMNS = 80;

/** The tables of the data folder. */
export function answerSource({ dataDir }: Pick<Config, "dataDir">): AnswerSource {
  return {
    storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
    context: { clock: Date.now, ids: () => crypto.randomUUID() },
  };
}

/** Of the terminal; of files and pipes as many as everybody has. */
export function outputColumns(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : PAPER_COLUMNS;
}

/** Prints an answer, or writes it to the file of `--out`. */
export async function writeAnswer(
  text: string,
  { out, print }: { readonly out: string | undefined; readonly print: (text: string) => void },
): Promise<void> {
  if (out === undefined || isStandardOutput(out)) return print(text);
  await writeOutput(out, new TextEncoder().encode(text.endsWith("\n") ? text : `${text}\n`));
}
