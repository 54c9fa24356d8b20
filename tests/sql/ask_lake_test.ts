/** Questions and their answers, over a lake in memory. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { pl } from "../../lib/packages/polars.ts";
import { frameRows, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { Buffer } from "node:buffer";
import { askLake } from "../../lib/sql/ask_lake.ts";
import { ask, askBytes, type AskedLake, makeAskedLake } from "./asked_lake.ts";

const lake = await makeAskedLake();

/** Rows as JSON has them. */
async function rowsOf(question: string, from: AskedLake = lake): Promise<unknown> {
  return JSON.parse(await ask(from, question, { format: "json" }));
}

Deno.test("a table is asked by its name, or by its zone and name, in any case", async () => {
  const rows = [{ n: 6 }];
  assertEquals(await rowsOf("select count(*) as n from train_runs"), rows);
  assertEquals(await rowsOf('SELECT COUNT(*) AS n FROM "Analysis_Zone" . TRAIN_RUNS'), rows);
  assertEquals(await rowsOf("select count(train_runs.TRAINNUMBER) n from analysis_zone.train_runs"), rows);
  assertEquals(
    await rowsOf(
      "select q.run_id, z.message is not null as m from quality_zone.trains_travel q, " +
        "quarantine_zone.trains_travel z where q.run_id = 'a'",
    ),
    [{ run_id: "a", m: 1 }],
  );
});

Deno.test("what is not known is neither true nor false, as in SQL", async () => {
  const count = (where: string) => rowsOf(`select count(*) n from train_runs where ${where}`);
  assertEquals(await count("arrivalDelaySeconds > 60"), [{ n: 2 }]);
  assertEquals(await count("not arrivalDelaySeconds > 60"), [{ n: 2 }]);
  assertEquals(await count("arrivalDelaySeconds is null"), [{ n: 2 }]);
  assertEquals(await count("trainType not in ('IC', null)"), [{ n: 0 }]);
  assertEquals(await rowsOf("select sum(stops) s from train_runs where stops > 99"), [{ s: null }]);
});

Deno.test("joins, subqueries, windows, medians and clocks of Finland", async () => {
  assertEquals(
    await rowsOf(
      "with late as (select * from train_runs where arrivalDelaySeconds > 60) " +
        "select l.departureDate, sum(d.delayAddedSeconds) s from late l " +
        "left join leg_delays d using (departureDate, trainNumber) group by 1 order by 1",
    ),
    [{ departureDate: "2026-11-27", s: 0 }, { departureDate: "2026-11-28", s: 0 }],
  );
  assertEquals(
    await rowsOf(
      "select trainNumber t, sum(stops) over (order by trainNumber, departureDate) s from train_runs " +
        "where stops = (select max(stops) from train_runs) or exists (select 1 from leg_delays l " +
        "where l.trainNumber = train_runs.trainNumber and leg = 2)",
    ),
    [{ t: 27, s: 6 }, { t: 27, s: 12 }, { t: 41, s: 18 }, { t: 41, s: 24 }],
  );
  assertEquals(
    await rowsOf(
      "select median(arrivalDelaySeconds) m, quantile_cont(arrivalDelaySeconds, 0.25) q, " +
        "round(stddev(arrivalDelaySeconds), 3) s from train_runs",
    ),
    [{ m: 60, q: -7.5, s: 292.276 }],
  );
  assertEquals(
    await rowsOf(
      "select helsinki(plannedDeparture) h, helsinki('2026-07-01T21:30:00.000000Z') s, helsinki(null) n " +
        "from train_runs limit 1",
    ),
    [{ h: "2026-11-27T06:00:00", s: "2026-07-02T00:30:00", n: null }],
  );
});

Deno.test("columns that tables are joined by are read, though the question shows none of them", async () => {
  const from = "from train_runs r join leg_delays l";
  const expected = await rowsOf(
    `select count(*) n ${from} on r.departureDate = l.departureDate and r.trainNumber = l.trainNumber`,
  );
  assertEquals(expected, [{ n: 11 }]);
  assertEquals(await rowsOf(`select count(*) n ${from} using (departureDate, trainNumber)`), expected);
  assertEquals(await rowsOf(`select count(*) n ${from.replace("join", "natural join")}`), expected);
  assertEquals(
    await rowsOf(
      "select count(*) n from stations where stationShortCode = 'TPE' and 27 in (select trainNumber from leg_delays)",
    ),
    [{ n: 1 }],
  );
});

