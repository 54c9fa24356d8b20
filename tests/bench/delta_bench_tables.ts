/** The tables of the Delta bench, made once: logs of many commits, of many files, and one of real size. */

import { parquetWriteBuffer } from "hyparquet-writer";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import pl from "nodejs-polars";
import type { Actions, Add } from "../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../lib/delta/actions/log_path.ts";
import {
  checkpointTable,
  createTable,
  LocalStore,
  openTable,
  type StructType,
  type TableOptions,
  tableSchema,
} from "../../lib/delta/mod.ts";

/** Where each table lies. */
export interface BenchTables {
  readonly commits10000: string;
  readonly commits1000: string;
  readonly files100000: string;
  readonly rows535520: string;
  /** Rows of one date and of all dates that a merge takes in, one Parquet file each. */
  readonly changesOneDate: string;
  readonly changesAllDates: string;
}

/** A clock that moves, names that are unique in the world. */
export const LIVE: TableOptions = { clock: () => Date.now(), ids: () => crypto.randomUUID() };

/** The columns of the table of 535,520 rows, close to those of timetable rows. */
export const ROW_SCHEMA: StructType = tableSchema({
  departureDate: "date",
  trainNumber: "integer",
  trainType: "string",
  stationShortCode: "string",
  type: "string",
  scheduledTime: "timestamp",
  actualTime: "timestamp",
  differenceInMinutes: "integer",
  cancelled: "boolean",
  version: "long",
  trainTravelId: "string",
});

const DATES = 20;
const ROWS_PER_DATE = 26_776;
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;

/** Makes what is not there yet; a table that was made in part is made again. */
export async function makeBenchTables(folder: string): Promise<BenchTables> {
  const tables: BenchTables = {
    commits10000: `${folder}/commits10000`,
    commits1000: `${folder}/commits1000`,
    files100000: `${folder}/files100000`,
    rows535520: `${folder}/rows535520`,
    changesOneDate: `${folder}/changesOneDate`,
    changesAllDates: `${folder}/changesAllDates`,
  };
  await make(
    tables.commits10000,
    (path) => makeLog(path, { commits: 10_000, filesPerCommit: 1, checkpointEvery: 90 }),
  );
  await make(tables.commits1000, (path) => makeLog(path, { commits: 1000, filesPerCommit: 1 }));
  await make(
    tables.files100000,
    (path) => makeLog(path, { commits: 1, filesPerCommit: 100_000, checkpointEvery: 1 }),
  );
  await make(tables.rows535520, makeRows);
  await make(tables.changesOneDate, (path) => makeChanges(path, (row) => row < ROWS_PER_DATE / 5));
  await make(tables.changesAllDates, (path) => makeChanges(path, (row) => row % 100 === 0));
  return tables;
}

async function make(path: string, write: (path: string) => Promise<void>): Promise<void> {
  const mark = `${path}.made`;
  try {
    await Deno.stat(mark);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.remove(path, { recursive: true }).catch(() => {});
    await Deno.mkdir(path, { recursive: true });
    await write(path);
    await Deno.writeTextFile(mark, "");
  }
}

interface LogShape {
  readonly commits: number;
  readonly filesPerCommit: number;
  readonly checkpointEvery?: number;
}

// Written without the library's flushes: the files named here are not there, nobody reads them.
async function makeLog(path: string, { commits, filesPerCommit, checkpointEvery }: LogShape): Promise<void> {
  const options = { schema: ROW_SCHEMA, partitionColumns: ["departureDate"] };
  const table = await createTable(new LocalStore(path), options, LIVE);
  for (let version = 1; version <= commits; version++) {
    const adds = Array.from(
      { length: filesPerCommit },
      (_, file) => fakeAdd(version * filesPerCommit + file),
    );
    const actions: Actions = {
      commitInfo: { timestamp: FIRST_DAY + version, operation: "WRITE", engineInfo: "bench" },
      txns: [{ appId: "bench", version: BigInt(version) }],
      removes: [],
      adds,
    };
    await Deno.writeFile(`${path}/${commitPath(version)}`, serializeCommit(actions));
    if (checkpointEvery === undefined || version % checkpointEvery !== 0) continue;
    await table.update();
    await checkpointTable(table);
  }
}

