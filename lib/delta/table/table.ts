/** The object that users work with: one table, at the newest version it has seen. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Actions, Add, CommitInfo, Remove } from "../actions/actions.ts";
import { type Backoff, jitteredBackoff } from "../store/backoff.ts";
import type { CommitRequest } from "../log/commit.ts";
import type { Conflict } from "../log/conflict.ts";
import type { ReadElsewhere } from "../read/read_logged_file.ts";
import type { FileTarget, StageOptions } from "../write/new_data_file.ts";
import type { TableContext } from "../schema/table_context.ts";
import { decodePath } from "../actions/log_encoding.ts";
import type { ColumnFile, ReadColumnsOptions } from "../read/file_buffers.ts";
import type { ReadFileOptions } from "../read/file_reader.ts";
import type { FileSource, ReadableFile } from "../read/open_file.ts";
import { statsRows } from "../stats/file_stats.ts";
import { tableProperties } from "../actions/table_properties.ts";
import { commitOperation } from "./commit_operation.ts";
import { isOvertaken } from "../log/listing.ts";
import { readCommit, readCommitsAfter, readSnapshot } from "../log/reader.ts";
import { assertReadable } from "../log/protocol.ts";
import { inTable } from "../errors.ts";
import { type Commit, forgetRemoved, replay, type Snapshot } from "../log/snapshot.ts";
import type { Row } from "../schema/row_value.ts";
import type { Columns } from "../columns/column.ts";
import { openPlace, type TablePlace } from "../store/open_place.ts";
import type { Store } from "../store/store.ts";
import { completeContext } from "../host_context.ts";
import type { Frame } from "../schema/polars_type.ts";

/** What a table takes from its caller. */
export interface TableOptions extends TableContext {
  /** Between lost commit races; by default 4 ms and twice as long each time, up to 500 ms. */
  readonly backoff?: Backoff;
  /** How many lost races end a commit; by default 50. */
  readonly maxAttempts?: number;
  /**
   * By default the commit of every `delta.checkpointInterval`-th version (10, as in Spark) writes a checkpoint, and
   * removes the part of the log that has expired. False leaves both to `checkpointTable` and `checkpointIfDue`.
   */
  readonly autoCheckpoint?: boolean;
  /** Hears of a checkpoint that could not be written; the commit before it is in. By default nobody does. */
  readonly onCheckpointError?: (error: unknown) => void;
  /** Reads data files that lie outside of the table; by default a table that names such files is an error. */
  readonly readElsewhere?: ReadElsewhere;
  /**
   * What the rows of one row group may take in memory when they are decoded, four times as much for a file that is read
   * as a whole; by default 1 GiB. More is a `TooLargeError`.
   */
  readonly maxDecodedBytes?: number;
}

/** The same, all of it optional: by default the clock of this computer, and random UUIDs. */
export type OpenOptions = Partial<TableOptions>;

/** How a commit ended; a conflict changed nothing. */
export type CommitOutcome =
  | { readonly status: "committed"; readonly version: number }
  | { readonly status: "conflict" } & Conflict;

/** One version in the history of a table. */
export interface HistoryEntry {
  /** The version that the commit made. */
  readonly version: number;
  /** Empty when the writer left none. */
  readonly commitInfo: CommitInfo;
  /** As the writer calls it; where it does not, what the actions tell. */
  readonly operation: string;
  /** Files that the commit added to the table. */
  readonly filesAdded: number;
  /** Files that the commit took from the table. */
  readonly filesRemoved: number;
}

/**
 * Opens the newest version of the table in a folder, or in a store.
 *
 * @throws {TableNotFoundError} when there is no log
 * @throws {CorruptLogError} when the log breaks the protocol
 * @throws {UnsupportedTableError} when reading it needs what is not supported here
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTable, MemoryStore, openTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const same = await openTable(table.store, outside);
 * assertEquals(same.snapshot, table.snapshot);
 * ```
 */
export async function openTable(place: TablePlace, options: OpenOptions = {}): Promise<DeltaTable> {
  checkArguments("openTable", { place, options }, { place: KIND.place, options: KIND.openOptions });
  const store = openPlace(place);
  return new DeltaTable(store, await readSnapshot(store), completeContext(options));
}

const STAGE_OPTIONS = optionsOf({
  partitionValues: KIND.optional(KIND.object),
  tags: KIND.optional(KIND.object),
});
const COMMIT_REQUEST = optionsOf({
  readSnapshot: KIND.snapshot,
  operation: KIND.text,
  operationParameters: KIND.optional(KIND.object),
  operationMetrics: KIND.optional(KIND.object),
  adds: KIND.optional(KIND.files),
  removes: KIND.optional(KIND.files),
  txns: KIND.optional(KIND.txns),
  reads: KIND.reads,
  isBlindAppend: KIND.optional(KIND.flag),
  metadata: KIND.optional(KIND.object),
  dataChange: KIND.optional(KIND.flag),
});

