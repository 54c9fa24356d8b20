import { assertEquals } from "@std/assert";
import { configure, reset } from "@logtape/logtape";
import pl from "nodejs-polars";
import {
  createTable,
  deleteRows,
  type DeltaTable,
  frameRows,
  MemoryStore,
  openTable,
  parsePredicate,
  scanTable,
  type Store,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { recountFiles } from "../../lib/quality/recount_files.ts";
import { countTable, type RowCounter, rowsTag } from "../../lib/tables/count_tags.ts";
import { appendFile } from "../../lib/delta/mod.ts";
import { testContext } from "../delta/test_context.ts";

const SCHEMA = tableSchema({ n: "long" });

/** Counts the rows above a limit, and remembers how often it was asked. */
function counter(limit: number): RowCounter & { readonly asked: () => number } {
  let asked = 0;
  return {
    set: `above-${limit}`,
    count: (rows) => {
      asked++;
      return { rows: rows.height, above: rows.filter(pl.col("n").gt(limit)).height };
    },
    asked: () => asked,
  };
}

function options(signal = new AbortController().signal) {
  return { signal, releaseMemory: () => Promise.resolve() };
}

/** Files of ten numbers each, counted with a rule of long ago; every third by another engine, without a tag. */
async function tableOf(files: number): Promise<{ readonly store: Store; readonly table: DeltaTable }> {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA }, testContext());
  for (let file = 0; file < files; file++) {
    const rows = pl.DataFrame([
      pl.Series("n", Array.from({ length: 10 }, (_, i) => file * 10 + i), pl.Int64),
    ]);
    const tags = file % 3 === 0 ? {} : { tags: { other: "kept", ...rowsTag(counter(1))(rows) } };
    await appendFile(table, await table.stageFile(rows, tags), { rows: 10 });
  }
  return { store, table };
}

async function numbersIn(store: Store): Promise<readonly bigint[]> {
  const numbers: bigint[] = [];
  for await (const frame of scanTable(await openTable(store, testContext()))) {
    for (const { n } of frameRows(frame, SCHEMA.fields)) numbers.push(BigInt(String(n)));
  }
  return numbers.sort((a, b) => Number(a - b));
}

Deno.test("files of other rules are counted once, the rows and other tags stay, and the next run reads nothing", async () => {
  const { store, table } = await tableOf(100);
  const before = await numbersIn(store);
  const first = counter(499);
  await recountFiles(table, first, options());
  assertEquals([first.asked(), await numbersIn(store)], [100, before]);
  const reopened = await openTable(store, testContext());
  assertEquals([...reopened.snapshot.files.values()].filter(({ tags }) => tags?.other === "kept").length, 66);
  const second = counter(499);
  await recountFiles(reopened, second, options());
  assertEquals(await countTable(reopened, second), { rows: 1000, above: 500 });
  assertEquals(second.asked(), 0);
});

Deno.test("a run that is stopped keeps what it has counted", async () => {
  const { store, table } = await tableOf(100);
  const controller = new AbortController();
  const stopped = counter(499);
  await recountFiles(table, stopped, {
    signal: controller.signal,
    releaseMemory: () => Promise.resolve(stopped.asked() === 70 ? controller.abort() : undefined),
  });
  assertEquals(stopped.asked(), 70);
  const rest = counter(499);
  await recountFiles(await openTable(store, testContext()), rest, options());
  assertEquals(rest.asked(), 30);
});

Deno.test("a file that another process removes meanwhile does not come back", async () => {
  const { store, table } = await tableOf(3);
  const mine = counter(5);
  let isRemoved = false;
  await recountFiles(table, mine, {
    ...options(),
    releaseMemory: async () => {
      if (isRemoved) return;
      isRemoved = true;
      const other = await openTable(store, testContext("other"));
      await deleteRows(other, parsePredicate("n < 10", other.snapshot.schema));
    },
  });
  assertEquals(await numbersIn(store), Array.from({ length: 20 }, (_, i) => BigInt(10 + i)));
  await recountFiles(table, mine, options());
  assertEquals(await countTable(table, counter(15)), { rows: 20, above: 14 });
});

Deno.test("where all files are gone meanwhile nothing is committed", async () => {
  const { store, table } = await tableOf(2);
  const other = await openTable(store, testContext("other"));
  await deleteRows(other, parsePredicate("n >= 0", other.snapshot.schema));
  await recountFiles(table, counter(5), options());
  assertEquals((await openTable(store, testContext("last"))).snapshot.version, other.snapshot.version);
});

Deno.test("a table whose files are all counted gets no commit", async () => {
  const { table } = await tableOf(4);
  await recountFiles(table, counter(1), options());
  const { version } = table.snapshot;
  await recountFiles(table, counter(1), options());
  assertEquals(table.snapshot.version, version);
});

Deno.test("counting again is no change of data for those who follow the table", async () => {
  const { store, table } = await tableOf(3);
  await recountFiles(table, counter(499), options());
  const path = `_delta_log/${String(table.snapshot.version).padStart(20, "0")}.json`;
  const lines = new TextDecoder().decode(await store.read(path)).trim().split("\n");
  const adds = lines.map((line) => JSON.parse(line)).flatMap(({ add }) => add ? [add.dataChange] : []);
  assertEquals(adds, [false, false, false]);
});

/** What is logged while so many files are counted, as level and numbers. */
async function loggedFor(files: number): Promise<readonly string[]> {
  const { table } = await tableOf(files);
  const logs: string[] = [];
  await configure({
    reset: true,
    sinks: {
      logs: ({ level, properties: { files, done, total } }) =>
        void logs.push(done === undefined ? `${level}: ${files}` : `${level}: ${done} of ${total}`),
    },
    loggers: [
      { category: "ratalake", sinks: ["logs"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  await recountFiles(table, counter(499), options());
  await reset();
  return logs;
}

Deno.test("counting many files again is told, and how far it is; a few are counted without a word to people", async () => {
  assertEquals(await loggedFor(0), []);
  assertEquals(await loggedFor(64), ["debug: 64 files"]);
  assertEquals(await loggedFor(130), ["info: 130 files", "info: 64 of 130", "info: 128 of 130"]);
});
