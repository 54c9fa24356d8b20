/** One batch after the other into one table, with one index of trains as a run has it, beside a table of plain trains. */
import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFile,
  type DeltaTable,
  MemoryStore,
  type Row,
  type StructField,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { mergeTrains } from "../../lib/standard/merge_trains.ts";
import { RecentRows } from "../../lib/standard/recent_rows.ts";
import type { MergeFindings } from "../../lib/standard/stage_merge.ts";
import { TrainIndex } from "../../lib/standard/train_index.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";
import { countReads } from "../quality/counted_reads.ts";
import { rowsOf } from "../pipeline/table_content.ts";

const NO_TAGS = { ofFrame: () => ({}), ofColumns: () => ({}) };
const BASE = JSON.parse(new TextDecoder().decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));
const DATES = ["2025-02-16", "2025-02-17"];

interface PlainTrain {
  readonly departureDate: string;
  readonly trainNumber: number;
  readonly version: number;
  readonly rowCount: number;
}

async function batchOf(trains: readonly PlainTrain[], from: number) {
  const records = trains.map(({ rowCount, ...train }, i) => {
    const timeTableRows = BASE.timeTableRows.slice(0, rowCount);
    const value = new TextEncoder().encode(JSON.stringify({ ...BASE, ...train, timeTableRows }));
    return { offset: BigInt(from + i), timestampMs: FIRST_ROUND_MS, key: null, value, headers: {} };
  });
  const to = BigInt(from + trains.length);
  // Two chunks, so that a winner is looked for in each.
  const source = (async function* () {
    const half = Math.ceil(records.length / 2);
    for (const some of [records.slice(0, half), records.slice(half)]) {
      const nextOffset = (some.at(-1)?.offset ?? to - 1n) + 1n;
      if (some.length > 0) {
        yield await Promise.resolve({ partition: 0, records: some, nextOffset, sizeBytes: 1 });
      }
    }
  })();
  const chunks = await Array.fromAsync(
    validateChunks(source, { topic: "trains", aheadBytes: 0, monotonic: () => 0 }),
  );
  const range = { partition: 0, from: BigInt(from), to, messages: trains.length, expired: 0n, gaps: 0n };
  return { chunks, ranges: [range], messages: trains.length, sizeBytes: 1 };
}

/** The table as a reader would explain it: takes the train, or says why not. */
class PlainTable {
  readonly trains = new Map<string, PlainTrain>();

  take(train: PlainTrain): "accepted" | "duplicate" | "stale" {
    const id = `${train.departureDate}/${train.trainNumber}`;
    const held = this.trains.get(id)?.version ?? -1;
    if (held >= train.version) return held === train.version ? "duplicate" : "stale";
    this.trains.set(id, train);
    return "accepted";
  }

  get content(): readonly string[] {
    return [...this.trains].map(([id, { version, rowCount }]) => `${id} ${version} ${rowCount}`).sort();
  }
}

/** A version keeps its content. */
function randomTrain(random: Random): PlainTrain {
  const trainNumber = 1 + Math.floor(random() * 8), version = Math.floor(random() * 9);
  const departureDate = DATES[Math.floor(random() * 2)] ?? "";
  return { departureDate, trainNumber, version, rowCount: 2 + (trainNumber + version) % 3 };
}

/** Merges one batch, and says what became of its messages. */
async function merge(
  standard: TopicTable,
  batch: Awaited<ReturnType<typeof batchOf>>,
  index: TrainIndex,
  trainsPerFile?: number,
  recent?: RecentRows,
) {
  const sums = { accepted: 0, duplicate: 0, stale: 0 };
  const describeCommit = ({ counts }: MergeFindings) => {
    const { accepted, duplicate, stale } = counts.get(0) ?? sums;
    Object.assign(sums, { accepted, duplicate, stale });
    return {};
  };
  await mergeTrains(standard, batch, { index, tags: NO_TAGS, describeCommit, trainsPerFile, recent });
  return sums;
}

async function openStandard(): Promise<TopicTable> {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  const delta = await openLakeTable(new MemoryStore(), definition, testContext("merge"));
  return new TopicTable(delta, { name: "standard", topic: "trains" });
}

/** What {@linkcode contentOf} asks for. */
const NAMES = ["departureDate", "trainNumber", "version"];

function contentOf(rows: Awaited<ReturnType<typeof rowsOf>>): readonly string[] {
  const trains = Map.groupBy(rows, (row) => `${row.departureDate}/${row.trainNumber} ${row.version}`);
  return [...trains].map(([name, mine]) => `${name} ${mine.length}`).sort();
}

