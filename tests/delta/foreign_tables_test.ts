/** Tables that Spark wrote; they lie beside the project and are not part of it. */

import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { measureFrame } from "../../lib/delta/stats/frame_stats.ts";
import { type DeltaTable, LocalStore, openTable } from "../../lib/delta/mod.ts";
import { serializeStats, statsColumns } from "../../lib/delta/stats/stats.ts";
import { testContext } from "./test_context.ts";

const ROOT = new URL("../../../shared/data/delta-tables/", import.meta.url).pathname;
const isThere = folderExists(ROOT);
if (!isThere) console.log(`foreign tables are not tested: there is no ${ROOT}`);

/** Zone, version, columns, rows. */
const SPARK_TABLES = [
  ["landing_zone", 0, 2, 639],
  ["standard_zone", 0, 29, 26_776],
  ["quality_zone", 0, 5, 1],
] as const;

for (const [zone, version, columns, rows] of SPARK_TABLES) {
  Deno.test({
    name: `the ${zone} that Spark wrote opens with all its rows`,
    ignore: !isThere,
    fn: async () => {
      const table = await open(`spark/${zone}/trains_travel`);
      const { snapshot } = table;
      assertEquals([snapshot.version, snapshot.schema.fields.length, snapshot.files.size], [
        version,
        columns,
        1,
      ]);
      const frame = await readAll(table);
      assertEquals([frame.height, frame.width], [rows, columns]);
      for (const { stats } of snapshot.files.values()) {
        assertEquals(JSON.parse(stats ?? "{}").numRecords, rows);
      }
    },
  });
}

Deno.test({
  name: "our statistics of Spark's standard table are Spark's own",
  ignore: !isThere,
  fn: async () => {
    const table = await open("spark/standard_zone/trains_travel");
    for (const add of table.snapshot.files.values()) {
      const frame = await table.readFile(add);
      const columns = measureFrame(frame, statsColumns(table.snapshot.schema.fields, {}), new Set());
      const ours = JSON.parse(serializeStats(frame.height, columns));
      const theirs = JSON.parse(add.stats ?? "{}");
      // Delta 2.1 ended every cut text with U+FFFD; ours ends plain text with DEL, which is a closer bound.
      assertEquals(ours, JSON.parse(JSON.stringify(theirs).replaceAll("\ufffd", "\u007f")));
    }
  },
});

async function open(path: string): Promise<DeltaTable> {
  return await openTable(new LocalStore(`${ROOT}${path}`), testContext());
}

async function readAll(table: DeltaTable): Promise<pl.DataFrame> {
  const files = [...table.snapshot.files.values()];
  return pl.concat(await Promise.all(files.map((add) => table.readFile(add))));
}

function folderExists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
