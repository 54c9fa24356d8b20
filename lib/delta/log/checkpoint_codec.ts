/** Writes a snapshot as a classic checkpoint; polars has no map type, so a writer that has one is used. */
import { parquetWriteBuffer } from "../../packages/hyparquet_writer.ts";
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

/** Writes a snapshot as one Parquet file: what is live, and what readers of older versions may still need. */
export function encodeCheckpoint(snapshot: Snapshot, nowMs: number): EncodedCheckpoint {
  const { protocol, metadata, files } = snapshot;
  const cells: readonly (readonly [kind: string, cells: readonly Cell[]])[] = [
    ["protocol", [{ ...protocol }]],
    ["metaData", [metadataCell(metadata)]],
    ["txn", liveTransactions(snapshot, nowMs).map(transactionCell)],
    ["remove", unexpiredRemoves(snapshot, nowMs).map(removeCell)],
    ["add", Array.from(files.values(), addCell)],
  ];
  const actions = cells.reduce((sum, [, { length }]) => sum + length, 0);
  const fields = checkpointFields(protocol);
  const columnData = fields.map(({ name }) => ({ name, data: columnOf(name, cells, actions) }));
  const bytes = parquetWriteBuffer({
    schema: parquetSchema(fields),
    columnData,
    codec: "ZSTD",
    compressors: COMPRESSORS,
    rowGroupSize: 100_000,
  });
  return { bytes: new Uint8Array(bytes), actions, adds: files.size };
}

// Actions are sorted by kind, so a column is nulls, its cells, nulls.
function columnOf(
  name: string,
  cells: readonly (readonly [kind: string, cells: readonly Cell[]])[],
  rows: number,
): (Cell | null)[] {
  const column = new Array<Cell | null>(rows).fill(null);
  let row = 0;
  for (const [kind, group] of cells) {
    for (const cell of group) {
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
