/** This library and delta-rs on one table: each reads what the other wrote, and both may write. */

import { assertEquals, assertGreater } from "@std/assert";
import {
  appendFile,
  createTable,
  deleteRows,
  type DeltaTable,
  LocalStore,
  type Row,
  tableSchema,
  vacuumTable,
} from "../../lib/delta/mod.ts";
import { testUnless } from "./test_unless.ts";
import { whyNoPython } from "./python_venv.ts";
import { type DeltaPeer, startDeltaRs } from "./delta_peer.ts";
import { frameRows, type PeerRow, sortedLines, tableRows } from "./delta_rows.ts";
import { writeHistory } from "./delta_history.ts";
import {
  ALL_TYPES,
  folderRows,
  frameOf,
  HARD_ROWS,
  LIVE,
  openFolder,
  PLAIN_ROWS,
  temporaryFolder,
} from "./delta_table_rig.ts";

const reason = await whyNoPython(["deltalake", "pyarrow"]);

/** The types that the peer's `write` takes; without lists, structs and maps. */
const FLAT_TYPES = Object.fromEntries(
  ALL_TYPES.fields.flatMap(({ name, type }) => typeof type === "string" ? [[name, type] as const] : []),
);

const ROUNDS = 40;

interface Stats {
  readonly numRecords: number;
  readonly minValues: Readonly<Record<string, unknown>>;
  readonly maxValues: Readonly<Record<string, unknown>>;
  readonly nullCount: Readonly<Record<string, unknown>>;
}

testUnless(reason, {
  name: "delta-rs reads every version of a table of every type",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const table = await createTable(new LocalStore(place.folder), { schema: ALL_TYPES }, LIVE);
    const versions = [await tableRows(table)];
    for (const row of HARD_ROWS) {
      await appendFile(table, await table.stageRows([row]), { rows: 1 });
      versions.push(await tableRows(table));
    }
    await assertVersions(peer, place.folder, versions);
  },
});

for (const partitionColumns of [[], ["city"], ["day", "city"]]) {
  testUnless(reason, {
    name:
      `delta-rs reads every version of a table that was changed in every way, partitioned by [${partitionColumns}]`,
    fn: async () => {
      await using peer = await startDeltaRs();
      await using place = await temporaryFolder();
      const { table, versions } = await writeHistory(place.folder, partitionColumns);
      await assertVersions(peer, place.folder, versions);
      const { vacuumed, rows } = await vacuumAll(table);
      assertGreater(vacuumed, 5);
      assertEquals(sortedLines(await peer.ask("rows", { path: place.folder })), sortedLines(rows));
    },
  });
}

testUnless(reason, {
  name: "delta-rs reads partitions of every type, and the file names that they give",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const schema = tableSchema({
      id: "long",
      city: "string",
      day: "date",
      time: "timestamp",
      size: "decimal(10,2)",
      yes: "boolean",
    });
    const partitionColumns = ["city", "day", "time", "size", "yes"];
    const table = await createTable(new LocalStore(place.folder), { schema, partitionColumns }, LIVE);
    const values = [
      // No negative decimal: delta-rs 1.6 reads the partition value "-1.50" as "-1.-50".
      {
        city: "Hämeenlinna / 50% = a b",
        day: "2025-02-17",
        time: 1_739_765_000_123_456n,
        size: "1.50",
        yes: true,
      },
      { city: null, day: null, time: null, size: null, yes: null },
      { city: "a:b?c#d%20", day: "1970-01-01", time: 0n, size: "0.00", yes: false },
    ];
    for (const [index, partitionValues] of values.entries()) {
      const add = await table.stageRows([{ id: index }], { partitionValues });
      await appendFile(table, add, { rows: 1 });
    }
    assertEquals(
      sortedLines(await peer.ask("rows", { path: place.folder })),
      sortedLines(await tableRows(table)),
    );
  },
});

testUnless(reason, {
  name: "delta-rs reads zeros with their signs, where a file holds nothing else too",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const schema = tableSchema({ id: "long", ratio: "double", single: "float" });
    const table = await createTable(new LocalStore(place.folder), { schema }, LIVE);
    for (const zeros of [[-0, -0], [0, 0], [0, -0], [-0]]) {
      const rows = zeros.map((zero, index) => ({ id: index, ratio: zero, single: zero }));
      const staged = [await table.stageRows(rows), await table.stageFile(await frameOf(schema, rows))];
      for (const add of staged) {
        await appendFile(table, add, { rows: rows.length });
        const found = await peer.ask("rows", { path: place.folder }) as readonly PeerRow[];
        const ours = await folderRows(place.folder);
        for (const read of [found, ours]) {
          for (const name of ["ratio", "single"]) {
            assertEquals(
              read.map((row) => row[name]).filter(isNegativeZero).length,
              zeros.filter(isNegativeZero).length,
            );
          }
        }
        await deleteRows(table);
      }
    }
  },
});

testUnless(reason, {
  name: "what delta-rs wrote reads the same here, version by version",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const path = `${place.folder}/theirs`;
    const columns = FLAT_TYPES;
    const rows = (await flatRows(HARD_ROWS)).map((row) => Object.values(row));
    const steps: readonly (readonly [string, Record<string, unknown>])[] = [
      ["write", { columns, rows: rows.slice(0, 2) }],
      ["write", { columns, rows: rows.slice(2), mode: "append" }],
      ["merge", { columns, rows: rows.slice(1, 3).map((row) => row.with(1, "merged")), key: "id" }],
      ["update", { updates: { text: "'updated'" }, predicate: "whole is null" }],
      ["checkpoint", {}],
      ["delete", { predicate: "id = 3" }],
      ["optimize", {}],
      ["restore", { target: 2 }],
      ["vacuum", { retention_hours: 0, dry_run: false }],
    ];
    for (const [operation, args] of steps) {
      await peer.ask(operation, { path, ...args });
      assertEquals(
        sortedLines(await folderRows(path)),
        sortedLines(await peer.ask("rows", { path })),
        operation,
      );
    }
  },
});

