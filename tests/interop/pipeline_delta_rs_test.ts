import { assert, assertEquals, assertGreater } from "@std/assert";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { LocalStore, openTable } from "../../lib/delta/mod.ts";
import { compareRows } from "./compare_rows.ts";
import {
  makePipelineFolder,
  PIPELINE_PATHS,
  type PipelineFolder,
  type PlainRow,
  type TableName,
} from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { TABLE_KEYS, TABLE_NAMES } from "./table_keys.ts";
import { publishBadMessages, publishNewerTrains, publishTrains } from "./trains_input.ts";
import { testUnless } from "./test_unless.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoPython(["deltalake", "pyarrow"]);

testUnless(reason, {
  name: "delta-rs reads the same rows from every table, and the statistics bound them",
  fn: async (t) => {
    await using folder = await makePipelineFolder();
    await publishEverything(folder);
    await folder.print("process", []);
    await publishNewerTrains(folder);
    await folder.print("process", ["--max-batch-mb", "1"]);
    const output = await makeOutput(folder);
    const read = await runPython<Readings>("read_tables.py", [folder.path, output]);
    for (const name of TABLE_NAMES) {
      await t.step(`the table ${name}`, async () => {
        const ours = await folder.rows(name);
        assertGreater(ours.length, 0);
        assertEquals(
          compareRows(ours, await readLines(`${output}/${name}.ndjson`), { key: TABLE_KEYS[name] }),
          [],
        );
        const { snapshot } = await openOurs(folder, name);
        const { version, files, schema, partitionColumns, bounds, faults } = read[name];
        assertEquals([version, files], [snapshot.version, snapshot.files.size]);
        assertEquals([schema, partitionColumns], [
          JSON.parse(snapshot.metadata.schemaString),
          snapshot.metadata.partitionColumns,
        ]);
        assertEquals(faults, []);
        const measured = snapshot.metadata.configuration["delta.dataSkippingStatsColumns"]?.split(",");
        // Each file tells its rows, and of each measured column the least, the greatest, and how many are absent.
        if (measured === undefined) assertGreater(bounds, 10 * files);
        else assertEquals(bounds, files * (1 + 3 * measured.length));
      });
    }
  },
});

testUnless(reason, {
  name: "delta-rs adds a column to every table and fills it, and all goes on: values stay, new rows are null",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await publishEverything(folder);
    await folder.print("process", []);
    const filled = await runPython<Readonly<Record<string, number>>>("maintain_standard.py", [
      folder.path,
      "add_columns",
    ]);
    await publishNewerTrains(folder);
    await folder.print("process", []);
    const { passed, run } = await report(folder);
    assertEquals(passed, true);
    const found = await runPython<Readonly<Record<string, number>>>("maintain_standard.py", [
      folder.path,
      "count_notes",
    ]);
    assertEquals([found.rows, found.othersFilled], [run.account.standardRows, 0]);
    assertEquals((found.kept ?? 0) + (found.fresh ?? 0), filled.rows);
    assertGreater(found.kept ?? 0, 0);
    assertGreater(found.fresh ?? 0, 0);
  },
});

testUnless(reason, {
  name: "delta-rs rearranges the standard table, and the next run goes on as if it had not",
  fn: async () => {
    await using tidied = await makePipelineFolder();
    await using left = await makePipelineFolder();
    for (const folder of [tidied, left]) {
      await publishEverything(folder);
      await folder.print("process", ["--max-batch-mb", "2"]);
    }
    const done = await runPython<Readonly<Record<string, number>>>("maintain_standard.py", [
      tidied.path,
      "tidy",
    ]);
    assertGreater((done.removedByCompaction ?? 0) + (done.removedBySorting ?? 0), 0);
    assertGreater(done.vacuumed ?? 0, 0);
    const files = [...(await openOurs(tidied, "standard")).snapshot.files.values()];
    assert(files.every(({ tags }) => tags === undefined || Object.keys(tags).length === 0));
    for (const folder of [tidied, left]) {
      await publishNewerTrains(folder);
      await publishTrains(folder);
      await folder.print("process", []);
    }
    for (const name of ["landing", "quarantine", "standard"] as const) {
      const rows = await left.rows(name);
      // The two brokers took the messages in at different times.
      const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "kafkaMessageTimestamp");
      assertEquals(compareRows(await tidied.rows(name), rows, { key: TABLE_KEYS[name], columns }), []);
    }
    const [tidiedReport, leftReport] = await Promise.all([tidied, left].map(report));
    assertEquals([tidiedReport?.passed, leftReport?.passed], [true, true]);
    assertEquals(tidiedReport?.run.account, leftReport?.run.account);
    assertEquals(tidiedReport?.run.missingValues, leftReport?.run.missingValues);
    assertEquals(tidiedReport?.run.anomalies, leftReport?.run.anomalies);
    assertEquals(tidiedReport?.run.duplicateRecords, leftReport?.run.duplicateRecords);
  },
});

testUnless(reason, {
  name: "rows that delta-rs adds show in the report until they are gone, and stop nothing",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await publishTrains(folder);
    await folder.print("process", []);
    const before = await folder.rows("standard");
    const { rows } = await runPython<{ rows: number }>("maintain_standard.py", [folder.path, "append"]);
    assertGreater(rows, 0);
    await publishTrains(folder);
    await folder.print("process", []);
    assertEquals((await folder.rows("standard")).length, before.length + rows);
    const added = await report(folder);
    assertEquals(added.passed, false);
    assertEquals(added.equations.filter(({ holds }) => !holds).map(({ left, right }) => right - left), [
      rows,
    ]);
    assertEquals(
      await runPython<{ rows: number }>("maintain_standard.py", [folder.path, "delete"]),
      { rows },
    );
    await folder.print("process", []);
    assertEquals((await report(folder)).passed, true);
    assertEquals(compareRows(await folder.rows("standard"), before, { key: TABLE_KEYS.standard }), []);
  },
});

interface Reading {
  readonly version: number;
  readonly schema: unknown;
  readonly partitionColumns: readonly string[];
  readonly files: number;
  readonly bounds: number;
  readonly faults: readonly string[];
}

type Readings = Readonly<Record<TableName, Reading>>;

interface ReportJson {
  readonly passed: boolean;
  readonly run: Readonly<Record<"account" | "missingValues" | "anomalies", Record<string, number>>> & {
    readonly duplicateRecords: number;
  };
  readonly equations: readonly { readonly left: number; readonly right: number; readonly holds: boolean }[];
}

async function publishEverything(folder: PipelineFolder): Promise<void> {
  await publishTrains(folder);
  await using broker = await openBroker({ path: `${folder.path}/broker.db`, clock: () => NOW });
  await publishBadMessages(broker);
}

async function report(folder: PipelineFolder): Promise<ReportJson> {
  return JSON.parse((await folder.run("report", ["--json"])).stdout);
}

async function openOurs(folder: PipelineFolder, name: TableName) {
  const store = new LocalStore(`${folder.path}/${PIPELINE_PATHS[name]}`);
  return await openTable(store, { clock: () => NOW, ids: () => "unused" });
}

async function makeOutput(folder: PipelineFolder): Promise<string> {
  const output = `${folder.path}/read`;
  await Deno.mkdir(output);
  return output;
}

async function readLines(path: string): Promise<readonly PlainRow[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}