function fakeAdd(number: number): Add {
  const departureDate = isoDay(number % 365);
  const bounds = (value: number): object => ({
    trainNumber: value,
    stationShortCode: `S${value}`,
    scheduledTime: `${departureDate}T04:21:00.000Z`,
    trainTravelId: createHash("sha1").update(String(value)).digest("hex").slice(0, 32),
  });
  const nullCount = { trainNumber: 0, stationShortCode: 0, scheduledTime: 3, trainTravelId: 0 };
  return {
    path: `departureDate=${departureDate}/part-${String(number).padStart(8, "0")}-bench.zstd.parquet`,
    partitionValues: { departureDate },
    size: 100_000 + number,
    modificationTime: FIRST_DAY + number,
    dataChange: true,
    stats: JSON.stringify({
      numRecords: 500,
      minValues: bounds(number),
      maxValues: bounds(number + 1),
      nullCount,
    }),
  };
}

async function makeRows(path: string): Promise<void> {
  const options = { schema: ROW_SCHEMA, partitionColumns: ["departureDate"] };
  const table = await createTable(new LocalStore(path), options, LIVE);
  for (let date = 0; date < DATES; date++) {
    const rows = Array.from({ length: ROWS_PER_DATE }, (_, row) => row);
    const partitionValues = { departureDate: isoDay(date) };
    const adds = [await table.stageFile(dataFrame(date, rows, 1), { partitionValues })];
    await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
  }
}

async function makeChanges(path: string, isWanted: (row: number) => boolean): Promise<void> {
  const rows = Array.from({ length: ROWS_PER_DATE }, (_, row) => row).filter(isWanted);
  const dates = rows.length > ROWS_PER_DATE / 10 ? [7] : Array.from({ length: DATES }, (_, date) => date);
  const frames = dates.map((date) =>
    dataFrame(date, rows, 2).withColumns(dayLiteral(date).alias("departureDate")).select(
      ...ROW_SCHEMA.fields.map(({ name }) => name),
    )
  );
  await Deno.writeFile(`${path}/changes.parquet`, pl.concat(frames).writeParquet({ compression: "zstd" }));
}

function dayLiteral(date: number): ReturnType<typeof pl.lit> {
  return pl.lit((FIRST_DAY / DAY_MS) + date).cast(pl.Int32).cast(pl.Date);
}

// Rows as trains have them: a run of rows per train, ordered by time.
function dataFrame(date: number, rows: readonly number[], version: number): pl.DataFrame {
  const start = FIRST_DAY + date * DAY_MS;
  const times = rows.map((row) => BigInt(start + (row % 1440) * 60_000) * 1000n);
  const text = (name: string, pick: (row: number) => string): Column => ({
    name,
    data: rows.map(pick),
    type: "STRING",
  });
  const columns: Column[] = [
    { name: "trainNumber", data: rows.map((row) => Math.floor(row / 42) + 1), type: "INT32" },
    text("trainType", (row) => ["IC", "S", "HL", "T", "PYO"][Math.floor(row / 42) % 5] ?? ""),
    text("stationShortCode", (row) => `S${row % 494}`),
    text("type", (row) => row % 2 === 0 ? "DEPARTURE" : "ARRIVAL"),
    { name: "scheduledTime", data: times, type: "INT64" },
    {
      name: "actualTime",
      data: times.map((time, row) => row % 3 === 0 ? null : time + 60_000_000n),
      type: "INT64",
    },
    { name: "differenceInMinutes", data: rows.map((row) => row % 17 - 3), type: "INT32" },
    { name: "cancelled", data: rows.map((row) => row % 50 === 0), type: "BOOLEAN" },
    { name: "version", data: rows.map(() => BigInt(version)), type: "INT64" },
    text("trainTravelId", (row) => createHash("sha1").update(`${date}_${row}`).digest("hex")),
  ];
  const frame = pl.readParquet(Buffer.from(parquetWriteBuffer({ columnData: columns })));
  const zoned = ["scheduledTime", "actualTime"].map((name) => pl.col(name).cast(pl.Datetime("us", "UTC")));
  return frame.withColumns(...zoned);
}

interface Column {
  readonly name: string;
  readonly data: (string | number | bigint | boolean | null)[];
  readonly type: "STRING" | "INT32" | "INT64" | "BOOLEAN";
}

function isoDay(date: number): string {
  return new Date(FIRST_DAY + date * DAY_MS).toISOString().slice(0, 10);
}

/** Opens a table in a folder. */
export async function openBench(path: string): ReturnType<typeof openTable> {
  return await openTable(new LocalStore(path), LIVE);
}