Deno.test("rows of WITH and of subqueries are counted, also where none of their columns is named", async () => {
  assertEquals(await rowsOf("with c as (select * from train_runs) select count(*) n from c"), [{ n: 6 }]);
  assertEquals(await rowsOf("select count(*) n from (select 1 from leg_delays union all select 2)"), [{
    n: 12,
  }]);
  assertEquals(
    await rowsOf(
      "with recursive r(x) as (select 1 union all select x + 1 from r where x < 9) select count(*) n from r",
    ),
    [{ n: 9 }],
  );
});

Deno.test("upper and lower know the letters of Finland", async () => {
  assertEquals(await rowsOf("select upper('Hämeenlinna') u, lower('ÄHTÄRI') l, upper(null) n, upper(7) s"), [
    { u: "HÄMEENLINNA", l: "ähtäri", n: null, s: "7" },
  ]);
});

Deno.test("times are compared however they are written, and dates with and without their word", async () => {
  const count = (where: string) => rowsOf(`select count(*) n from train_runs where ${where}`);
  for (
    const time of [
      "'2026-11-28T04:00:00.000007Z'",
      "'2026-11-28 04:00:00.000007'",
      "timestamp '2026-11-28 06:00:00.000007+02:00'",
    ]
  ) assertEquals([time, await count(`plannedDeparture = ${time}`)], [time, [{ n: 3 }]]);
  assertEquals(await count("plannedDeparture < '2026-11-28 04:00'"), [{ n: 3 }]);
  assertEquals(await count("departureDate >= date '2026-11-28'"), [{ n: 3 }]);
});

Deno.test("only files and columns that the question needs are read", async () => {
  const { storeOf } = lake;
  const opened = async (question: string) => {
    lake.opened.clear();
    await ask({ storeOf }, question);
    return lake.opened.size;
  };
  assertEquals(await opened("select count(*) from train_runs"), 0, "the log knows how many rows there are");
  assertEquals(await opened("select departureDate, count(*) from train_runs group by 1"), 0);
  assertEquals(await opened("select count(trainType) from train_runs"), 2);
  assertEquals(await opened("select * from train_runs where departureDate = '2026-11-28'"), 1);
  assertEquals(
    await opened("select * from train_runs r where r.departureDate in ('2026-11-27', '2026-01-01')"),
    1,
  );
  assertEquals(await opened("select * from train_runs where trainNumber > 9000"), 0);
  assertEquals(
    await opened("select * from train_runs where departureDate between '2027-01-01' and '2027-01-02'"),
    0,
  );
  const join = "from train_runs r join leg_delays l using (departureDate, trainNumber)";
  assertEquals(await opened(`select 1 ${join} where departureDate = '2026-11-28'`), 2);
  // One side of an outer join says nothing of the other.
  assertEquals(
    await opened(`select 1 ${join.replace("join", "full join")} where departureDate = '2026-11-28'`),
    4,
  );
  const twice = "select count(a.trainType) from train_runs a, train_runs b";
  assertEquals(await opened(`${twice} where a.departureDate = '2026-11-28'`), 2);
  assertEquals(
    await opened(`${twice} where a.departureDate = '2026-11-28' and b.departureDate = '2026-11-28'`),
    1,
  );
  assertEquals(await opened("select 1 from train_runs where departureDate = '2026-11-28' or stops = 1"), 2);
});

Deno.test("every value comes out exact in every text format", async () => {
  const question = "select contentHash, score, anomalies, causes, run_id from quality_zone.trains_travel";
  assertEquals(
    await ask(lake, question, { format: "ndjson" }),
    '{"contentHash":"9007199254740993","score":0.1,"anomalies":{"late":2,"__proto__":"9007199254740993"},' +
      '"causes":[{"code":"K","at":"2026-11-28T01:00:00.000007Z","count":"-9007199254740993"},null],"run_id":"a"}\n' +
      '{"contentHash":null,"score":null,"anomalies":null,"causes":[],"run_id":"b"}\n',
  );
  assertEquals(
    await ask(
      lake,
      "select anomalies, cancelled, contentHash + 1 as next, null as n, '' as e " +
        "from quality_zone.trains_travel, train_runs where trainNumber = 28 limit 1",
      { format: "csv" },
    ),
    "anomalies,cancelled,next,n,e\r\n" +
      '"{""late"":2,""__proto__"":""9007199254740993""}",true,9007199254740994,,""\r\n',
  );
  assertEquals(
    await rowsOf("select j.key, j.value from quality_zone.trains_travel q, json_each(q.anomalies) j limit 1"),
    [{ key: "late", value: 2 }],
  );
  assertEquals(await rowsOf("select 1 as a, 2 as a, 3 as a_1"), [{ a: 1, a_1: 2, a_1_1: 3 }]);
  assertEquals(await ask(lake, "select 1 where false", { format: "json" }), "[]\n");
});

