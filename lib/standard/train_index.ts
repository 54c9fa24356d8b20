/** Which trains the standard table holds, read from its files when a batch first asks for them. */
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import type { Add, DeltaTable } from "../delta/mod.ts";
import { trainKey, type TrainState } from "./plan_merge.ts";

/** One train of one data file. */
export interface HeldTrain extends TrainState {
  readonly key: number;
  readonly trainNumber: number;
}

/** Trains kept in memory at most; a year of Finnish traffic has about half a million. */
const TRAIN_LIMIT = 200_000;
/** In microseconds, cast so that no reader of timestamps stands between. */
const TIME = "kafkaMessageTimestamp";
const COLUMNS = ["trainNumber", "version", "contentHash", "kafkaPartition", "kafkaOffset", TIME];

/**
 * Trains by data file. Data files never change, so what was read once stays true whatever other writers do:
 * which files count is asked of the table's snapshot each time.
 */
export class TrainIndex {
  readonly #byPath = new Map<string, readonly HeldTrain[]>();
  #trains = 0;

  /** The trains of one file of the table. */
  async trainsOf(table: DeltaTable, add: Add, departureDay: number): Promise<readonly HeldTrain[]> {
    const known = this.#byPath.get(add.path);
    if (known !== undefined) return known;
    const trains = await readTrains(table, add, departureDay);
    this.note(add, trains);
    return trains;
  }

  /** Remembers the trains of a file that was just written. */
  note(add: Add, trains: readonly HeldTrain[]): void {
    this.#byPath.set(add.path, trains);
    this.#trains += trains.length;
    for (const [path, oldest] of this.#byPath) {
      if (this.#trains <= TRAIN_LIMIT) break;
      this.#byPath.delete(path);
      this.#trains -= oldest.length;
    }
  }
}

/** One entry per train of the file; rows of a train agree in all these columns. */
async function readTrains(table: DeltaTable, add: Add, departureDay: number): Promise<readonly HeldTrain[]> {
  const frame = await table.readFile(add, { columns: COLUMNS });
  const firsts = COLUMNS.slice(1).map((name) => pl.col(name).first());
  const trains = frame.withColumns(pl.col(TIME).cast(pl.Int64)).groupBy("trainNumber").agg(
    ...firsts,
    pl.col("version").count().alias("rowCount"),
  );
  const rows = tableFromIPC(trains.writeIPC());
  const [number, version, hash, partition, offset, time] = COLUMNS.map((name) => rows.getChild(name));
  const rowCount = rows.getChild("rowCount");
  return Array.from({ length: rows.numRows }, (_, i) => ({
    key: trainKey(departureDay, Number(number?.get(i))),
    trainNumber: Number(number?.get(i)),
    version: Number(version?.get(i)),
    contentHash: BigInt(hash?.get(i) ?? 0),
    partition: Number(partition?.get(i)),
    offset: Number(offset?.get(i)),
    timestampMs: Number(time?.get(i)) / 1000,
    rowCount: Number(rowCount?.get(i)),
  }));
}
