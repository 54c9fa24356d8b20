/** Messages back out of the landing table, as chunks of the log, for tables that have to catch up with landing. */
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import type { Chunk, LogRecord } from "../broker/broker.ts";
import type { Add, DeltaTable } from "../delta/mod.ts";
import type { OffsetRange } from "../tables/offset_progress.ts";
import { mayHold, wantedRows } from "./offset_range.ts";
import { readRawValues } from "./read_raw_values.ts";

/** Where messages are read back from. */
export interface MessageTables {
  readonly landing: DeltaTable;
  /** Has the bytes of messages that are no text. */
  readonly quarantine: DeltaTable;
}

/** What is read of them. */
export interface MessageRange {
  readonly topic: string;
  readonly range: OffsetRange;
}

/** Offsets that one data file has of one partition. */
interface Piece {
  readonly adds: readonly Add[];
  readonly first: number;
  readonly last: number;
}

const MESSAGE_COLUMNS = ["kafkaOffset", "jsonValue", "startsWithMark", "messageKey", "timestampMicros"];
/** Readers of Arrow drop it from the start of a text, where it decides whether the text is JSON. */
const BYTE_ORDER_MARK = "\ufeff";
const CHUNK_BYTES = 4 << 20;

/**
 * Yields the messages of the ranges as the broker gave them, partition by partition in offset order; the last chunk of
 * a range ends at its end.
 */
export async function* readMessages(
  tables: MessageTables,
  topic: string,
  ranges: readonly OffsetRange[],
): AsyncGenerator<Chunk> {
  for (const range of ranges) {
    let held: Chunk | null = null;
    for (const piece of await findPieces(tables.landing, { topic, range })) {
      for (const chunk of chunkRecords(await readPiece(tables, piece, { topic, range }), range.partition)) {
        if (held !== null) yield held;
        held = chunk;
      }
    }
    if (held === null) throw new Error(missingMessages(tables.landing, topic, range));
    yield { ...held, nextOffset: BigInt(range.to) };
  }
}

/** Pieces in offset order; files whose offsets interleave (another engine compacted them) make one piece. */
async function findPieces(landing: DeltaTable, { topic, range }: MessageRange): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const add of landing.snapshot.files.values()) {
    if (!mayHold(add, range)) continue;
    const frame = await landing.readFile(add, { columns: ["kafkaTopic", "kafkaPartition", "kafkaOffset"] });
    const mine = frame.filter(wantedRows(topic, range)).select("kafkaOffset");
    if (mine.height === 0) continue;
    const offsets = mine.getColumn("kafkaOffset");
    pieces.push({ adds: [add], first: Number(offsets.min()), last: Number(offsets.max()) });
  }
  return joinOverlaps(pieces.sort((a, b) => a.first - b.first));
}

function joinOverlaps(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    if (before === undefined || piece.first > before.last) joined.push(piece);
    else {
      const last = Math.max(before.last, piece.last);
      joined[joined.length - 1] = { adds: [...before.adds, ...piece.adds], first: before.first, last };
    }
  }
  return joined;
}

async function readPiece(
  { landing, quarantine }: MessageTables,
  piece: Piece,
  { topic, range }: MessageRange,
): Promise<readonly LogRecord[]> {
  const frames: pl.DataFrame[] = [];
  for (const add of piece.adds) {
    const frame = (await landing.readFile(add)).filter(wantedRows(topic, range)).withColumns(
      pl.col("kafkaMessageTimestamp").cast(pl.Int64).alias("timestampMicros"),
      pl.col("jsonValue").str.startsWith(BYTE_ORDER_MARK).alias("startsWithMark"),
    );
    frames.push(frame.select(...MESSAGE_COLUMNS));
  }
  const records = recordsOf(pl.concat(frames, { how: "vertical" }).sort("kafkaOffset"));
  if (records.every(({ value }) => value !== null)) return records;
  const raw = await readRawValues(quarantine, topic, range);
  return records.map((record) => ({ ...record, value: record.value ?? raw.get(record.offset) ?? null }));
}

function recordsOf(frame: pl.DataFrame): readonly LogRecord[] {
  const rows = tableFromIPC(frame.writeIPC());
  const [offset, value, mark, key, micros] = MESSAGE_COLUMNS.map((name) => rows.getChild(name));
  const encoder = new TextEncoder();
  return Array.from({ length: rows.numRows }, (_, i) => {
    const text: string | null = value?.get(i) ?? null;
    const start = mark?.get(i) === true ? BYTE_ORDER_MARK : "";
    return {
      offset: BigInt(offset?.get(i)),
      timestampMs: Number(micros?.get(i)) / 1000,
      key: key?.get(i) ?? null,
      value: text === null ? null : encoder.encode(start + text),
      headers: {},
    };
  });
}

function* chunkRecords(records: readonly LogRecord[], partition: number): Generator<Chunk> {
  let open: LogRecord[] = [];
  let sizeBytes = 0;
  for (const record of records) {
    open.push(record);
    sizeBytes += record.value?.length ?? 0;
    if (sizeBytes < CHUNK_BYTES && record !== records.at(-1)) continue;
    yield { partition, records: open, nextOffset: record.offset + 1n, sizeBytes };
    open = [];
    sizeBytes = 0;
  }
}

function missingMessages(landing: DeltaTable, topic: string, { partition, from, to }: OffsetRange): string {
  return `Cannot catch up from the table "${landing.store.label}": found no message of ${topic}/${partition}, ` +
    `expected offsets ${from} to ${to - 1}`;
}
