/** Which trains the standard table holds, read from its files when a batch first asks for them. */
import { pl } from "../packages/polars.ts";
import {
  type Add,
  type Column,
  type Columns,
  type DeltaTable,
  type Expression,
  frameRows,
  longsOf,
  type Row,
  tableSchema,
} from "../delta/mod.ts";
import { trainKey, type TrainState } from "./plan_merge.ts";

/** One train of one data file. */
export interface HeldTrain extends TrainState {
  readonly key: number;
  readonly trainNumber: number;
}

/** How much an index may hold. */
export interface TrainIndexOptions {
  /** Trains in memory at most; a year of Finnish traffic has about half a million. */
  readonly trainLimit?: number;
}

const { fields: FIELDS } = tableSchema({
  trainNumber: "long",
  version: "long",
  contentHash: "long",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  kafkaMessageTimestamp: "timestamp",
  sourceEpoch: "integer",
  rowCount: "long",
});
const COLUMNS = FIELDS.map(({ name }) => name).filter((name) => name !== "rowCount");
/** Made once: polars builds an expression in some 60 µs. */
let firsts: readonly Expression[] | undefined;

/**
 * Trains by data file. Data files never change, so what was read once stays true whatever other writers do:
 * which files count is asked of the table's snapshot each time.
 */
export class TrainIndex {
  readonly #byPath = new Map<string, readonly HeldTrain[]>();
  readonly #trainLimit: number;
  #trains = 0;

  constructor({ trainLimit = 200_000 }: TrainIndexOptions = {}) {
    this.#trainLimit = trainLimit;
  }

  /** Trains in memory. */
  get size(): number {
    return this.#trains;
  }

  /** The trains of a file, if they are in memory. */
  known({ path }: Add): readonly HeldTrain[] | undefined {
    return this.#byPath.get(path);
  }

  /** The trains of one file of the table. */
  async trainsOf(table: DeltaTable, add: Add, departureDay: number): Promise<readonly HeldTrain[]> {
    const known = this.#byPath.get(add.path);
    if (known !== undefined) return known;
    const trains = await readTrains(table, add, departureDay);
    this.remember(add, trains);
    return trains;
  }

  /** Remembers the trains of a file that was just written. */
  remember(add: Add, trains: readonly HeldTrain[]): void {
    this.#trains += trains.length - (this.#byPath.get(add.path)?.length ?? 0);
    this.#byPath.set(add.path, trains);
    for (const [path, oldest] of this.#byPath) {
      if (this.#trains <= this.#trainLimit) break;
      this.#byPath.delete(path);
      this.#trains -= oldest.length;
    }
  }
}

/** One entry per train of the file; rows of a train agree in all these columns. */
async function readTrains(table: DeltaTable, add: Add, departureDay: number): Promise<readonly HeldTrain[]> {
  const columns = await table.readColumns(add, { columns: COLUMNS });
  if (columns !== undefined) return trainsIn(columns, departureDay);
  const frame = await table.readFile(add, { columns: COLUMNS });
  firsts ??= COLUMNS.slice(1).map((name) => pl.col(name).first());
  const trains = frame.groupBy("trainNumber").agg(...firsts, pl.col("version").count().alias("rowCount"));
  const withCount = trains.withColumns(pl.col("rowCount").cast(pl.Int64));
  return Array.from(frameRows(withCount, FIELDS), (row) => heldTrain(row, departureDay));
}

/** Rows of a train lie side by side unless another engine has moved them. */
function trainsIn(columns: Columns, departureDay: number): readonly HeldTrain[] {
  const numbers = wholeNumbers(columns.trainNumber);
  const others = FIELDS.slice(1, -1).map(({ name }) => [name, wholeNumbers(columns[name])] as const);
  const firsts = new Map<bigint | null, { row: number; count: number }>();
  let last: { row: number; count: number } | undefined, lastNumber: bigint | null = null;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers.at(row);
    if (last === undefined || number !== lastNumber) {
      last = firsts.get(number) ?? { row, count: 0 };
      firsts.set(number, last);
      lastNumber = number;
    }
    last.count++;
  }
  return Array.from(firsts, ([trainNumber, { row, count }]) => {
    const values = others.map(([name, column]) => [name, column.at(row)]);
    return heldTrain({ trainNumber, ...Object.fromEntries(values), rowCount: BigInt(count) }, departureDay);
  });
}

/** The values of a column of integers, null where there is none. */
function wholeNumbers(column: Column | undefined): { length: number; at: (row: number) => bigint | null } {
  if (column?.kind !== "int64" && column?.kind !== "int32") return { length: 0, at: () => null };
  const { length, present } = column;
  const values = column.kind === "int32" ? column.values : longsOf(column);
  return { length, at: (row) => present !== null && present[row] === 0 ? null : BigInt(values[row] ?? 0) };
}

function heldTrain(row: Row, departureDay: number): HeldTrain {
  const trainNumber = Number(row.trainNumber);
  return {
    key: trainKey(departureDay, trainNumber),
    trainNumber,
    sourceEpoch: Number(row.sourceEpoch ?? 0),
    version: Number(row.version),
    contentHash: BigInt(String(row.contentHash ?? 0)),
    partition: Number(row.kafkaPartition),
    offset: BigInt(String(row.kafkaOffset ?? 0)),
    timestampMs: Number(row.kafkaMessageTimestamp) / 1000,
    rowCount: Number(row.rowCount),
  };
}
