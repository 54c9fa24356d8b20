/** DuckDB, ClickHouse and Sail read what we wrote, at every version; and `sql` answers as DuckDB does. */
import { assert, assertEquals } from "@std/assert";
import { LocalStore } from "../../lib/delta/mod.ts";
import { fetchMetadata } from "../../lib/pipeline/metadata/fetch_metadata.ts";
import { simulatedMetadata } from "../../lib/simulator/metadata.ts";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { testContext } from "../delta/test_context.ts";
import { createTestApi } from "../digitraffic/test_api.ts";
import { ask } from "../sql/asked_lake.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { publishBadMessages, publishNewerTrains, publishTrains } from "./trains_input.ts";
import { testUnless } from "./test_unless.ts";

const MODULES = ["chdb", "deltalake", "duckdb", "duckdb_extensions", "pysail", "pyspark"];
const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoPython(MODULES, "engines");

interface Readings {
  readonly versions: number;
  /** Figures by engine. */
  readonly asked: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

const LATE = "departureDate, trainNumber, arrivalDelaySeconds";

/** Questions that mean the same in both dialects; each orders its rows wholly. */
const QUESTIONS = [
  "select count(*), count(arrivalDelaySeconds), sum(arrivalDelaySeconds), min(plannedDeparture) from train_runs",
  "select trainType, count(*), avg(arrivalDelaySeconds), median(arrivalDelaySeconds) from train_runs " +
  "group by trainType having count(*) > 2 order by trainType nulls last",
  `select ${LATE} from train_runs where arrivalDelaySeconds > 60 order by 3 desc, 1, 2 limit 20`,
  "select count(*) from train_runs where not arrivalDelaySeconds > 60",
  "select count(*) from train_runs where commuterLineID not in ('K', 'I') or commuterLineID is null",
  "select r.trainType, sum(l.delayAddedSeconds), count(*) from train_runs r " +
  "join leg_delays l using (departureDate, trainNumber) where l.leg < 3 group by 1 order by 1",
  "select count(*), count(l.leg) from train_runs r left join leg_delays l on l.trainNumber = r.trainNumber " +
  "and l.departureDate = r.departureDate and l.delayAddedSeconds > 120",
  "with worst as (select fromStation, toStation, sum(delayAddedSeconds) as added from leg_delays " +
  "group by 1, 2) select * from worst where added > 0 order by added desc, 1, 2 limit 10",
  `select ${LATE}, rank() over (partition by trainType order by arrivalDelaySeconds desc nulls last) as place ` +
  "from train_runs order by place, 1, 2 limit 30",
  "select trainNumber, sum(stopsMade) over (order by departureDate, trainNumber rows between 2 preceding and " +
  "current row) from train_runs order by departureDate, trainNumber limit 30",
  "select departureDate, count(*) from train_runs where departureDate >= '2025-02-17' group by 1 order by 1",
  "select strftime('%H', plannedDeparture), count(*) from train_runs where plannedDeparture is not null " +
  "group by 1 order by 1",
  "select upper(substr(stationName, 1, 3)) || '-' || coalesce(countryCode, '?'), length(stationName) " +
  "from stations where stationName like 'H%' order by 1, 2",
  `select ${LATE} from train_runs where arrivalDelaySeconds = (select max(arrivalDelaySeconds) from train_runs) ` +
  "order by 1, 2",
  "select count(*) from stations s where exists (select 1 from leg_delays l where l.toStation = s.stationShortCode)",
  "select trainType from train_runs where cancelled union select trainType from train_runs " +
  "where partiallyCancelled order by 1",
  "select case when arrivalDelaySeconds is null then 'none' when arrivalDelaySeconds > 300 then 'late' " +
  "else 'in time' end, count(*) from train_runs group by 1 order by 1",
  "select sum(contentHash % 1000003), min(contentHash), max(contentHash), count(distinct stationShortCode) " +
  "from standard_zone.trains_travel",
  "select max(kafkaOffset), count(rawValue) from quarantine_zone.trains_travel",
  "select quantile_cont(delayAddedSeconds, 0.95), stddev(delayAddedSeconds) from leg_delays",
];

testUnless(reason, {
  name:
    "DuckDB, ClickHouse and Sail find in every table at every version what delta-rs finds; sql answers as DuckDB",
  fn: async (t) => {
    await using folder = await makeLake();
    await t.step("every table at every version", async () => {
      const args = [folder.path];
      const { versions, asked, faults } = await runPython<Readings>("read_with_engines.py", args, "engines");
      assertEquals(faults, []);
      assert(
        versions > 30 && Object.values(asked).every((figures) => figures > 20 * versions),
        JSON.stringify(asked),
      );
    });
    await t.step("twenty questions", async () => {
      const file = `${folder.path}/questions.json`;
      await Deno.writeTextFile(file, JSON.stringify(QUESTIONS.map(inDuckDb)));
      const answers = await runPython<readonly Rows[]>("ask_duckdb.py", [folder.path, file], "engines");
      for (const [at, question] of QUESTIONS.entries()) {
        const storeOf = (path: string) => new LocalStore(`${folder.path}/${path}`);
        const text = await ask({ storeOf }, question, { format: "ndjson" });
        const rows = text.split("\n").filter((line) => line !== "").map((line) =>
          Object.values(JSON.parse(line))
        );
        assertEquals({ question, rows: rows.map(rounded) }, {
          question,
          rows: (answers[at] ?? []).map(rounded),
        });
      }
    });
  },
});

type Rows = readonly (readonly unknown[])[];

// DuckDB's function has its arguments the other way round.
function inDuckDb(question: string): string {
  return question.replace(/strftime\('%H', (\w+)\)/, "strftime($1, '%H')");
}

/** 64-bit numbers that JSON writes as texts in one and as digits in the other; sums of doubles in another order. */
function rounded(row: readonly unknown[]): readonly unknown[] {
  return row.map((value) => {
    const number = typeof value === "string" && /^-?\d{16,}$/.test(value) ? Number(value) : value;
    return typeof number === "number" ? Number(number.toPrecision(12)) : number;
  });
}

async function makeLake(): Promise<PipelineFolder> {
  const folder = await makePipelineFolder();
  const { api } = createTestApi({
    url: "https://api.example/api/v1",
    fetch: ({ url }) =>
      Promise.resolve(Response.json(simulatedMetadata(new URL(url).pathname.split("/").at(-1) ?? ""))),
  });
  const storeOf = (path: string) => new LocalStore(`${folder.path}/${path}`);
  await fetchMetadata({ api, storeOf, context: testContext() });
  await publishTrains(folder);
  {
    await using broker = await openBroker({ path: `${folder.path}/broker.db`, clock: () => NOW });
    await publishBadMessages(broker);
  }
  await folder.print("process", []);
  await publishNewerTrains(folder);
  await folder.print("process", ["--max-batch-mb", "1"]);
  return folder;
}
