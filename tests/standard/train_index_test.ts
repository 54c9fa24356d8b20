/** The index of trains reads each file once, and holds no more trains than it may. */
import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { type Add, appendFile, createTable, type DeltaTable, MemoryStore } from "../../lib/delta/mod.ts";
import { TrainIndex } from "../../lib/standard/train_index.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { testContext } from "../delta/test_context.ts";

const DAY = 20_136;

/** Files of so many trains each, two rows per train, and how often they are read. */
async function tableOf(files: number, trains: number) {
  const table = await createTable(new MemoryStore(), { schema: STANDARD_SCHEMA }, testContext());
  const adds: Add[] = [];
  for (let file = 0; file < files; file++) {
    const numbers = Array.from({ length: trains * 2 }, (_, row) => file * trains + Math.floor(row / 2) + 1);
    const long = (name: string, of: (number: number) => number) => pl.Series(name, numbers.map(of), pl.Int64);
    const rows = pl.DataFrame([
      long("trainNumber", (number) => number),
      long("version", (number) => number * 10),
      long("contentHash", (number) => number * 100),
      pl.Series("kafkaPartition", numbers.map(() => 2), pl.Int32),
      long("kafkaOffset", (number) => number + 5),
    ]);
    const add = await table.stageRows(
      rows.toRecords().map((row) => ({
        ...row,
        trainNumber: BigInt(Number(row.trainNumber)),
        version: BigInt(Number(row.version)),
        contentHash: BigInt(Number(row.contentHash)),
        kafkaOffset: BigInt(Number(row.kafkaOffset)),
        kafkaMessageTimestamp: new Date(7000),
      })),
    );
    await appendFile(table, add, { rows: numbers.length });
    adds.push(add);
  }
  let reads = 0;
  const counting = new Proxy(table, {
    get: (target, name) => {
      if (name === "readColumns") reads++;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { table: counting as DeltaTable, adds, reads: () => reads };
}

Deno.test("a file is read once for its trains, each with what decides about it", async () => {
  const { table, adds: [add], reads } = await tableOf(1, 3);
  if (add === undefined) throw new Error("no file");
  const index = new TrainIndex();
  const trains = await index.trainsOf(table, add, DAY);
  assertEquals(await index.trainsOf(table, add, DAY), trains);
  assertEquals(reads(), 1);
  assertEquals(trains.toSorted((a, b) => a.trainNumber - b.trainNumber)[1], {
    key: DAY * 100_000 + 2,
    trainNumber: 2,
    // Of a table without a word of it.
    sourceEpoch: 0,
    version: 20,
    contentHash: 200n,
    partition: 2,
    offset: 7n,
    timestampMs: 7000,
    rowCount: 2,
  });
});

Deno.test("beyond its limit the index forgets the oldest files, and reads them again when they are asked for", async () => {
  const { table, adds, reads } = await tableOf(4, 10);
  const index = new TrainIndex({ trainLimit: 20 });
  for (const add of adds) await index.trainsOf(table, add, DAY);
  assertEquals(reads(), 4);
  // Two files of ten trains fit, exactly: the last two.
  for (const add of adds.slice(2)) await index.trainsOf(table, add, DAY);
  assertEquals(reads(), 4);
  const [first] = adds;
  if (first === undefined) throw new Error("no file");
  assertEquals((await index.trainsOf(table, first, DAY)).length, 10);
  assertEquals(reads(), 5);
});
