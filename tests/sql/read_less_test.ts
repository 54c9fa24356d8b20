/** What a question does not read, and how: random questions have the answers that they have when all is read, as frames. */
import { assert, assertEquals } from "@std/assert";
import { appendFile, createTable, MemoryStore, type Row, tableSchema } from "../../lib/delta/mod.ts";
import { seededRandom } from "../delta/test_context.ts";
import { ask, OPTIONS } from "./asked_lake.ts";

const SCHEMA = tableSchema({
  ...{ day: "date", zone: "string", n: "long", i: "integer", s: "string" },
  ...{ b: "boolean", t: "timestamp", d: "date", x: "double" },
});
const PARTITIONS = ["day", "zone"];
const DAYS = ["2026-03-28", "2026-03-29", "2026-10-25", "0007-01-01"];
const MOMENTS = ["2026-03-29T00:59:59.999999Z", "2026-10-25T01:00:00.000000Z", "1969-12-31T23:59:59.000001Z"];
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  n: [0n, 1n, 2n, -1n, 9_007_199_254_740_993n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 52n, null],
  i: [0, 1, 2, -1, 2 ** 31 - 1, null],
  s: ["", "IC", "ä", "it's", "10", "9", "\ufeffBOM", null],
  b: [true, false, null],
  t: [...MOMENTS.map(microsOf), null],
  d: [...DAYS, null],
  x: [1.5, null],
};
const LITERALS: Readonly<Record<string, readonly string[]>> = {
  day: [...DAYS.map((day) => `'${day}'`), "date '2026-03-29'", "'2026-03'", "20260329"],
  zone: ["'a'", "'b'", "'B'", "''", "1"],
  n: ["0", "1", "-1", "1.5", "'1'", "9007199254740993", "9223372036854775807", "-9223372036854775808"],
  i: ["0", "2", "-1", "0.5", "'2'", "2147483647", "4294967296"],
  s: ["'IC'", "'ä'", "'it''s'", "'9'", "9", "''", "'\ufeffBOM'"],
  b: ["0", "1", "true", "'1'"],
  t: [...MOMENTS.map((moment) => `'${moment}'`), "'2026-03-29 03:00+03:00'", "'2026-03-29'"],
  d: DAYS.map((day) => `'${day}'`),
};
const random = seededRandom(11);

function microsOf(text: string): bigint {
  return BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 1000n + BigInt(text.slice(20, 26));
}

function pick<T>(values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  assert(value !== undefined);
  return value;
}

/** Files with few rows, some of one value, some of days and zones that are null. */
async function makeTable(files: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA, partitionColumns: PARTITIONS }, OPTIONS);
  for (let file = 0; file < files; file++) {
    const few = Object.fromEntries(
      Object.entries(VALUES).map(([name, all]) => [name, [pick(all), pick(all)]]),
    );
    const rows: readonly Row[] = Array.from(
      { length: 1 + Math.floor(random() * 5) },
      () => Object.fromEntries(Object.entries(few).map(([name, values]) => [name, pick(values)])),
    );
    const partitionValues = { day: pick([...DAYS, null]), zone: pick(["a", "b", null]) };
    await appendFile(table, await table.stageRows(rows, { partitionValues }), { rows: rows.length });
  }
  return store;
}

function comparison(alias: string): string {
  const name = pick(Object.keys(LITERALS)), column = `${alias}.${name}`;
  const literal = () => pick(LITERALS[name] ?? []);
  return pick([
    () => `${column} ${pick(["=", "<", "<=", ">", ">=", "<>", "is"])} ${literal()}`,
    () => `${literal()} ${pick(["=", "<", ">="])} ${column}`,
    () => `${column} between ${literal()} and ${literal()}`,
    () => `${column} ${pick(["in", "not in"])} (${literal()}, ${literal()}${pick(["", ", null"])})`,
    () => `${column} is ${pick(["", "not "])}null`,
    () => `not ${column} = ${literal()}`,
    () => `(${column} = ${literal()} or ${column} > ${literal()})`,
  ])();
}

function conditionOn(aliases: readonly string[]): string {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => comparison(pick(aliases))).join(" and ");
}

/** The same question twice: as it is, and so that nothing of it is understood, with a column that only frames have. */
function questions(): readonly [asked: string, whole: string] {
  const joined = random() < 0.5;
  const on = conditionOn(["a", "b"]),
    where = joined && random() < 0.6 ? "true" : conditionOn(joined ? ["a", "b"] : ["a"]);
  const shown = ["a.n", "a.s", "a.day", ...joined ? ["b.n", "b.t"] : ["a.zone", "a.i", "a.b", "a.t", "a.d"]];
  const columns = shown.filter(() => random() < 0.6);
  const select = columns.length === 0 ? "count(*)" : columns.join(", ");
  const kind = pick(["join", "left join", "right join", "full join"]);
  const from = (also: string) => `train_runs a${joined ? ` ${kind} leg_delays b on ${also}` : ""}`;
  const all = joined ? "(a.x is null or b.x is null or true)" : "(a.x is null or true)";
  const asked = `select ${select} from ${from(on)} where ${where}`;
  const whole = `select ${select} from ${from(`not not (${on})`)} where not not (${where}) and ${all}`;
  if (random() < 0.7) return [asked, whole];
  // One table, each time for other rows.
  const [one, other] = [comparison("a"), comparison("a")], of = "select a.n, a.i from train_runs a where";
  return [
    `${of} ${one} union all ${of} ${other}`,
    `${of} not not (${one}) and (a.x is null or true) union all ${of} not not (${other})`,
  ];
}

Deno.test("a question gets the rows that it gets when every file is read as a frame", async () => {
  let told = 0;
  for (let lake = 0; lake < 3; lake++) {
    const stores = new Map([
      ["analysis_zone/train_runs", await makeTable(6)],
      ["analysis_zone/leg_delays", await makeTable(4)],
    ]);
    const opened = { asked: 0, whole: 0 };
    let now: keyof typeof opened = "asked";
    for (const store of stores.values()) {
      const read = store.read.bind(store);
      store.read = (name, range) => {
        if (name.endsWith(".parquet")) opened[now]++;
        return read(name, range);
      };
    }
    const storeOf = (path: string) => stores.get(path) ?? new MemoryStore();
    for (let round = 0; round < 25; round++) {
      const answers: string[] = [];
      const [asked, whole] = questions();
      for (const [kind, question] of [["asked", asked], ["whole", whole]] as const) {
        now = kind;
        answers.push(await ask({ storeOf }, question, { format: "ndjson" }));
      }
      const [found = "", expected = ""] = answers.map((text) => text.split("\n").sort().join("\n"));
      assertEquals(found, expected, asked);
      told += found.length > 1 ? 1 : 0;
    }
    assert(opened.asked < opened.whole, "files are left out");
  }
  assert(told > 30, `${told} questions had an answer`);
});