testUnless(reason, {
  name: "our statistics of the same rows are those of delta-rs",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const flat = PLAIN_ROWS.map(flatRow);
    const rows = await flatRows(flat);
    const path = `${place.folder}/theirs`;
    await peer.ask("write", { path, columns: FLAT_TYPES, rows: rows.map((row) => Object.values(row)) });
    const theirs = await onlyStats(path);
    const schema = tableSchema(FLAT_TYPES);
    const table = await createTable(new LocalStore(`${place.folder}/ours`), { schema }, LIVE);
    const frame = await frameOf(schema, flat);
    await appendFile(table, await table.stageFile(frame), { rows: rows.length });
    await appendFile(table, await table.stageRows(flat), { rows: rows.length });
    for (const add of table.snapshot.files.values()) {
      assertEquals(comparable(JSON.parse(add.stats ?? "{}")), comparable(theirs));
    }
  },
});

testUnless(reason, {
  name: "delta-rs and this library append at the same time, and every row is there once",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const path = place.folder;
    const table = await createTable(new LocalStore(path), { schema: tableSchema({ id: "long" }) }, LIVE);
    const theirs = peer.ask("append_one_by_one", { path, column: "id", first: 1000, count: ROUNDS });
    for (let id = 0; id < ROUNDS; id++) {
      const outcome = await appendFile(table, await table.stageRows([{ id }]), { rows: 1 });
      assertEquals(outcome.status, "committed");
    }
    await theirs;
    const expected = Array.from({ length: ROUNDS }, (_, round) => [round, 1000 + round]).flat();
    const lines = sortedLines(expected.map((id) => ({ id: String(id) })));
    assertEquals(sortedLines(await folderRows(path)), lines);
    assertEquals(sortedLines(await peer.ask("rows", { path })), lines);
    assertEquals((await openFolder(path)).snapshot.version, 2 * ROUNDS);
  },
});

testUnless(reason, {
  name: "delta-rs and this library see each other's transaction versions",
  fn: async () => {
    await using peer = await startDeltaRs();
    await using place = await temporaryFolder();
    const path = place.folder;
    const columns = { id: "long" } as const;
    const table = await createTable(new LocalStore(path), { schema: tableSchema(columns) }, LIVE);
    const txns = [{ appId: "ours", version: 2n ** 53n + 1n }];
    await appendFile(table, await table.stageRows([{ id: 1 }]), { rows: 1, txns });
    assertEquals(await peer.ask("transaction_version", { path, app_id: "ours" }), "9007199254740993");
    await peer.ask("write_with_transaction", {
      path,
      columns,
      rows: [["2"]],
      app_id: "theirs",
      app_version: 7,
    });
    assertEquals((await table.update()).txns.get("theirs")?.version, 7n);
    // Their row came after our snapshot, under another name: no conflict.
    await appendFile(table, await table.stageRows([{ id: 3 }]), {
      rows: 1,
      txns: [{ appId: "ours", version: 0n }],
    });
    await peer.ask("checkpoint", { path });
    const { snapshot } = await openFolder(path);
    assertEquals([...snapshot.txns].map(([appId, { version }]) => `${appId} ${version}`).toSorted(), [
      "ours 0",
      "theirs 7",
    ]);
  },
});

// delta-rs also bounds booleans, counts no nulls of binary columns, and cuts text later than at 32 characters.
function comparable({ numRecords, minValues, maxValues, nullCount }: Stats): Stats {
  const bounds = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(values).filter(([name]) => name !== "yes").map(([name, value]) =>
        [name, typeof value === "string" ? value.slice(0, 32) : value] as const
      ),
    );
  const { raw: _, ...counts } = nullCount;
  return { numRecords, minValues: bounds(minValues), maxValues: bounds(maxValues), nullCount: counts };
}

async function vacuumAll(
  table: DeltaTable,
): Promise<{ readonly vacuumed: number; readonly rows: readonly PeerRow[] }> {
  const { paths } = await vacuumTable(table, { retentionMs: 0, force: true });
  return { vacuumed: paths.length, rows: await tableRows(table) };
}

async function onlyStats(folder: string): Promise<Stats> {
  const [add] = (await openFolder(folder)).snapshot.files.values();
  return JSON.parse(add?.stats ?? "{}");
}

async function flatRows(rows: readonly Row[]): Promise<readonly PeerRow[]> {
  return frameRows(await frameOf(tableSchema(FLAT_TYPES), rows.map(flatRow)));
}

function flatRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(FLAT_TYPES, name)));
}

async function assertVersions(
  peer: DeltaPeer,
  path: string,
  versions: readonly (readonly unknown[])[],
): Promise<void> {
  for (const [version, rows] of versions.entries()) {
    assertEquals(
      sortedLines(await peer.ask("rows", { path, version })),
      sortedLines(rows),
      `version ${version}`,
    );
  }
}

function isNegativeZero(value: unknown): boolean {
  return Object.is(value, -0);
}