Deno.test("an answer as Parquet has the types of the columns that it comes from", async () => {
  const bytes = await askBytes(
    lake,
    "select contentHash, score, causes, anomalies, plannedDeparture, departureDate, cancelled, rawValue, " +
      "count(*) over () as n from quality_zone.trains_travel q, train_runs, quarantine_zone.trains_travel z " +
      "where trainNumber = 28 order by run_id",
    { format: "parquet" },
  );
  const schema = tableSchema({
    contentHash: "long",
    score: "double",
    causes: {
      type: "array",
      elementType: tableSchema({ code: "string", at: "timestamp", count: "long" }),
      containsNull: true,
    },
    plannedDeparture: "timestamp",
    departureDate: "date",
    cancelled: "boolean",
    rawValue: "binary",
    n: "long",
  });
  const [first, second] = frameRows(pl.readParquet(Buffer.from(bytes)), schema.fields);
  const micros = BigInt(Date.UTC(2026, 10, 28, 1)) * 1000n + 7n;
  const same = {
    plannedDeparture: BigInt(Date.UTC(2026, 10, 27, 4)) * 1000n + 7n,
    departureDate: "2026-11-27",
    cancelled: true,
    rawValue: Uint8Array.of(0, 255, 10),
    n: 2n,
  };
  const causes = [{ code: "K", at: micros, count: -9_007_199_254_740_993n }, null];
  assertEquals(first, { contentHash: 9_007_199_254_740_993n, score: 0.1, causes, ...same });
  assertEquals(second, { contentHash: null, score: null, causes: [], ...same });
});

Deno.test("a page shows hostile text spelled out, and so many rows as it is told", async () => {
  const page = await ask(lake, "select message, rawValue from quarantine_zone.trains_travel");
  assertEquals(page.includes("\u001b") || page.includes("\u202e") || page.includes("\u0007"), false);
  assertStringIncludes(page, "AP8K");
  assertStringIncludes(
    await ask(lake, "select * from train_runs", { limit: 2 }),
    "the first 2 rows, there may be more",
  );
  assertStringIncludes(await ask(lake, "select * from train_runs", { limit: 6 }), "\n6 rows\n");
});

Deno.test("without a question it lists the tables; a question comes on standard input or from a file too", async () => {
  const page = await ask(lake, undefined, { tables: true });
  assertStringIncludes(page, "train_runs                     6     departureDate date, trainNumber long");
  const listed = JSON.parse(await ask(lake, undefined, { tables: true, format: "json" }));
  assertEquals(listed[1], {
    zone: "analysis_zone",
    name: "train_runs",
    version: 2,
    rows: 6,
    columns: listed[1].columns,
  });
  assertStringIncludes(await ask(lake, "-", {}), "of standard input");
  assertStringIncludes(await ask(lake, undefined, {}), "of standard input");
  assertStringIncludes(await ask(lake, undefined, { file: "q.sql" }), "of a file");
});

Deno.test("on a terminal of 80 columns every table and column is told, and no line is longer", async () => {
  const page = await ask(lake, undefined, { tables: true }, 80);
  for (const { columns } of JSON.parse(await ask(lake, undefined, { tables: true, format: "json" }))) {
    for (const { name } of columns) assertStringIncludes(page, name);
  }
  const wide = await ask(
    lake,
    "select *, 1 as a_rather_long_name, 2 as another from train_runs, leg_delays",
    {},
    80,
  );
  assertStringIncludes(wide, "more columns, name those you want in the question: ");
  for (const line of `${page}\n${wide}`.split("\n")) assert(line.length <= 80, line);
});

