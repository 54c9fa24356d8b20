/** Change data: which rows were added and removed between two versions. */
import { KIND, kindOf, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { pl } from "../../packages/polars.ts";
import type { Add, Cdc } from "../actions/actions.ts";
import { readDeletedRows, vectorName } from "../read/deletion_vector.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { readDataFile } from "../read/file_reader.ts";
import type { FileSource } from "../read/open_file.ts";
import { literalOf } from "../predicate/literal_polars.ts";
import { readCommit, readSnapshot } from "../log/reader.ts";
import { netChanges } from "./net_changes.ts";
import { commitPath } from "../actions/log_path.ts";
import type { RowMask } from "../read/roaring_bitmap.ts";
import { keepRows } from "../read/row_mask.ts";
import type { StructType } from "../schema/schema.ts";
import { type Commit, replay, type Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "./table.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Between which versions: what `from` holds, and then the changes, make what `to` holds. */
export interface ChangeRange {
  /** -1 stands for before there was anything. */
  readonly from: number;
  /** By default the version of the table. */
  readonly to?: number | undefined;
  /** True gives rows that a commit only moved from file to file too, as a delete and an insert. */
  readonly withMoved?: boolean;
}

/** What happened to the rows of a frame; updates give the row before and the row after, where the writer recorded both. */
type ChangeType = "insert" | "delete" | "update_preimage" | "update_postimage";

/** Rows that were added or removed with a file. */
interface FileChange {
  readonly file: Pick<Add, "path" | "partitionValues" | "stats" | "deletionVector">;
  readonly type: ChangeType;
  /** Of a file that stays: the vector before. */
  readonly other?: Add | undefined;
}

const CHANGE_TYPE = "_change_type";

/**
 * Reads what changed between two versions, in the order of the versions, as frames with the columns of the newer one and
 * `_change_type` (insert, delete, update_preimage, update_postimage), `_commit_version` and `_commit_timestamp`.
 *
 * Where a writer left changed rows in `_change_data`, those are given; else the rows of the files that it added and
 * removed, so that an update is a delete and an insert. Rows that a commit only copied, as merges, updates and deletes
 * do with those beside the rows they change, are left out: each commit's changes are net. They are found by reading
 * the files of such a commit twice, 40 bytes per row in memory.
 *
 * @throws {RangeError} when the log does not have these versions, or not any more
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, tableChanges, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * for await (const frame of tableChanges(table, { from: 0 })) {
 *   assertEquals(frame.getColumn("_change_type").toArray(), ["insert", "insert"]);
 * }
 * ```
 */
export async function* tableChanges(
  table: Pick<DeltaTable, "store" | "snapshot" | "fileSource">,
  range: ChangeRange,
): AsyncGenerator<Frame> {
  checkArguments("tableChanges", { table, range }, { table: KIND.table, range: RANGE });
  const { store, snapshot } = table;
  const { from, to = snapshot.version, withMoved = false } = range;
  if (from > to) throw rangeError(from, to, "another order", "from before to");
  const end = to === snapshot.version ? snapshot : await readSnapshot(store, { version: to });
  const source = { ...table.fileSource, schema: end.schema, metadata: end.metadata };
  let before = from < 0 ? undefined : await readSnapshot(store, { version: from });
  for (let version = from + 1; version <= to; version++) {
    const commit = await readCommit(store, version);
    if (commit === undefined) {
      throw rangeError(from, to, `no "${commitPath(version)}"`, "all commits between");
    }
    yield* commitChanges(commit, { before, source, withMoved });
    before = replay(before, [commit]);
  }
}

const RANGE = optionsOf({
  from: kindOf("a version, or -1", (value) => Number.isSafeInteger(value) && Number(value) >= -1),
  to: KIND.optional(KIND.count),
  withMoved: KIND.optional(KIND.flag),
});

interface ChangeContext {
  readonly before: Snapshot | undefined;
  readonly source: FileSource;
  readonly withMoved: boolean;
}

async function* commitChanges(
  { version, actions }: Commit,
  { before, source, withMoved }: ChangeContext,
): AsyncGenerator<Frame> {
  const { cdcs = [], commitInfo } = actions;
  const timestampMs = commitInfo?.inCommitTimestamp ?? commitInfo?.timestamp ?? 0;
  const marks = [
    literalOf(BigInt(version), "long").alias("_commit_version"),
    literalOf(BigInt(timestampMs) * 1000n, "timestamp").alias("_commit_timestamp"),
  ];
  for (const cdc of cdcs) yield* marked(await readCdc(cdc, source), marks);
  if (cdcs.length > 0) return;
  const changes = fileChanges({ version, actions }, before);
  const parts = changes.map((change) => ({
    isAdded: change.type === "insert",
    read: () => readChange(change, source),
  }));
  const masks = withMoved ? [] : await netChanges(parts);
  for (const [index, change] of changes.entries()) {
    const mask = masks[index];
    if (mask?.every((byte) => byte === 0)) continue;
    const rows = await readChange(change, source);
    const net = mask === undefined ? rows : keepRows(rows, mask);
    yield* marked(net.withColumns(pl.lit(change.type).alias(CHANGE_TYPE)), marks);
  }
}

function* marked(
  rows: Frame,
  marks: Parameters<Frame["withColumns"]>,
): Generator<Frame> {
  if (rows.height > 0) yield rows.withColumns(...marks);
}

async function readCdc(cdc: Cdc, source: FileSource): Promise<Frame> {
  const type = { name: CHANGE_TYPE, type: "string", nullable: true, metadata: {} } as const;
  const schema: StructType = { type: "struct", fields: [...source.schema.fields, withPhysicalName(type)] };
  return await readDataFile(cdc, { ...source, schema });
}

// In mapped tables too this column has its own name in the file.
function withPhysicalName<T extends { readonly name: string }>(field: T): T {
  return { ...field, metadata: { "delta.columnMapping.physicalName": field.name } };
}

function fileChanges({ actions }: Commit, before: Snapshot | undefined): readonly FileChange[] {
  const added = new Map(
    actions.adds.filter(({ dataChange }) => dataChange).map((add) => [fileKey(add.path), add]),
  );
  const removed = new Map(
    actions.removes.filter(({ dataChange }) => dataChange).flatMap(({ path }) => {
      const file = before?.files.get(fileKey(path));
      return file === undefined ? [] : [[fileKey(path), file] as const];
    }),
  );
  const gone = [...removed].flatMap(([key, file]): readonly FileChange[] => {
    const again = added.get(key);
    if (again === undefined) return [{ file, type: "delete" }];
    if (isSameVector(file, again)) return [];
    return [{ file: again, type: "delete", other: file }, { file, type: "insert", other: again }];
  });
  const come = [...added].flatMap(([key, file]): readonly FileChange[] =>
    removed.has(key) || before?.files.has(key) ? [] : [{ file, type: "insert" }]
  );
  return [...gone, ...come];
}

function isSameVector(left: Add, right: Add): boolean {
  const [mine, other] = [left.deletionVector, right.deletionVector];
  if (mine === undefined || other === undefined) return mine === other;
  return vectorName(mine) === vectorName(other);
}

// Of a file that stays: the rows that its own vector deletes and the other one does not.
async function readChange({ file, other }: FileChange, source: FileSource): Promise<Frame> {
  if (other === undefined) return await readDataFile(file, source);
  const { deletionVector: _, ...whole } = file;
  const rows = await readDataFile(whole, source);
  const mine = await readDeletedRows(file, rows.height, source);
  const others = await readDeletedRows(other, rows.height, source);
  return keepRows(rows, difference(mine, others, rows.height));
}

function difference(mine: RowMask | undefined, others: RowMask | undefined, rowCount: number): RowMask {
  const length = Math.ceil(rowCount / 8);
  return Uint8Array.from({ length }, (_, index) => (mine?.[index] ?? 0) & ~(others?.[index] ?? 0));
}

function rangeError(from: number, to: number, found: string, expected: string): RangeError {
  return new RangeError(
    `Cannot read the changes from version ${from} to ${to}: found ${found}, expected ${expected}`,
  );
}
