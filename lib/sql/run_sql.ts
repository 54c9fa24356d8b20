/** One call of `deno task sql`, from its arguments to the last byte of the answer. */
import type { OptionValues } from "../cli/options.ts";
import { UsageError } from "../errors.ts";
import { isStandardOutput, openOutput, type Output } from "../inspect/output_file.ts";
import { askLake, findTables, type Lake } from "./ask_lake.ts";
import { renderTables, tablesJson } from "./list_tables.ts";
import type { SQL_OPTIONS } from "./sql_options.ts";
import { writeAnswer } from "./write_answer.ts";

/** A call, and the process around it. */
export interface SqlCall {
  readonly positionals: readonly string[];
  readonly flags: OptionValues<typeof SQL_OPTIONS>;
  readonly lake: Omit<Lake, "asOf">;
  /** Standard output. */
  readonly out: Output;
  /** Of the terminal that standard output is; undefined when it is none. */
  readonly width: number | undefined;
  readonly readFile: (path: string) => Promise<string>;
  /** The question on standard input; empty where a person sits there. */
  readonly readInput: () => Promise<string>;
}

/** Rows that the format "table" shows by default. */
const SHOWN_ROWS = 100;

/**
 * Answers the question, or lists the tables where there is none.
 *
 * @throws {UsageError} when the question is wrong
 */
export async function runSql(call: SqlCall): Promise<void> {
  const { flags: { format, limit = format === "table" ? SHOWN_ROWS : Infinity, asOf, tables, out: file } } =
    call;
  const question = tables ? "" : await questionOf(call);
  const lake = { ...call.lake, asOf };
  const isStandard = file === undefined || isStandardOutput(file);
  const width = isStandard ? call.width : undefined;
  if (question.trim() === "") return await list({ ...call, width }, lake);
  await askLake(lake, question, async (answer) => {
    // The file is touched when the question has turned out to be one.
    const out = isStandard ? call.out : await openOutput(file);
    await pour(writeAnswer(answer, { format, limit, width }), out, call.lake.signal);
  });
}

async function list({ flags: { format }, out, width }: SqlCall, lake: Lake): Promise<void> {
  const { tables, faults: [fault] } = await findTables(lake);
  const text = format === "table" ? renderTables(tables, width) : tablesJson(tables);
  await out.write(new TextEncoder().encode(`${text}\n`));
  // One broken table says nothing of the others, which are told first.
  if (fault !== undefined) throw fault;
}

async function questionOf({ positionals, flags: { file }, readFile, readInput }: SqlCall): Promise<string> {
  const [text, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError([
      `Cannot ask: found ${positionals.length} arguments, expected one; put the question between quotes`,
    ]);
  }
  if (text !== undefined && file !== undefined) {
    throw new UsageError(['Cannot use "--file": found a question too, expected one of them']);
  }
  if (file !== undefined) return await readFile(file);
  return text === undefined || text === "-" ? await readInput() : text;
}

async function pour(
  pieces: AsyncIterable<Uint8Array>,
  out: Output,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const bytes of pieces) {
      signal?.throwIfAborted();
      // When the reader has gone ("| head"), nobody wants the rest.
      if (!await out.write(bytes)) break;
    }
    await out.finish();
  } catch (error) {
    await out.discard();
    throw error;
  }
}
