/** Compares newer versions of trains with those that they take the place of: in the table, or earlier in the batch. */
import {
  type Add,
  type Columns,
  columnsOfFrame,
  type DeltaTable,
  fitFrame,
  tableSchema,
} from "../delta/mod.ts";
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import { compareRoutes } from "./compare_routes.ts";
import { type Renewal, trainKey, type Winner } from "./plan_merge.ts";
import {
  placesOfTrains,
  Route,
  ROUTE_COLUMNS,
  type RouteReader,
  routeReader,
  type RowPlaces,
} from "./route.ts";
import { VersionChanges } from "./version_changes.ts";

/** Where the rows are. */
export interface RenewalRows {
  /** Of the batch, chunk by chunk. */
  readonly rows: readonly (Columns | null)[];
  /** Of the files that are replaced. */
  readonly replaced: ReadonlyMap<Add, Columns>;
  /** The file that holds a train of the table. */
  readonly held: ReadonlyMap<number, { readonly add: Add }>;
}

/** Rows of one train. */
interface Found {
  readonly reader: RouteReader;
  readonly places: RowPlaces;
}

const SCHEMA = tableSchema(
  Object.fromEntries(
    STANDARD_SCHEMA.fields.flatMap(({ name, type }) =>
      ROUTE_COLUMNS.some((wanted) => wanted === name) ? [[name, type]] : []
    ),
  ),
);
/** One for all trains, which are compared one after another. */
const before = new Route(), after = new Route();

/** Adds what has changed to `changes`, per Kafka partition. */
export function compareRenewals(
  renewals: readonly Renewal[],
  rows: RenewalRows,
  changes: Map<number, VersionChanges>,
): void {
  const find = finderOf(renewals, rows);
  for (const renewal of renewals) {
    const { span } = renewal.after;
    const older = find(renewal.before, span), newer = find(renewal.after, span);
    if (older === undefined || newer === undefined) continue;
    before.fill(older.reader, older.places);
    after.fill(newer.reader, newer.places);
    const mine = changes.get(span.partition) ?? new VersionChanges();
    changes.set(span.partition, mine);
    compareRoutes(before, after, Number.isNaN(span.fetchedAtMs) ? span.timestampMs : span.fetchedAtMs, mine);
  }
}

/** What is compared of files that have to be read as frames. */
export async function readRoutes(
  adds: readonly Add[],
  table: DeltaTable,
): Promise<ReadonlyMap<Add, Columns>> {
  const read = new Map<Add, Columns>();
  for (const add of adds) {
    const frame = await table.readFile(add, { columns: [...ROUTE_COLUMNS] });
    read.set(add, columnsOfFrame(fitFrame(frame, SCHEMA), SCHEMA.fields));
  }
  return read;
}

function finderOf(renewals: readonly Renewal[], { rows, replaced, held }: RenewalRows) {
  const ofChunks = rows.map((columns) => columns && lazy(() => routeReader(columns)));
  const numbers = new Set(
    renewals.flatMap((each) => each.before === null ? [each.after.span.trainNumber] : []),
  );
  const ofFiles = new Map([...replaced].map(([add, columns]) =>
    [
      add,
      lazy(() => ({ reader: routeReader(columns), places: placesOfTrains(columns, numbers) })),
    ] as const
  ));
  return (version: Winner | null, { departureDay, trainNumber }: Winner["span"]): Found | undefined => {
    if (version !== null) {
      const { chunk, span: { firstRow, rowCount } } = version;
      const reader = ofChunks[chunk]?.();
      return reader && { reader, places: [firstRow, firstRow + rowCount] };
    }
    const add = held.get(trainKey(departureDay, trainNumber))?.add;
    const file = add && ofFiles.get(add)?.();
    const places = file?.places.get(trainNumber);
    return file && places && { reader: file.reader, places };
  };
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
