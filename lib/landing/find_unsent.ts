/** Which messages nobody has sent before, by the messages that landing has. */
import { hash } from "node:crypto";
import {
  type Add,
  type Columns,
  columnsOfFrame,
  fitFrame,
  longsOf,
  type Predicate,
  scannedFiles,
  tableSchema,
} from "../delta/mod.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import type { TrainSpan } from "../validate/validate_chunk.ts";

const SCHEMA = tableSchema({ kafkaPartition: "integer", kafkaOffset: "long", jsonValue: "string" });
const COLUMNS = SCHEMA.fields.map(({ name }) => name);
const MS_PER_DAY = 86_400_000;

/** What is looked through at most. */
export interface FindOptions {
  /** Bytes of files, the newest first; default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * The messages without another one before them that has the same bytes. Reads the files that may hold messages of
 * their dates; a message is left out too when not all of these could be looked through.
 */
export async function findUnsent(
  landing: TopicTable,
  spans: readonly TrainSpan[],
  { maxBytes = 256 << 20 }: FindOptions = {},
): Promise<readonly TrainSpan[]> {
  if (spans.length === 0) return spans;
  const open = Map.groupBy(spans, ({ contentHash }) => contentHash);
  let left = maxBytes;
  for (const { add } of scannedFiles(landing.delta.snapshot, wherePlaced(spans)).toReversed()) {
    left -= add.size;
    if (left < 0) return [];
    strikeSent(await readValues(landing, add), open);
    if (open.size === 0) break;
  }
  return [...open.values()].flat();
}

/** Keys are `departureDate/trainNumber`; messages of other producers may have none. */
function wherePlaced(spans: readonly TrainSpan[]): Predicate {
  const days = spans.map(({ departureDay }) => departureDay);
  const lowest = days.reduce((low, day) => Math.min(low, day)),
    highest = days.reduce((top, day) => Math.max(top, day));
  const last = spans.reduce((most, { offset }) => offset > most ? offset : most, 0n);
  const key = (operator: ">=" | "<", day: number): Predicate => ({
    kind: "compare",
    column: ["messageKey"],
    operator,
    value: new Date(day * MS_PER_DAY).toISOString().slice(0, 10),
  });
  const ofDates: Predicate = { kind: "and", terms: [key(">=", lowest), key("<", highest + 1)] };
  return {
    kind: "and",
    terms: [
      { kind: "compare", column: ["kafkaOffset"], operator: "<=", value: last },
      { kind: "or", terms: [ofDates, { kind: "isNull", column: ["messageKey"] }] },
    ],
  };
}

async function readValues({ delta }: TopicTable, add: Add): Promise<Columns> {
  const columns = await delta.readColumns(add, { columns: COLUMNS });
  if (columns !== undefined) return columns;
  return columnsOfFrame(fitFrame(await delta.readFile(add, { columns: COLUMNS }), SCHEMA), SCHEMA.fields);
}

/** Takes those out of `open` that were sent before. */
function strikeSent(
  { kafkaPartition, kafkaOffset, jsonValue }: Columns,
  open: Map<bigint, TrainSpan[]>,
): void {
  if (kafkaPartition?.kind !== "int32" || kafkaOffset?.kind !== "int64") return;
  const offsets = longsOf(kafkaOffset);
  for (let row = 0; row < offsets.length; row++) {
    const mine = open.get(contentHash(jsonValue, row));
    if (mine === undefined) continue;
    const partition = kafkaPartition.values[row] ?? 0, offset = offsets[row] ?? 0n;
    const unsent = mine.filter((span) => span.partition === partition && span.offset <= offset);
    if (unsent.length === 0) open.delete(mine[0]?.contentHash ?? 0n);
    else if (unsent.length < mine.length) open.set(mine[0]?.contentHash ?? 0n, unsent);
  }
}

/** As validation takes it of the message. */
function contentHash(column: Columns[string] | undefined, row: number): bigint {
  const bytes = column?.kind === "bytes"
    ? column.bytes.subarray(column.ends[row], column.ends[row + 1])
    : new TextEncoder().encode(column?.kind === "words" ? column.words[column.codes[row] ?? -1] : "");
  return hash("sha1", bytes, "buffer").readBigInt64LE(0);
}
