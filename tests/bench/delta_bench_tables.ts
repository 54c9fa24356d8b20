/** The tables of the Delta bench, made once: logs of many commits, of many files, and one of real size. */

import { parquetWriteBuffer } from "hyparquet-writer";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import pl from "nodejs-polars";
import type { Actions, Add } from "../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../lib/delta/actions/log_path.ts";
import {
  appendFrame,
  checkpointIfDue,
  checkpointTable,
  createTable,
  LocalStore,
  type StructType,
  type TableOptions,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { cachedFolder } from "./bench_cache.ts";

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

const ROOT = new URL("../../", import.meta.url).pathname;
const DATES = 20;
const ROWS_PER_DATE = 26_776;
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;

/** How each table is made; the changes are rows of one date and of all dates that a merge takes in, one Parquet file each. */
const MAKERS = {
  commits10000: (path: string) => makeLog(path, { commits: 10_000, filesPerCommit: 1, checkpointEvery: 90 }),
  commits1000: (path: string) => makeLog(path, { commits: 1000, filesPerCommit: 1 }),
  files100000: (path: string) => makeLog(path, { commits: 1, filesPerCommit: 100_000, checkpointEvery: 1 }),
  rows535520: makeRows,
  changesOneDate: (path: string) => makeChanges(path, (row) => row < ROWS_PER_DATE / 5),
  changesAllDates: (path: string) => makeChanges(path, (row) => row % 100 === 0),
  appended: appendOneByOne,
} as const;

/** A table that is made once. */
export type BenchTable = keyof typeof MAKERS;

/** Where the table lies, from the root of the file system; it is made where it is missing or would be another now. */
export async function benchTable(name: BenchTable): Promise<string> {
  const folder = await cachedFolder({
    name: `delta-${name}`,
    from: ["tests/bench/delta_bench_tables.ts", "lib/delta", "deno.lock"],
    make: async (folder) => void await MAKERS[name](ROOT + folder),
  });
  return ROOT + folder;
}

/** A thousand commits of one row, each on disk before the next. */
export async function appendOneByOne(path: string): Promise<number> {
  const schema = tableSchema({ id: "long", text: "string" });
  const configuration = { "delta.checkpointInterval": "100" };
  const table = await createTable(new LocalStore(path), { schema, configuration }, LIVE);
  for (let number = 0; number < 1000; number++) {
    const frame = pl.DataFrame({ id: [number], text: [`row ${number}`] }).withColumns(
      pl.col("id").cast(pl.Int64),
    );
    await appendFrame(table, frame);
    await checkpointIfDue(table);
  }
  return table.snapshot.version;
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
