/** The rows that are compared are the same ones however they are read, and wherever others have put them. */
import { assert, assertEquals } from "@std/assert";
import { type Columns, gatherColumns, MemoryStore, rowCount } from "../../lib/delta/mod.ts";
import { readRoutes } from "../../lib/standard/compare_renewals.ts";
import { placesOfTrains, Route, routeReader } from "../../lib/standard/route.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";

async function rowsOfRound(): Promise<Columns> {
  const records = makeRound(6, 1, FIRST_ROUND_MS).map(({ key, value }, i) => ({
    ...{ offset: BigInt(i), timestampMs: FIRST_ROUND_MS + i, key, value, headers: {} },
  }));
  const source = (async function* () {
    yield await Promise.resolve({ partition: 0, records, nextOffset: 6n, sizeBytes: 1 });
  })();
  const [chunk] = await Array.fromAsync(
    validateChunks(source, { topic: "t", aheadBytes: 0, monotonic: () => 0 }),
  );
  assert(chunk?.rows);
  return chunk.rows;
}

/** Every train of the columns, as it is compared. */
function routesIn(columns: Columns, numbers: ReadonlySet<number>) {
  const reader = routeReader(columns);
  return new Map(
    [...placesOfTrains(columns, numbers)].sort(([a], [b]) => a - b).map(([number, places]) => {
      const route = new Route();
      route.fill(reader, places);
      const { rows, writtenMs, isDeleted, stops, scheduled, actual, estimate } = route;
      const values = [stops, scheduled, actual, estimate].map((each) => [...each.subarray(0, rows)]);
      return [number, { rows, writtenMs, isDeleted, values }] as const;
    }),
  );
}

const ROWS = await rowsOfRound();
const NUMBERS = new Set(Array.from({ length: 200 }, (_, number) => number));
const EXPECTED = routesIn(ROWS, NUMBERS);

Deno.test("a route has its rows in order, wherever another engine has put them", () => {
  assertEquals(EXPECTED.size > 2, true);
  const count = rowCount(ROWS), half = Math.floor(count / 2);
  // Rows from the middle on, then every second one of the rest, then what is left.
  const early = Array.from({ length: half }, (_, row) => row);
  const order = [
    ...Array.from({ length: count - half }, (_, i) => half + i),
    ...early.filter((row) => row % 2 === 0),
    ...early.filter((row) => row % 2 === 1),
  ];
  const moved = gatherColumns(order.map((row) => ({ columns: ROWS, from: row, to: row + 1 })));
  assertEquals(routesIn(moved, NUMBERS), EXPECTED);
  const [one = 0] = EXPECTED.keys();
  assertEquals([...routesIn(moved, new Set([one])).keys()], [one]);
});

Deno.test("a file that has to be read as a frame gives the routes that its columns give", async () => {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  const table = await openLakeTable(new MemoryStore(), definition, testContext("routes"));
  const add = await table.stageColumns(ROWS, { partitionValues: { [STANDARD_PARTITION]: "2025-02-17" } });
  const columns = await table.readColumns(add);
  assert(columns);
  assertEquals(routesIn(columns, NUMBERS), EXPECTED);
  const routes = (await readRoutes([add], table)).get(add);
  assertEquals(routesIn(routes ?? {}, NUMBERS), EXPECTED);
});
