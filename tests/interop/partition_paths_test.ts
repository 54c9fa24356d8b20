/** Partition values that paths have to escape: the log of all three engines names each file alike. */

import { assertEquals } from "@std/assert";
import {
  appendFrame,
  createTable,
  deleteRows,
  LocalStore,
  optimizeTable,
  overwriteTable,
  parsePredicate,
  tableSchema,
  updateRows,
} from "../../lib/delta/mod.ts";
import { type DeltaPeer, startDeltaRs, startSpark } from "./delta_peer.ts";
import { sortedLines } from "./delta_rows.ts";
import { folderRows, frameOf, LIVE, openFolder, temporaryFolder } from "./delta_table_rig.ts";
import { whyNoPython } from "./python_venv.ts";
import { whyNoSpark } from "./spark_jars.ts";
import { testUnless } from "./test_unless.ts";

const noDeltaRs = await whyNoPython(["deltalake", "pyarrow"]);
const noSpark = noDeltaRs ?? await whyNoPython(["pyspark"]) ?? await whyNoSpark();

const SCHEMA = tableSchema({ p: "string", q: "double", id: "long" });
/** All of ASCII, and what lies beyond it. */
const ASCII = Array.from({ length: 127 }, (_, index) => `${String.fromCharCode(index + 1)}x`);
const OTHERS = [
  "é",
  "x\u0301",
  "😈",
  "\u0080",
  "\u2028",
  "\ufeff",
  "..",
  " ",
  "1e+21",
  "%2B",
  "a%20b",
  "a b",
];
/** Values that were spelled in two ways, and some of each other kind: Spark takes a second for each hundred files. */
const HARD = [..."$&+,;@~%=/:?#[ \"'*", "\n", ...OTHERS].map((value) => `${value}y`);
const DOUBLES = [1e21, -2.5e30, 1e-7, 0.1, Infinity, -0, NaN];

/** What an engine does to the table; each leaves rows behind. */
type Act = (path: string) => Promise<unknown>;

testUnless(noDeltaRs, {
  name: "delta-rs deletes, updates, compacts and overwrites any partition of ours, and we those of delta-rs",
  fn: async () => {
    await using place = await temporaryFolder();
    await using peer = await startDeltaRs();
    const acts: readonly Act[] = [
      (path) => peer.ask("update", { path, updates: { id: "id + 1000" }, predicate: "id % 5 = 0" }),
      (path) => peer.ask("delete", { path, predicate: "id % 3 = 0" }),
      (path) => peer.ask("optimize", { path }),
      ...OURS,
      (path) => peer.ask("delete", { path, predicate: "id % 7 = 0" }),
    ];
    await actInTurn(acts, [...ASCII, ...OTHERS], `${place.folder}/t`, [peer]);
    const path = `${place.folder}/overwritten`;
    await writeOurs(path, HARD);
    const columns = { p: "string", q: "double", id: "long" };
    await peer.ask("write", { path, columns, rows: [["+", 1e21, "7"]], mode: "overwrite" });
    await assertSame(path, [peer]);
  },
});

testUnless(noSpark, {
  name: "Spark and delta-rs change any partition of ours, and we those of both",
  fn: async () => {
    await using place = await temporaryFolder();
    await using peer = await startDeltaRs();
    await using spark = await startSpark(place.folder);
    const run = (text: string): Act => (path) =>
      spark.ask("sql", { text: text.replaceAll("{t}", `delta.\`${path}\``) });
    const acts: readonly Act[] = [
      run("UPDATE {t} SET id = id + 1000 WHERE id % 5 = 0"),
      run("DELETE FROM {t} WHERE id % 3 = 0"),
      ...OURS,
      (path) => peer.ask("delete", { path, predicate: "id % 7 = 0" }),
      run("INSERT OVERWRITE {t} SELECT p, q, id + 1 FROM {t} WHERE id % 2 = 0"),
      (path) => peer.ask("update", { path, updates: { id: "id + 2000" }, predicate: "id % 4 = 0" }),
      run("DELETE FROM {t} WHERE id % 11 = 0"),
    ];
    await actInTurn(acts, HARD, `${place.folder}/t`, [peer, spark]);
  },
});

testUnless(noSpark, {
  name: "files of 0.1.0, which spelled $ & + , ; @ otherwise, are read and removed by all three alike",
  fn: async () => {
    await using place = await temporaryFolder();
    await using peer = await startDeltaRs();
    await using spark = await startSpark(place.folder);
    const path = `${place.folder}/old`;
    await writeOurs(path, [..."$&+,;@~ é"]);
    await spellAsBefore(path);
    await assertSame(path, [peer, spark]);
    // delta-rs spells its removes in its own way, so these rows stay, for all three.
    await peer.ask("delete", { path, predicate: "id % 2 = 0" });
    await assertSame(path, [peer, spark]);
    for (const act of OURS) {
      await act(path);
      await assertSame(path, [peer, spark]);
    }
  },
});

const OURS: readonly Act[] = [
  async (path) => await updateRows(await openFolder(path), { set: { q: 0.5 }, where: whereId(4) }),
  async (path) => await deleteRows(await openFolder(path), whereId(8)),
  async (path) => {
    const table = await openFolder(path);
    await appendFrame(table, await rowsOf([..."+~$"], 17));
    await optimizeTable(table);
  },
  async (path) => {
    const replaceWhere = parsePredicate("p IN ('+', '@y', '~y')", SCHEMA);
    await overwriteTable(await openFolder(path), await rowsOf(["+", "@y"], 23), { replaceWhere });
  },
];

function whereId(id: number) {
  return parsePredicate(`id >= ${id} AND id <= ${id + 2}`, SCHEMA);
}

async function rowsOf(values: readonly string[], first = 0) {
  return await frameOf(SCHEMA, values.map((p, index) => ({ p, q: DOUBLES[index % 7], id: first + index })));
}

async function writeOurs(path: string, values: readonly string[]): Promise<void> {
  const table = await createTable(
    new LocalStore(path),
    { schema: SCHEMA, partitionColumns: ["p", "q"] },
    LIVE,
  );
  await appendFrame(table, await rowsOf(values));
}

async function actInTurn(
  acts: readonly Act[],
  values: readonly string[],
  path: string,
  peers: readonly DeltaPeer[],
): Promise<void> {
  await writeOurs(path, values);
  await assertSame(path, peers);
  for (const [index, act] of acts.entries()) {
    await act(path);
    await assertSame(path, peers, `after act ${index}`);
  }
}

async function assertSame(path: string, peers: readonly DeltaPeer[], when?: string): Promise<void> {
  const ours = sortedLines(await folderRows(path));
  for (const peer of peers) assertEquals(sortedLines(await peer.ask("rows", { path })), ours, when);
}

/** Moves the files of version 1 to where 0.1.0 would have written them, and names them as it did. */
async function spellAsBefore(path: string): Promise<void> {
  const log = `${path}/_delta_log/${"1".padStart(20, "0")}.json`;
  const lines = (await Deno.readTextFile(log)).trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const { add } of lines) {
    if (add === undefined) continue;
    const name = decodeURIComponent(add.path);
    const old = `p=${add.partitionValues.p}/q=${add.partitionValues.q}/${name.split("/").at(-1)}`;
    await Deno.mkdir(`${path}/${old.slice(0, old.lastIndexOf("/"))}`, { recursive: true });
    await Deno.rename(`${path}/${name}`, `${path}/${old}`);
    add.path = old.split("/").map((part) => encodeURIComponent(part).replaceAll("%3D", "=")).join("/");
  }
  await Deno.writeTextFile(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
