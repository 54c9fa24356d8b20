/** A topic that others write to, with odd records and with a Java client's batches: all of it lands, and Python reads it back. */

import { assertEquals } from "@std/assert";

import { oddRecords, readBack } from "../contract/odd_records.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { produceOddRecords } from "./foreign_producer.ts";
import { produceWithJava, startKafka, whyNoKafka } from "./kafka_server.ts";
import { makePipelineFolder } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const TOPIC = "foreign";
const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59Z");

interface PythonRow {
  readonly offset: number;
  readonly key: string | null;
  readonly keyBytes: readonly number[] | null;
  readonly time: string;
  readonly value: string | null;
}

interface PythonTables {
  readonly counts: Readonly<Record<string, readonly [number, number]>>;
  readonly landing: readonly PythonRow[];
}

testUnless(await whyNoKafka() ?? await whyNoPython(["deltalake", "polars"]), {
  name: "odd records and packed batches of other producers land, and Python reads every value of every table",
  fn: async (t) => {
    await using kafka = await startKafka();
    await using folder = await makePipelineFolder({ KAFKA_BROKER: kafka.address, KAFKA_TOPIC: TOPIC });
    const odd = oddRecords(60);
    const trains = [...simulateTrains({ seed: 3, trains: 30, atMs: NOW })].map((train) =>
      JSON.stringify(train)
    );
    const beforeYear1 = trains[0]?.replace(/"departureDate":"[^"]*"/, '"departureDate":"0000-01-01"') ?? "";
    const lines = [...trains, `\ufeff${trains[1]}`, beforeYear1];
    await produceOddRecords(kafka.address, TOPIC, odd);
    for (const codec of ["snappy", "lz4"]) {
      await produceWithJava(kafka, { topic: TOPIC, lines, args: ["--compression-codec", codec] });
    }
    await folder.print("process", []);
    await folder.print("process", []);
    const { counts, landing } = await runPython<PythonTables>("read_values.py", [folder.path]);
    const rows = landing.toSorted((a, b) => a.offset - b.offset);
    await t.step("every message is in landing, by every reader", () => {
      assertEquals(counts.landing, [odd.length + 2 * lines.length, odd.length + 2 * lines.length]);
      assertEquals(rows.slice(odd.length).map(({ value }) => value), [...lines, ...lines]);
      // The odd ones, and the train of before the year 1 twice.
      assertEquals(counts.quarantine, [odd.length + 2, odd.length + 2]);
    });
    await t.step("keys are whole and times the nearest of the calendar", () => {
      const found = rows.slice(0, odd.length).map((
        { key, keyBytes, time },
      ) => [key, keyBytes, Date.parse(time)]);
      const expected = odd.map(readBack).map(({ key, keyBytes, timestampMs }) => [
        key,
        keyBytes === undefined ? null : [...keyBytes],
        Math.min(Math.max(timestampMs, FIRST_MS), LAST_MS),
      ]);
      assertEquals(found, expected);
    });
  },
});
