/** A small lake in memory to be asked: two days of trains, one train without arrival, maps, bytes and hostile texts. */
import {
  appendFile,
  createTable,
  MemoryStore,
  type Row,
  type Store,
  type StructType,
  tableSchema,
} from "../../lib/delta/mod.ts";
import type { SQL_OPTIONS } from "../../lib/sql/sql_options.ts";
import type { OptionValues } from "../../lib/cli/options.ts";
import { runSql } from "../../lib/sql/run_sql.ts";

let ids = 0;
/** What its tables take from outside. */
export const OPTIONS = { clock: () => Date.UTC(2026, 10, 28), ids: () => `id-${ids++}` };

const RUNS = tableSchema({
  departureDate: "date",
  trainNumber: "long",
  trainType: "string",
  plannedDeparture: "timestamp",
  arrivalDelaySeconds: "long",
  cancelled: "boolean",
  stops: "integer",
});
const LEGS = tableSchema({
  departureDate: "date",
  trainNumber: "long",
  leg: "integer",
  fromStation: "string",
  toStation: "string",
  delayAddedSeconds: "long",
});
const QUALITY = tableSchema({
  run_id: "string",
  score: "double",
  contentHash: "long",
  anomalies: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
  causes: {
    type: "array",
    elementType: tableSchema({ code: "string", at: "timestamp", count: "long" }),
    containsNull: true,
  },
});
const QUARANTINE = tableSchema({ rawValue: "binary", message: "string" });
const STATIONS = tableSchema({
  stationShortCode: "string",
  stationName: "string",
  longitude: "double",
  latitude: "double",
});

const at = (time: string) => BigInt(Date.parse(`${time}Z`)) * 1000n + 7n;
/** The rows of train_runs. */
export const RUN_ROWS = [
  run("2026-11-27", 27, "IC", 600n),
  run("2026-11-27", 28, "IC", null),
  run("2026-11-27", 41, "S", -30n),
  run("2026-11-28", 27, "IC", 120n),
  run("2026-11-28", 41, "S", 0n),
  run("2026-11-28", 8001, null, null),
] as const;

function run(departureDate: string, trainNumber: number, trainType: string | null, delay: bigint | null) {
  return {
    departureDate,
    trainNumber: BigInt(trainNumber),
    trainType,
    plannedDeparture: at(`${departureDate}T04:00:00`),
    arrivalDelaySeconds: delay,
    cancelled: trainNumber === 28,
    stops: trainNumber % 7,
  };
}

const LEG_ROWS = RUN_ROWS.flatMap(({ departureDate, trainNumber }) =>
  ["PSL", "TPE", "OL"].slice(0, Number(trainNumber) % 3 + 1).map((toStation, leg) => {
    return {
      departureDate,
      trainNumber,
      leg,
      fromStation: "TPE",
      toStation,
      delayAddedSeconds: BigInt(leg * 60),
    };
  })
);

const TABLES: readonly (readonly [string, StructType, readonly Row[], readonly string[]])[] = [
  ["analysis_zone/train_runs", RUNS, RUN_ROWS, ["departureDate"]],
  ["analysis_zone/leg_delays", LEGS, LEG_ROWS, ["departureDate"]],
  ["quality_zone/trains_travel", QUALITY, [{
    run_id: "a",
    score: 0.1,
    contentHash: 9_007_199_254_740_993n,
    anomalies: new Map([["late", 2n], ["__proto__", 9_007_199_254_740_993n]]),
    causes: [{ code: "K", at: at("2026-11-28T01:00:00"), count: -9_007_199_254_740_993n }, null],
  }, { run_id: "b", score: null, contentHash: null, anomalies: null, causes: [] }], []],
  ["quarantine_zone/trains_travel", QUARANTINE, [
    { rawValue: Uint8Array.of(0, 255, 10), message: "\u001b[31mred\u0007\n\"quoted\", 'so'\u202e" },
  ], []],
  ["standard_zone/stations", STATIONS, [
    { stationShortCode: "TPE", stationName: "Tampere asema", longitude: 23.77, latitude: 61.5 },
    { stationShortCode: "XX", stationName: "Nowhere", longitude: null, latitude: null },
  ], []],
];

/** A lake that tells which files were opened. */
export interface AskedLake {
  readonly storeOf: (path: string) => Store;
  /** Data files that were opened since it was made. */
  readonly opened: Set<string>;
}

/** Makes the lake. */
export async function makeAskedLake(): Promise<AskedLake> {
  const opened = new Set<string>();
  const stores = new Map<string, MemoryStore>();
  const storeOf = (path: string) => {
    const store = stores.get(path) ?? new MemoryStore();
    stores.set(path, store);
    return store;
  };
  for (const [path, schema, rows, partitionColumns] of TABLES) {
    const table = await createTable(storeOf(path), { schema, partitionColumns }, OPTIONS);
    const [partition] = partitionColumns;
    const days = new Set(rows.map((row) => partition === undefined ? "" : String(row[partition])));
    for (const day of days) {
      const part = rows.filter((row) => partition === undefined || row[partition] === day);
      const written = partition === undefined ? part : part.map(({ [partition]: _, ...rest }) => rest);
      const partitionValues = partition === undefined ? {} : { [partition]: day };
      await appendFile(table, await table.stageRows(written, { partitionValues }), { rows: part.length });
    }
    watch(storeOf(path), path, opened);
  }
  return { storeOf, opened };
}

function watch(store: MemoryStore, path: string, opened: Set<string>): void {
  const read = store.read.bind(store);
  store.read = (name, range) => {
    if (name.endsWith(".parquet")) opened.add(`${path}/${name}`);
    return read(name, range);
  };
}

type Flags = Partial<OptionValues<typeof SQL_OPTIONS>>;

/** Asks as the script does; resolves to what it prints. */
export async function ask(
  { storeOf }: Pick<AskedLake, "storeOf">,
  question: string | undefined,
  flags: Flags = {},
  width?: number,
  printed?: string[],
): Promise<string> {
  return new TextDecoder().decode(await askBytes({ storeOf }, question, flags, width, printed));
}

/** The same as bytes. */
export async function askBytes(
  { storeOf }: Pick<AskedLake, "storeOf">,
  question: string | undefined,
  flags: Flags = {},
  width?: number,
  printed: string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const written: Uint8Array[] = [];
  await runSql({
    positionals: question === undefined ? [] : [question],
    flags: {
      format: "table",
      out: undefined,
      file: undefined,
      limit: undefined,
      asOf: undefined,
      tables: false,
      ...flags,
    },
    lake: { storeOf, options: OPTIONS, signal: undefined },
    out: {
      write: (bytes) => {
        printed.push(new TextDecoder().decode(bytes));
        return Promise.resolve(written.push(bytes) > 0);
      },
      finish: () => Promise.resolve(),
      discard: () => Promise.resolve(),
    },
    width,
    readFile: () => Promise.resolve("select 'of a file' as question"),
    readInput: () => Promise.resolve("select 'of standard input' as question"),
  });
  return new Uint8Array(await new Blob(written as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
