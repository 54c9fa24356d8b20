/** Messages back out of the landing table, as slices of the log, for tables that have to catch up with landing. */
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import type { LogRecord, Slice } from "../broker/broker.ts";
import type { Add, DeltaTable } from "../delta/mod.ts";
import type { OffsetRange } from "../table_progress.ts";

/** Offsets that one data file has of one partition. */
interface Piece {
  readonly adds: readonly Add[];
  readonly first: number;
  readonly last: number;
}

const MESSAGE_COLUMNS = ["kafkaOffset", "jsonValue", "messageKey", "timestampMicros"];
const SLICE_BYTES = 4 << 20;

/** Yields the messages of the ranges, partition by partition in offset order; the last slice of a range ends at its end. */
export async function* readMessages(
  landing: DeltaTable,
  topic: string,
  ranges: readonly OffsetRange[],
): AsyncGenerator<Slice> {
  for (const range of ranges) {
    let held: Slice | null = null;
    for (const piece of await findPieces(landing, topic, range)) {
      for (const slice of sliceRecords(await readPiece(landing, piece, { topic, range }), range.partition)) {
        if (held !== null) yield held;
        held = slice;
      }
    }
    if (held === null) throw new Error(missingMessages(landing, topic, range));
    yield { ...held, nextOffset: BigInt(range.to) };
  }
}

/** Pieces in offset order; files whose offsets interleave (another engine compacted them) make one piece. */
async function findPieces(landing: DeltaTable, topic: string, range: OffsetRange): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const add of landing.snapshot.files.values()) {
    if (!mayHold(add, range)) continue;
    const frame = await landing.readFile(add, { columns: ["kafkaTopic", "kafkaPartition", "kafkaOffset"] });
    const mine = frame.filter(wanted(topic, range)).select("kafkaOffset");
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
  landing: DeltaTable,
  piece: Piece,
  { topic, range }: { readonly topic: string; readonly range: OffsetRange },
): Promise<readonly LogRecord[]> {
  const frames: pl.DataFrame[] = [];
  for (const add of piece.adds) {
    const frame = await landing.readFile(add);
    const timed = frame.withColumns(pl.col("kafkaMessageTimestamp").cast(pl.Int64).alias("timestampMicros"));
    frames.push(timed.filter(wanted(topic, range)).select(...MESSAGE_COLUMNS));
  }
  const rows = tableFromIPC(pl.concat(frames, { how: "vertical" }).sort("kafkaOffset").writeIPC());
  const [offset, value, key, micros] = MESSAGE_COLUMNS.map((name) => rows.getChild(name));
  const encoder = new TextEncoder();
  return Array.from({ length: rows.numRows }, (_, i) => {
    const text: string | null = value?.get(i) ?? null;
    return {
      offset: BigInt(offset?.get(i)),
      timestampMs: Number(micros?.get(i)) / 1000,
      key: key?.get(i) ?? null,
      value: text === null ? null : encoder.encode(text),
      headers: {},
    };
  });
}

function* sliceRecords(records: readonly LogRecord[], partition: number): Generator<Slice> {
  let open: LogRecord[] = [];
  let sizeBytes = 0;
  for (const record of records) {
    open.push(record);
    sizeBytes += record.value?.length ?? 0;
    if (sizeBytes < SLICE_BYTES && record !== records.at(-1)) continue;
    yield { partition, records: open, nextOffset: record.offset + 1n, sizeBytes };
    open = [];
    sizeBytes = 0;
  }
}

function wanted(topic: string, { partition, from, to }: OffsetRange): pl.Expr {
  const offset = pl.col("kafkaOffset");
  return pl.col("kafkaTopic").eq(pl.lit(topic)).and(pl.col("kafkaPartition").eq(pl.lit(partition)))
    .and(offset.gtEq(pl.lit(from))).and(offset.lt(pl.lit(to)));
}

/** Whether the file's statistics leave room for offsets of the range. */
function mayHold(add: Add, { from, to }: OffsetRange): boolean {
  if (add.stats === undefined) return true;
  const { minValues, maxValues } = JSON.parse(add.stats) as Record<
    string,
    { kafkaOffset?: number } | undefined
  >;
  return (minValues?.kafkaOffset ?? from) < to && (maxValues?.kafkaOffset ?? from) >= from;
}

function missingMessages(landing: DeltaTable, topic: string, { partition, from, to }: OffsetRange): string {
  return `Cannot catch up from the table "${landing.store.label}": found no message of ${topic}/${partition}, ` +
    `expected offsets ${from} to ${to - 1}`;
}