Deno.test("batch after batch, a train's newest version stands in the table once, whichever batches touched its date", async () => {
  const random = seededRandom(83);
  const standard = await openStandard();
  const { delta } = standard;
  const plain = new PlainTable();
  let offset = 0;
  // Each index is a run; the last has room for some of the trains only, and has to read what it forgot.
  for (const index of [new TrainIndex(), new TrainIndex(), new TrainIndex({ trainLimit: 5 })]) {
    for (let batch = 0; batch < 6; batch++) {
      const trains = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomTrain(random));
      const expected = { accepted: 0, duplicate: 0, stale: 0 };
      for (const train of trains) expected[plain.take(train)]++;
      assertEquals(await merge(standard, await batchOf(trains, offset), index), expected);
      offset += trains.length;
    }
    const rows = await rowsOf(delta);
    assertEquals(contentOf(rows), plain.content);
    // What the commits say of their rows, under Spark's names, is what they did.
    const metrics = (await delta.history({ limit: Infinity })).map(({ commitInfo }) =>
      commitInfo.operationMetrics
    );
    const sum = (name: string) => metrics.reduce((total, metric) => total + Number(metric?.[name] ?? 0), 0);
    const deleted = sum("numTargetRowsDeleted");
    assertEquals([sum("numTargetRowsInserted") - deleted, deleted > 0], [rows.length, true]);
  }
});

Deno.test("small batches cut a date into files of few trains, of which the next rewrites few and leaves as few", async () => {
  const random = seededRandom(84);
  const standard = await openStandard();
  const { delta } = standard;
  const plain = new PlainTable();
  const trainOf = (trainNumber: number, version: number): PlainTrain => ({
    departureDate: DATES[0] ?? "",
    trainNumber,
    version,
    rowCount: 2 + (trainNumber + version) % 3,
  });
  let offset = 0;
  const index = new TrainIndex();
  const mergeAll = async (trains: readonly PlainTrain[]) => {
    trains.forEach((train) => plain.take(train));
    await merge(standard, await batchOf(trains, offset), index, 5);
    offset += trains.length;
    assertEquals(contentOf(await rowsOf(delta, { columns: NAMES })), plain.content);
  };
  await mergeAll(Array.from({ length: 200 }, (_, number) => trainOf(number + 1, 1)));
  assertEquals(delta.snapshot.files.size, 1, "all of them are no small batch");
  for (let version = 2; version < 30; version++) {
    // Some are new, one by one.
    const known = 200 + Math.floor(version / 2);
    const numbers = new Set([known - 1, Math.floor(random() * known), Math.floor(random() * known)]);
    const before = new Set(delta.snapshot.files.keys());
    await mergeAll([...numbers].map((number) => trainOf(number + 1, version)));
    const files = [...delta.snapshot.files.keys()];
    const written = files.filter((path) => !before.has(path)).length;
    assertEquals([files.length >= 30, files.length <= 100, version === 2 || written <= 4], [
      true,
      true,
      true,
    ]);
  }
  assertEquals(contentOf(await rowsOf(delta)), plain.content);
});

Deno.test("a batch that changes many trains of a date leaves its files as one, whatever they were", async () => {
  const standard = await openStandard();
  const index = new TrainIndex();
  const sizes: number[] = [];
  let offset = 0;
  for (const [version, changed] of [[1, 100], [2, 1], [3, 60], [4, 2]] as const) {
    const trains = Array.from({ length: changed }, (_, number): PlainTrain => ({
      departureDate: DATES[0] ?? "",
      trainNumber: 1 + (number * 37) % 100,
      version,
      rowCount: 2,
    }));
    await merge(standard, await batchOf(trains, offset), index, 5);
    offset += changed;
    sizes.push(standard.delta.snapshot.files.size);
  }
  assertEquals([sizes[0], sizes[1], sizes[3]], [1, 20, 20]);
  assertEquals((sizes[2] ?? 20) < 6, true);
});

Deno.test("a newer version replaces the rows that another engine wrote of the train, and none beside them", async () => {
  const standard = await openStandard();
  const { delta } = standard;
  const train = { departureDate: "2025-02-16", trainNumber: 1, version: 1, rowCount: 4 };
  await merge(standard, await batchOf([train], 0), new TrainIndex());
  const [add] = delta.snapshot.files.values();
  if (add === undefined) throw new Error("no file");
  const rows = await delta.readFile(add);
  // Nobody knows whose a row without a number is.
  const foreign = [2, null, 3].map((number, i) =>
    rows.head(i + 1).withColumn(pl.lit(number).cast(pl.Int64).alias("trainNumber"))
  );
  const file = pl.concat(foreign).select(...rows.columns).drop(STANDARD_PARTITION);
  const { partitionValues } = add;
  await appendFile(delta, await delta.stageFile(file, { partitionValues }), { rows: file.height });
  const newer = { ...train, trainNumber: 3, version: 2, rowCount: 5 };
  await merge(standard, await batchOf([newer], 1), new TrainIndex(), 1);
  assertEquals(contentOf(await rowsOf(delta)), [
    "2025-02-16/1 1 4",
    "2025-02-16/2 1 1",
    "2025-02-16/3 2 5",
    "2025-02-16/null 1 2",
  ]);
});

