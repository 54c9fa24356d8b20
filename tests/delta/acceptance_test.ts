/**
 * The Delta acceptance cases: tables that Spark wrote, with the rows and the metadata of each version. They lie beside
 * the project; RATALAKE_DAT names another folder of the same layout.
 */

import { assert, assertEquals } from "@std/assert";
import { readDataFile } from "../../lib/delta/read/file_reader.ts";
import { frameRows } from "../../lib/delta/read/frame_rows.ts";
import {
  LocalStore,
  openTable,
  openTableAt,
  type Row,
  scanTable,
  type StructType,
} from "../../lib/delta/mod.ts";
import type { StructField } from "../../lib/delta/schema/schema.ts";
import { fakeAdd, testContext } from "./test_context.ts";

const HERE = new URL("../../../shared/data/delta-tables/dat", import.meta.url).pathname;
const ROOT = await rootOfCases();
const CASES = folders(ROOT).filter((name) => folders(`${ROOT}/${name}`).includes("expected"));
if (CASES.length === 0) console.log(`acceptance cases are not tested: there are none in ${ROOT}`);

for (const name of CASES) {
  const expected = folders(`${ROOT}/${name}/expected`);
  assert(expected.length > 0, `the case ${name} expects nothing`);
  for (const moment of expected) {
    Deno.test(`the acceptance case ${name} has the rows and the metadata of ${moment}`, async () => {
      await checkVersion(`${ROOT}/${name}/delta`, `${ROOT}/${name}/expected/${moment}`, moment);
    });
  }
}

async function checkVersion(folder: string, expectedFolder: string, moment: string): Promise<void> {
  const expected = JSON.parse(await Deno.readTextFile(`${expectedFolder}/table_version_metadata.json`));
  const store = new LocalStore(folder);
  const table = moment === "latest"
    ? await openTable(store, testContext())
    : await openTableAt(store, { version: Number(moment.slice(1)) }, testContext());
  const { version, protocol, metadata, schema } = table.snapshot;
  assertEquals(
    [version, protocol.minReaderVersion, protocol.minWriterVersion, metadata.configuration],
    [expected.version, expected.min_reader_version, expected.min_writer_version, expected.properties],
  );
  const rows: Row[] = [];
  for await (const frame of scanTable(table)) rows.push(...frameRows(frame, schema.fields));
  assertEquals(sorted(rows), sorted(await expectedRows(`${expectedFolder}/table_content`, schema)));
  let counted = 0;
  for (const { stats: _, ...add } of table.snapshot.files.values()) counted += await table.countRows(add);
  assertEquals(counted, rows.length, "rows by the footers");
}

// Expected content lies in plain Parquet files with the same columns, without partitions.
async function expectedRows(folder: string, { fields }: StructType): Promise<readonly Row[]> {
  const nullable = fields.map((field): StructField => ({ ...field, nullable: true, metadata: {} }));
  const schema: StructType = { type: "struct", fields: nullable };
  const metadata = {
    id: "expected",
    format: { provider: "parquet" },
    schemaString: "",
    partitionColumns: [],
    configuration: {},
  };
  const source = { store: new LocalStore(folder), schema, metadata };
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith(".parquet")
  );
  assert(names.length > 0, `there are no rows in ${folder}`);
  const frames = await Promise.all(
    names.map((name) => readDataFile(fakeAdd(encodeURIComponent(name)), source)),
  );
  return frames.flatMap((frame) => [...frameRows(frame, fields)]);
}

function sorted(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row, exact)).toSorted();
}

function exact(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value instanceof Map ? [...value] : value;
}

// Without the right to ask, the folder is the usual one.
async function rootOfCases(): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "env", variable: "RATALAKE_DAT" });
  return (state === "granted" ? Deno.env.get("RATALAKE_DAT") : undefined) ?? HERE;
}

function folders(path: string): readonly string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
