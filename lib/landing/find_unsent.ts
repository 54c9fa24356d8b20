/** Which messages nobody has sent before, by the messages that landing has. */
import { hash } from "node:crypto";
import {
  type Add,
  columnBounds,
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
  for (const add of placesOf(landing, spans)) {
    left -= add.size;
    if (left < 0) return [];
    strikeSent(await readValues(landing, add), open);
    if (open.size === 0) break;
  }
  return [...open.values()].flat();
}

/** Files that may hold their bytes, the newest first: what stands behind the last of them, and other dates, does not. */
function placesOf({ delta: { snapshot } }: TopicTable, spans: readonly TrainSpan[]): readonly Add[] {
  const last = spans.reduce((most, { offset }) => offset > most ? offset : most, 0n);
  const before: Predicate = { kind: "compare", column: ["kafkaOffset"], operator: "<=", value: last };
  const days = spans.map(({ departureDay }) => new Date(departureDay * MS_PER_DAY).toISOString().slice(0, 10))
    .sort();
  const [first = "", latest = ""] = [days[0], days.at(-1)];
  const boundsOf = columnBounds(["messageKey"], snapshot);
  const isOfOtherDates = (add: Add) => {
    const { lower, upper, hasNulls } = boundsOf(add);
    // Other producers may have other keys.
    if (hasNulls !== false || !isOurKey(lower) || !isOurKey(upper)) return false;
    return upper.slice(0, first.length) < first || lower.slice(0, latest.length) > latest;
  };
  return scannedFiles(snapshot, before).map(({ add }) => add).filter((add) => !isOfOtherDates(add))
    .toReversed();
}

/** `departureDate/trainNumber` */
function isOurKey(key: unknown): key is string {
  return typeof key === "string" && /^\d{4}-\d{2}-\d{2}\/\d+$/.test(key);
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
