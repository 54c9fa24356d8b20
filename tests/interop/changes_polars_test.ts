/** What newer versions say of older ones, beside a calculation of its own in Python polars, from the messages alone. */
import { assert, assertEquals } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { delayFigures } from "../../lib/tables/delay_bins.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { trainMessage } from "../pipeline/made_up_log.ts";
import { makePipelineFolder } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const noPython = await whyNoPython(["deltalake", "polars"]);
const START_MS = Date.parse("2025-03-28T05:00:00Z"), ROUND_MS = 4 * 60_000;

type Train = ReturnType<typeof simulateTrains> extends Generator<infer Each> ? Each : never;

/** Some versions take something back, in a row that is chosen by the number; what they say later is as it was. */
function spoil(train: Train, number: number): unknown {
  const rows = train.timeTableRows;
  const at = rows.findIndex(({ actualTime }) => actualTime);
  const edit = (fields: Readonly<Record<string, unknown>>) =>
    rows.map((row, i) => i === at ? { ...row, ...fields } : row);
  const time = rows[at]?.actualTime;
  if (!time) return train;
  const moved = (ms: number) => new Date(Date.parse(time) + ms).toISOString();
  const ways: Readonly<Record<number, readonly unknown[]>> = {
    0: edit({ actualTime: undefined }),
    1: edit({ actualTime: moved(-90_000) }),
    2: edit({ actualTime: moved(-30_000) }),
    3: rows.slice(0, -2),
    4: rows.map((row) => ({
      ...row,
      scheduledTime: new Date(Date.parse(row.scheduledTime) + 60_000).toISOString(),
    })),
  };
  return { ...train, timeTableRows: ways[number % 11] ?? rows };
}

for (const seed of [1, 2]) {
  testUnless(noPython, {
    name:
      `newer versions take back, estimate and report what Python polars finds in the messages: feed ${seed}`,
    fn: async () => {
      await using folder = await makePipelineFolder({ KAFKA_TOPIC: "trains" });
      {
        await using broker = await openEmbeddedBroker({
          path: `${folder.path}/broker.db`,
          clock: () => START_MS,
        });
        await broker.ensureTopic("trains", 2);
        for (let round = 0; round < 20; round++) {
          const atMs = START_MS + round * ROUND_MS;
          const trains = [...simulateTrains({ seed, trains: 80, atMs })];
          // Then the source is set up anew.
          const sourceEpoch = round < 13 ? 0 : 1;
          const messages = trains.map((train, i) => {
            const version = train.version - 200_000_000_000 * sourceEpoch;
            return trainMessage(spoil({ ...train, version }, seed + round * 7 + i), atMs, { sourceEpoch });
          });
          await broker.publish("trains", messages.map((each) => ({ ...each, timestampMs: atMs + 900 })));
        }
      }
      await folder.print("process", []);
      const { stdout } = await folder.run("report", ["--json"]);
      const { run }: { readonly run: { readonly measures: Readonly<Record<string, number>> } } = JSON.parse(
        stdout,
      );
      const theirs = await runPython<{
        readonly counts: Readonly<Record<string, number>>;
        readonly lag: { readonly count: number; readonly p50: number; readonly p95: number };
      }>("count_changes.py", [folder.path]);
      const ours = Object.keys(theirs.counts).map((name) => [name, run.measures[name] ?? 0] as const);
      assertEquals(Object.fromEntries(ours), theirs.counts);
      const found = ours.filter(([, count]) => count > 0).map(([name]) => name);
      assert(found.length > 7, found.join(", "));
      const lag = delayFigures(run.measures, "lag");
      assertEquals(lag.count, theirs.lag.count);
      for (const [share, exact] of [[0.5, theirs.lag.p50], [0.95, theirs.lag.p95]] as const) {
        assert(
          Math.abs(lag.percentile(share) / exact - 1) < 0.091,
          `${share}: ${lag.percentile(share)}, ${exact}`,
        );
      }
    },
  });
}