Deno.test("a run knows the trains of the files that it wrote: of these only what is replaced is read", async () => {
  const { delta, ...place } = await openStandard();
  const { table, reads } = countReads(delta);
  const standard = new TopicTable(table, place);
  const index = new TrainIndex();
  const trains = [1, 2].map((trainNumber) => {
    return { departureDate: "2025-02-16", trainNumber, version: 1, rowCount: 3 };
  });
  await merge(standard, await batchOf(trains, 0), index);
  await merge(standard, await batchOf(trains, 2), index);
  assertEquals(reads(), 0);
  const [first] = trains;
  if (first === undefined) throw new Error("no train");
  await merge(standard, await batchOf([{ ...first, version: 2 }], 4), index);
  assertEquals(reads(), 1);
  await merge(standard, await batchOf(trains, 5), index);
  assertEquals(reads(), 1);
});

/** The standard table as another engine may have widened it: with fields inside of a struct, and columns. */
function widened(fields: readonly StructField[], columns: readonly StructField[]) {
  const wide = STANDARD_SCHEMA.fields.map((field) => {
    const { name, type } = field;
    return name === "trainReady" && typeof type !== "string" && type.type === "struct"
      ? { ...field, type: { ...type, fields: [...type.fields, ...fields] } }
      : field;
  });
  return { ...STANDARD_SCHEMA, fields: [...wide, ...columns] };
}

/** Rewrites the only file, as another engine does. */
async function rewrite(delta: DeltaTable, change: (row: Row) => Row): Promise<void> {
  const [add] = delta.snapshot.files.values();
  if (add === undefined) throw new Error("no file");
  const rows = (await delta.readRows(add)).map(({ [STANDARD_PARTITION]: _, ...row }) => change(row));
  const file = await delta.stageRows(rows, { partitionValues: add.partitionValues });
  const rewritten = { adds: [file], removes: [add], reads: { matches: () => true } } as const;
  await delta.commit({ readSnapshot: delta.snapshot, operation: "UPDATE", ...rewritten });
}

const MORE = tableSchema({ more: "long" }).fields;

for (
  const [where, fields, columns] of [["a struct", MORE, []], ["the table", [], MORE], [
    "both",
    MORE,
    MORE,
  ]] as const
) {
  Deno.test(`what another engine has added to ${where} is null in new rows, and stays in old ones`, async () => {
    const definition = { schema: widened(fields, columns), partitionColumns: [STANDARD_PARTITION] };
    const delta = await openLakeTable(new MemoryStore(), definition, testContext("merge"));
    const standard = new TopicTable(delta, { name: "standard", topic: "trains" });
    const trains = [1, 2].map((trainNumber) => {
      return { departureDate: "2025-02-16", trainNumber, version: 1, rowCount: 4 };
    });
    const index = new TrainIndex();
    await merge(standard, await batchOf(trains, 0), index);
    for (let version = 2; version < 4; version++) {
      await rewrite(delta, ({ trainNumber, ...row }) => ({
        ...row,
        trainNumber,
        ...(columns.length > 0 && { more: trainNumber }),
        ...(fields.length > 0 && {
          trainReady: { source: "x", accepted: null, timestamp: null, more: trainNumber },
        }),
      }));
      const [first] = trains;
      if (first === undefined) throw new Error("no train");
      await merge(standard, await batchOf([{ ...first, version }], version), index);
      const rows = await rowsOf(delta);
      assertEquals(contentOf(rows), [`2025-02-16/1 ${version} 4`, "2025-02-16/2 1 4"]);
      const found = rows.map(({ trainNumber, trainReady, more }) => {
        const inside = typeof trainReady === "object" && trainReady !== null && "more" in trainReady
          ? trainReady.more
          : null;
        return `${trainNumber} ${inside} ${more ?? null}`;
      });
      const [inside, beside] = [fields.length > 0 ? "2" : "null", columns.length > 0 ? "2" : "null"];
      assertEquals([...new Set(found)].sort(), ["1 null null", `2 ${inside} ${beside}`]);
    }
  });
}

Deno.test("what was written lately is not read to be replaced, unless another engine has deleted rows of it", async () => {
  const random = seededRandom(85);
  const { delta, ...place } = await openStandard();
  const { table, reads } = countReads(delta);
  const standard = new TopicTable(table, place), index = new TrainIndex(), recent = new RecentRows();
  const plain = new PlainTable();
  let offset = 0;
  for (let version = 1; version < 30; version++) {
    const changed = version === 1 ? 60 : 2;
    const trains = Array.from({ length: changed }, (_, number): PlainTrain => {
      const trainNumber = 1 + (version === 1 ? number : Math.floor(random() * 60));
      return {
        departureDate: DATES[0] ?? "",
        trainNumber,
        version,
        rowCount: 2 + (trainNumber + version) % 3,
      };
    }).filter((train, at, all) =>
      all.findIndex(({ trainNumber }) => trainNumber === train.trainNumber) === at
    );
    trains.forEach((train) => plain.take(train));
    await merge(standard, await batchOf(trains, offset), index, 5, recent);
    offset += trains.length;
    assertEquals(contentOf(await rowsOf(delta)), plain.content);
  }
  assertEquals(reads(), 0);
  const [add] = delta.snapshot.files.values();
  if (add === undefined) throw new Error("no file");
  const deletionVector = { storageType: "u", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 } as const;
  assertEquals(recent.take({ ...add, deletionVector }), undefined);
});
