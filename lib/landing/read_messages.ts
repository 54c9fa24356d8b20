/** Messages back out of the landing table, as chunks of the log, for tables that have to catch up with landing. */
import { pl } from "../packages/polars.ts";
import type { Chunk, LogRecord } from "../broker/broker.ts";
import {
  type Add,
  type Frame,
  frameRows,
  type Predicate,
  type Row,
  scannedFiles,
  tableSchema,
  toPolars,
} from "../delta/mod.ts";
import type { OffsetRange, TopicTable } from "../tables/topic_table.ts";
import { withinCalendar } from "../tables/fingerprint.ts";
import { TRAIN_HEADERS } from "../train/train_message.ts";
import { offsetPredicate } from "./offset_predicate.ts";
import { readRawValues } from "./read_raw_values.ts";

/** Where messages are read back from. */
export interface MessageTables {
  readonly landing: TopicTable;
  /** Has the bytes of messages that are no text. */
  readonly quarantine: TopicTable;
}

/** Offsets that one data file has of one partition. */
interface Piece {
  readonly adds: readonly Add[];
  readonly first: bigint;
  readonly last: bigint;
}

const { fields: FIELDS } = tableSchema({
  kafkaOffset: "long",
  jsonValue: "string",
  messageKey: "string",
  kafkaMessageTimestamp: "timestamp",
  messageKeyBytes: "binary",
  fetchedAt: "timestamp",
  sourceEpoch: "integer",
});
const CHUNK_BYTES = 4 << 20;
const CHUNK_RECORDS = 4096;

/** Yields the messages of the ranges as the broker gave them, partition by partition in offset order. */
export async function* readMessages(
  tables: MessageTables,
  ranges: readonly OffsetRange[],
): AsyncGenerator<Chunk> {
  for (const range of ranges) {
    const where = offsetPredicate(tables.landing.topic, range);
    for (const piece of await findPieces(tables.landing, where)) {
      yield* chunkRecords(await readPiece(tables, piece, where), range.partition);
    }
  }
}

/** Pieces in offset order; files whose offsets interleave (another engine compacted them) make one piece. */
async function findPieces({ delta }: TopicTable, where: Predicate): Promise<readonly Piece[]> {
  const isMine = toPolars(where, delta.snapshot.schema);
  const columns = ["kafkaTopic", "kafkaPartition", "kafkaOffset"];
  const pieces: Piece[] = [];
  for (const { add } of scannedFiles(delta.snapshot, where)) {
    const mine = (await delta.readFile(add, { columns })).filter(isMine);
    if (mine.height === 0) continue;
    const offsets = mine.getColumn("kafkaOffset");
    pieces.push({ adds: [add], first: BigInt(offsets.min()), last: BigInt(offsets.max()) });
  }
  return joinOverlaps(pieces.sort((a, b) => Number(a.first - b.first)));
}

function joinOverlaps(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    if (before === undefined || piece.first > before.last) joined.push(piece);
    else {
      const last = before.last > piece.last ? before.last : piece.last;
      joined[joined.length - 1] = { adds: [...before.adds, ...piece.adds], first: before.first, last };
    }
  }
  return joined;
}

async function readPiece(
  { landing: { delta }, quarantine }: MessageTables,
  { adds }: Piece,
  where: Predicate,
): Promise<readonly LogRecord[]> {
  const { schema } = delta.snapshot;
  const isMine = toPolars(where, schema);
  // A table of an older version, which nothing has written to since, lacks the newest columns.
  const present = new Set(schema.fields.map(({ name }) => name));
  const fields = FIELDS.filter(({ name }) => present.has(name));
  const frames: Frame[] = [];
  for (const add of adds) {
    const mine = (await delta.readFile(add)).filter(isMine);
    frames.push(mine.select(...fields.map(({ name }) => name)));
  }
  const rows = frameRows(pl.concat(frames, { how: "vertical" }).sort("kafkaOffset"), fields);
  const records = Array.from(rows, recordOf);
  if (records.every(({ value }) => value !== null)) return records;
  const raw = await readRawValues(quarantine, where);
  return records.map((record) => ({ ...record, value: record.value ?? raw.get(record.offset) ?? null }));
}

const encoder = new TextEncoder();

function recordOf(row: Row): LogRecord {
  const { kafkaOffset, jsonValue, messageKey, kafkaMessageTimestamp, messageKeyBytes } = row;
  return {
    offset: BigInt(String(kafkaOffset)),
    timestampMs: Number(kafkaMessageTimestamp) / 1000,
    key: typeof messageKey === "string" ? messageKey : null,
    // A view would keep the bytes of the whole file in memory.
    ...(messageKeyBytes instanceof Uint8Array ? { keyBytes: messageKeyBytes.slice() } : {}),
    value: typeof jsonValue === "string" ? encoder.encode(jsonValue) : null,
    headers: headersOf(row),
  };
}

/** As far as landing keeps them. */
function headersOf({ fetchedAt, sourceEpoch }: Row): LogRecord["headers"] {
  return {
    ...(typeof fetchedAt === "bigint" &&
      { [TRAIN_HEADERS.fetchedAt]: new Date(withinCalendar(Number(fetchedAt / 1000n))).toISOString() }),
    ...(typeof sourceEpoch === "number" && { [TRAIN_HEADERS.sourceEpoch]: String(sourceEpoch) }),
  };
}

function* chunkRecords(records: readonly LogRecord[], partition: number): Generator<Chunk> {
  let open: LogRecord[] = [];
  let sizeBytes = 0;
  for (const record of records) {
    open.push(record);
    sizeBytes += record.value?.length ?? 0;
    const isFull = sizeBytes >= CHUNK_BYTES || open.length === CHUNK_RECORDS;
    if (!isFull && record !== records.at(-1)) continue;
    yield { partition, records: open, nextOffset: record.offset + 1n, sizeBytes };
    open = [];
    sizeBytes = 0;
  }
}
