/** Writes a snapshot as a classic checkpoint; polars has no map type, so a writer that has one is used. */
import { ByteWriter, ParquetWriter } from "../../packages/hyparquet_writer.ts";
import { setImmediate } from "node:timers/promises";
import { zstdCompressSync } from "node:zlib";
import type { Add, DeletionVector, Metadata, Remove, SetTransaction } from "../actions/actions.ts";
import { checkpointFields } from "./checkpoint_schema.ts";
import { parquetSchema } from "../parquet/schema.ts";
import type { Snapshot } from "./snapshot.ts";
import { tableProperties } from "../actions/table_properties.ts";

/** A checkpoint ready to be stored. */
export interface EncodedCheckpoint {
  readonly bytes: Uint8Array;
  /** Rows: one per action. */
  readonly actions: number;
  readonly adds: number;
}

type Cell = Readonly<Record<string, unknown>>;

const COMPRESSORS = { ZSTD: (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes) };

/** Actions of one kind. */
interface KindCells {
  readonly kind: string;
  readonly cells: readonly Cell[];
}

/** Between two row groups others have their turn: one takes a twentieth of a second at most. */
const GROUP_ROWS = 5_000;

/**
 * Writes a snapshot as one Parquet file: what is live, and what readers of older versions may still need. Removed files
 * are in row groups of their own, as hardly any reader needs them.
 */
export async function encodeCheckpoint(snapshot: Snapshot, nowMs: number): Promise<EncodedCheckpoint> {
  const { protocol, metadata, files } = snapshot;
  const few = [
    { kind: "protocol", cells: [{ ...protocol }] },
    { kind: "metaData", cells: [metadataCell(metadata)] },
    { kind: "txn", cells: liveTransactions(snapshot, nowMs).map(transactionCell) },
  ];
  const removes = slices(unexpiredRemoves(snapshot, nowMs), "remove", removeCell);
  const [adds = { kind: "add", cells: [] }, ...more] = slices([...files.values()], "add", addCell);
  const groups: readonly (readonly KindCells[])[] = [
    [...few, adds],
    ...[...more, ...removes].map((each) => [each]),
  ];
  const fields = checkpointFields(protocol), writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: parquetSchema(fields),
    codec: "ZSTD",
    compressors: COMPRESSORS,
  });
  let actions = 0;
  for (const group of groups) {
    const rows = group.reduce((sum, { cells }) => sum + cells.length, 0);
    const columnData = fields.map(({ name }) => ({ name, data: columnOf(name, group, rows) }));
    if (actions > 0) await setImmediate();
    await parquet.write({ columnData, rowGroupSize: rows });
    actions += rows;
  }
  await parquet.finish();
  return { bytes: new Uint8Array(writer.getBuffer()), actions, adds: files.size };
}

function slices<Action>(
  all: readonly Action[],
  kind: string,
  cellOf: (action: Action) => Cell,
): readonly KindCells[] {
  return Array.from({ length: Math.ceil(all.length / GROUP_ROWS) }, (_, index) => ({
    kind,
    cells: all.slice(index * GROUP_ROWS, (index + 1) * GROUP_ROWS).map(cellOf),
  }));
}

// Actions are sorted by kind, so a column is nulls, its cells, nulls.
function columnOf(name: string, group: readonly KindCells[], rows: number): (Cell | null)[] {
  const column = new Array<Cell | null>(rows).fill(null);
  let row = 0;
  for (const { kind, cells } of group) {
    for (const cell of cells) {
      if (kind === name) column[row] = cell;
      row++;
    }
  }
  return column;
}

function liveTransactions({ txns, metadata }: Snapshot, nowMs: number): readonly SetTransaction[] {
  const { setTransactionRetentionMs } = tableProperties(metadata);
  const all = Array.from(txns, ([appId, txn]) => ({ appId, ...txn }));
  if (setTransactionRetentionMs === undefined) return all;
  const oldest = nowMs - setTransactionRetentionMs;
  return all.filter(({ lastUpdated }) => lastUpdated === undefined || lastUpdated > oldest);
}

function unexpiredRemoves({ tombstones, metadata }: Snapshot, nowMs: number): readonly Remove[] {
  const oldest = nowMs - tableProperties(metadata).deletedFileRetentionMs;
  return [...tombstones.values()].filter(({ deletionTimestamp = 0 }) => deletionTimestamp > oldest);
}

function addCell(add: Add): Cell {
  const { path, partitionValues, size, modificationTime, dataChange, tags, stats, deletionVector } = add;
  return {
    path,
    partitionValues,
    size: BigInt(size),
    modificationTime: BigInt(modificationTime),
    dataChange,
    tags,
    stats,
    deletionVector: vectorCell(deletionVector),
  };
}

function removeCell(remove: Remove): Cell {
  const { path, deletionTimestamp, dataChange, extendedFileMetadata, partitionValues, size } = remove;
  return {
    path,
    deletionTimestamp: longOf(deletionTimestamp),
    dataChange,
    extendedFileMetadata,
    partitionValues,
    size: longOf(size),
    deletionVector: vectorCell(remove.deletionVector),
  };
}

function vectorCell(vector: DeletionVector | undefined): Cell | undefined {
  if (vector === undefined) return undefined;
  const { storageType, pathOrInlineDv, offset, sizeInBytes, cardinality } = vector;
  return { storageType, pathOrInlineDv, offset, sizeInBytes, cardinality: BigInt(cardinality) };
}

function transactionCell({ appId, version, lastUpdated }: SetTransaction): Cell {
  return { appId, version, lastUpdated: longOf(lastUpdated) };
}

function metadataCell(metadata: Metadata): Cell {
  const { id, name, description, format, schemaString, partitionColumns, configuration } = metadata;
  return {
    id,
    name,
    description,
    format: { provider: format.provider, options: format.options ?? {} },
    schemaString,
    partitionColumns,
    createdTime: longOf(metadata.createdTime),
    configuration,
  };
}

function longOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}