Deno.test("a broken table does not hide the others: they are listed and asked, and it is told what is wrong", async () => {
  const broken = new MemoryStore();
  await broken.put("_delta_log/00000000000000000000.json", new TextEncoder().encode("garbage"));
  const storeOf = (path: string) => path === "analysis_zone/leg_delays" ? broken : lake.storeOf(path);
  const printed: string[] = [];
  const error = await assertRejects(() => ask({ storeOf }, undefined, { tables: true }, undefined, printed));
  assertStringIncludes(String(error), "_delta_log/00000000000000000000.json");
  assertStringIncludes(printed.join(""), "train_runs");
  assertEquals(await ask({ storeOf }, "select count(*) n from train_runs", { format: "csv" }), "n\r\n6\r\n");
});

const WRONG: readonly (readonly [string, string])[] = [
  [
    "select trainnumbr from train_runs",
    'found no column "trainnumbr", at character 8, did you mean "trainNumber"?',
  ],
  [
    "select r.nope from train_runs r",
    'found no column "r.nope", at character 10, expected one of departureDate',
  ],
  ['select "stop" from train_runs', 'found no column "stop", at character 8, did you mean "stops"?'],
  ["select 1\nfrom train_run", 'found no table "train_run", line 2, character 6, did you mean "train_runs"?'],
  ["select 1 from analysis.train_runs", 'did you mean "analysis_zone.train_runs"?'],
  [
    "select 1 from trains_travel",
    "is in several zones, at character 15, expected one of landing_zone.trains_travel",
  ],
  [
    "select 1 from weather",
    "expected one of leg_delays, station_days, train_runs, landing_zone.trains_travel, b",
  ],
  ['select trainNumber from train_runs where trainType = "IC"', "stops; a text is written 'IC'"],
  ["select 1 from causes", "expected it after `deno task fetch --metadata`"],
  ["select medan(1)", 'found no function "medan", at character 8, did you mean "median"?'],
  [
    "select trainNumber from train_runs, leg_delays",
    "in several tables, at character 8, expected table.column",
  ],
  ["select 1 from train_runs wher stops = 1", "found stops, at character 31, where SQL does not allow it"],
  ["select (1", "the question ends too early"],
  ["select 'it", "found a ' that nothing ends, at character 8"],
  ["delete from train_runs", 'found "delete", at character 1, expected a question that begins with SELECT'],
  ["with x as (select 1) delete from train_runs", "sql only reads"],
  ["select 1; drop table train_runs", "found a second question, at character 11"],
  ["select ?1", 'found the parameter "?1"'],
  ["select * from pragma_database_list", "expected one of the lake"],
  ["select * from sqlite_schema", "expected one of the lake"],
  ["select load_extension('/tmp/x.so')", "sql only reads"],
  ["attach '/tmp/x.db' as x", "expected a question"],
  ["vacuum into '/tmp/x.db'", "expected a question"],
  ["select abs(-9223372036854775808)", "integer overflow"],
  ["select quantile_cont(stops, 7) from train_runs", "expected a share from 0 to 1"],
  [
    "with train_runs as (select * from analysis_zone.train_runs) select * from train_runs",
    "expected another name",
  ],
  [" -- nothing\n", "found no question"],
];

for (const [question, message] of WRONG) {
  Deno.test(`a wrong question says what and where: ${JSON.stringify(question)}`, async () => {
    const error = await assertRejects(() => ask(lake, question), UsageError);
    assertStringIncludes(error.message, message);
  });
}

Deno.test("what SQLite does for an answer is told as what hears no signal; reading and writing are not", async () => {
  const done: string[] = [];
  const options = { clock: () => 0, ids: () => "" };
  const watched = {
    ...{ storeOf: lake.storeOf, options, asOf: undefined, signal: undefined },
    unheard: <T>(work: () => T): T => {
      done.push("begins");
      const result = work();
      done.push("ends");
      return result;
    },
  };
  await askLake(watched, "select count(trainType) from train_runs", ({ rows }) => {
    done.push(`used ${rows}`);
    return Promise.resolve();
  });
  assertEquals(done, ["begins", "ends", "used 5"]);
  const stopped = { ...watched, signal: AbortSignal.abort(new Error("stopped")) };
  await assertRejects(() => askLake(stopped, "select 1", () => Promise.resolve()), Error, "stopped");
});