/**
 * A Delta table at one version, which moves forward with `update` and `commit`.
 *
 * Holds no file open and needs no closing. Any number of tables, in this process and others, may work on one store.
 */
export class DeltaTable {
  /** Where the files of the table are. */
  readonly store: Store;
  #snapshot: Snapshot;
  readonly #options: TableOptions;
  readonly #countedRows = new WeakMap<Add, number>();

  /** Use `openTable` or `createTable`. */
  constructor(store: Store, snapshot: Snapshot, options: TableOptions) {
    assertReadable(store.label, snapshot.protocol, snapshot.metadata);
    this.store = store;
    this.#snapshot = snapshot;
    this.#options = options;
  }

  /** The newest version that this table has seen. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** The clock, the ids and the backoff that it was opened with. */
  get options(): TableOptions {
    return this.#options;
  }

  /** Where the data files of this version are read from. */
  get fileSource(): FileSource {
    const { metadata, schema } = this.#snapshot;
    const { readElsewhere, maxDecodedBytes } = this.#options;
    return { store: this.store, metadata, schema, readElsewhere, maxDecodedBytes };
  }

  /** Moves to the newest version that others have committed; reads only the new commits. */
  async update(): Promise<Snapshot> {
    const { version: known } = this.#snapshot;
    const commits = await readCommitsAfter(this.store, known, { withFaults: true });
    if (commits.length === 0 && await isOvertaken(this.store, known)) {
      return this.#advance(await readSnapshot(this.store));
    }
    return this.#advance(this.#replay(commits));
  }

  /** Writes a frame as a data file that a later commit may name; see `stageFrame`. */
  async stageFile(frame: Frame, options: StageOptions = {}): Promise<Add> {
    checkArguments("stageFile", { frame, options }, { frame: KIND.frame, options: STAGE_OPTIONS });
    const { stageFrame } = await import("../write/stage_frame.ts");
    return await stageFrame(frame, this.#target(), options);
  }

  /** Writes columns as a data file that a later commit may name, without polars; see `stageColumns`. */
  async stageColumns(columns: Columns, options: StageOptions = {}): Promise<Add> {
    checkArguments("stageColumns", { columns, options }, {
      columns: KIND.columnBuffers,
      options: STAGE_OPTIONS,
    });
    const { stageColumns } = await import("../write/stage_columns.ts");
    return await stageColumns(columns, this.#target(), options);
  }

  /** Writes rows as a data file that a later commit may name; see `stageRows`. */
  async stageRows(rows: readonly Row[], options: StageOptions = {}): Promise<Add> {
    checkArguments("stageRows", { rows, options }, { rows: KIND.rowList, options: STAGE_OPTIONS });
    const { stageRows } = await import("../write/stage_rows.ts");
    return await stageRows(rows, this.#target(), options);
  }

  /** Reads a data file with the columns and types of the table; see `readDataFile`. */
  async readFile(
    add: ReadableFile,
    options: ReadFileOptions = {},
  ): Promise<Frame> {
    checkArguments("readFile", { add, options }, { add: KIND.file, options: KIND.object });
    const { readDataFile } = await import("../read/file_reader.ts");
    return await readDataFile(add, this.fileSource, options);
  }

  /**
   * A data file as columns in flat buffers, without partition columns and those that it does not have; undefined when
   * it has to be read as a frame.
   */
  async readColumns(add: ReadableFile, options: ReadColumnsOptions = {}): Promise<Columns | undefined> {
    checkArguments("readColumns", { add, options }, { add: KIND.file, options: KIND.object });
    const { readFileBuffers } = await import("../read/file_buffers.ts");
    return await readFileBuffers(add, this.fileSource, options);
  }

  /**
   * Reads the bytes of a data file once, to give columns of it as `readColumns` does: first those that tell which rows
   * are wanted, then others of these rows alone. Undefined when it has to be read as a frame.
   */
  async openColumns(add: ReadableFile): Promise<ColumnFile | undefined> {
    checkArguments("openColumns", { add }, { add: KIND.file });
    const { openFileBuffers } = await import("../read/file_buffers.ts");
    return await openFileBuffers(add, this.fileSource);
  }

  /** The rows of a data file, as `frameRows` gives those of a frame; small files take no polars to read. */
  async readRows(add: ReadableFile, options: ReadFileOptions = {}): Promise<readonly Row[]> {
    checkArguments("readRows", { add, options }, { add: KIND.file, options: KIND.object });
    const { readFileRows } = await import("../read/file_rows.ts");
    return await readFileRows(add, this.fileSource, options);
  }

  /**
   * How many rows of a data file are part of the table. The log says it of nearly every file; of others the footer is
   * read, once per file.
   *
   * @throws {CorruptFileError} when it has to be read and cannot be
   */
  async countRows(add: Add): Promise<number> {
    checkArguments("countRows", { add }, { add: KIND.file });
    const known = statsRows(add) ?? this.#countedRows.get(add);
    if (known !== undefined) return known;
    const { countFileRows } = await import("../read/count_file_rows.ts");
    const rows = await countFileRows(add, this.fileSource);
    this.#countedRows.set(add, rows);
    return rows;
  }

  /**
   * Commits one change, and moves to the version it made.
   *
   * @throws {CommitConflictError} when too many races were lost; the change may be tried again as it is
   */
  async commit(request: CommitRequest): Promise<CommitOutcome> {
    checkArguments("commit", { request }, { request: COMMIT_REQUEST });
    const { clock, ids, backoff = jitteredBackoff(), maxAttempts = 50, autoCheckpoint = true } =
      this.#options;
    const { commitChange } = await import("../log/commit.ts");
    const result = await commitChange(request, { store: this.store, clock, ids, backoff, maxAttempts });
    if (result.status === "conflict") return { status: "conflict", ...result.conflict };
    const base = this.#snapshot;
    const isNext = request.readSnapshot.version <= base.version && base.version < result.version;
    if (isNext) this.#advance(this.#replay(result.commits));
    if (autoCheckpoint) await this.#checkpointIfDue(result.version);
    return { status: "committed", version: result.version };
  }

  /** Removes staged files after a commit that failed; what cannot be removed is left to vacuum. */
  async discard(adds: readonly Add[]): Promise<void> {
    checkArguments("discard", { adds }, { adds: KIND.files });
    await Promise.allSettled(adds.map(({ path }) => this.store.remove(decodePath(path))));
  }

  /** Lets go of removed files whose data is gone too: who checks out an older version cannot read it any more. */
  forgetRemoved(gone: ReadonlySet<Remove>): void {
    this.#snapshot = forgetRemoved(this.#snapshot, (remove) => gone.has(remove));
  }

  /** Who did what, newest first; ends early where old commits were removed from the log. */
  async history(options: { readonly limit?: number } = {}): Promise<readonly HistoryEntry[]> {
    checkArguments("history", { options }, { options: optionsOf({ limit: KIND.optional(KIND.limit) }) });
    const { limit = 100 } = options;
    const entries: HistoryEntry[] = [];
    for (let version = this.#snapshot.version; version >= 0 && entries.length < limit; version--) {
      const commit = await readCommit(this.store, version, { withFaults: true });
      if (commit === undefined) break;
      entries.push(historyEntry(version, commit.actions));
    }
    return entries;
  }

  #replay(commits: readonly Commit[]): Snapshot {
    const base = this.#snapshot;
    try {
      return replay(base, commits.filter(({ version }) => version > base.version));
    } catch (error) {
      throw inTable(error, this.store.label);
    }
  }

  // As in Spark: whoever makes the version that is due writes it. The commit is in, whatever happens here.
  async #checkpointIfDue(version: number): Promise<void> {
    try {
      const { checkpointInterval } = tableProperties(this.#snapshot.metadata);
      if (version % checkpointInterval !== 0) return;
      const snapshot = this.#snapshot.version < version ? await this.update() : this.#snapshot;
      const { writeCheckpoint } = await import("../log/write_checkpoint.ts");
      await writeCheckpoint(this.store, snapshot, this.#options.clock());
    } catch (error) {
      this.#options.onCheckpointError?.(error);
    }
  }

  // Two calls may overlap: the older result must not replace the newer.
  #advance(snapshot: Snapshot): Snapshot {
    if (snapshot.version > this.#snapshot.version) {
      assertReadable(this.store.label, snapshot.protocol, snapshot.metadata);
      this.#snapshot = snapshot;
    }
    return this.#snapshot;
  }

  #target(): FileTarget {
    const { clock, ids } = this.#options;
    const { metadata, schema } = this.#snapshot;
    return { store: this.store, metadata, schema, clock, ids };
  }
}

function historyEntry(version: number, actions: Actions): HistoryEntry {
  return {
    version,
    commitInfo: actions.commitInfo ?? {},
    operation: commitOperation(actions),
    filesAdded: actions.adds.length,
    filesRemoved: actions.removes.length,
  };
}
