import { assertEquals, assertGreater } from "@std/assert";
import type { Broker } from "../../lib/broker/broker.ts";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { compareRows } from "./compare_rows.ts";
import { startKafka, whyNoKafka } from "./kafka_server.ts";
import { killProcess } from "./kill_process.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";
import { TABLE_KEYS } from "./table_keys.ts";
import { testUnless } from "./test_unless.ts";
import { publishBadMessages, publishNewerTrains, publishTrains } from "./trains_input.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const SMALL_BATCHES = ["--max-batch-mb", "1"];

testUnless(await whyNoKafka(), {
  name: "a pipeline on Kafka that is killed again and again makes the tables of one on the embedded broker",
  fn: async (t) => {
    await using kafka = await startKafka();
    await using onKafka = await makePipelineFolder({ KAFKA_BROKER: kafka.address });
    await using embedded = await makePipelineFolder();
    const options = { path: `${embedded.path}/broker.db`, clock: () => NOW };
    {
      await using broker = await openBroker(options);
      await publishAll(embedded, broker);
    }
    {
      const cluster = { brokers: [kafka.address], clientId: "test" };
      await using broker = await openBroker({ ...options, kafka: cluster });
      await publishAll(onKafka, broker);
    }
    await embedded.print("process", []);
    const kills = { args: SMALL_BATCHES, times: 4, seed: 4, withinMs: 50 };
    await t.step("the process dies in the middle", async () => {
      assertEquals(await killProcess(onKafka, kills), kills.times);
    });
    await onKafka.print("process", SMALL_BATCHES);
    for (const name of ["landing", "quarantine", "standard"] as const) {
      await t.step(`the table ${name} is the same, row for row, offset for offset`, async () => {
        const rows = await embedded.rows(name);
        assertGreater(rows.length, 0);
        // The two brokers took the messages in at different times.
        const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "kafkaMessageTimestamp");
        assertEquals(compareRows(await onKafka.rows(name), rows, { key: TABLE_KEYS[name], columns }), []);
      });
    }
    await t.step("the reports add up to the same", async () => {
      const [onKafkaReport, embeddedReport] = await Promise.all([onKafka, embedded].map(readReport));
      assertEquals(onKafkaReport, embeddedReport);
      assertEquals(onKafkaReport?.passed, true);
    });
  },
});

async function publishAll(folder: PipelineFolder, broker: Broker): Promise<void> {
  await publishTrains(folder);
  await publishBadMessages(broker);
  await publishNewerTrains(folder);
  // Enough batches that a process is never done before it is killed.
  for (let time = 0; time < 3; time++) await publishTrains(folder);
}

/** The parts of the report that tell nothing of when and how it was made. */
async function readReport(folder: PipelineFolder): Promise<{ readonly passed: boolean }> {
  const { passed, equations, rules, run } = JSON.parse(await folder.print("report", ["--json"]));
  const { runId: _, generatedAt: __, newestMessageTime: ___, tableVersions: ____, account, ...more } = run;
  // What is counted batch by batch depends on the batches and on when they came.
  const { measures: _____, ...measured } = more;
  const ofBatches = RULES.filter(({ count }) => count.from === "batches").map(({ id }) => id);
  const others = rules.filter(({ id }: { readonly id: string }) => !ofBatches.includes(id));
  // A version that a later one of the same batch replaces is never written: only the difference does not depend on that.
  const { rowsAdded, rowsRemoved, ...counts } = account;
  return {
    passed,
    equations,
    rules: others,
    ...measured,
    account: { ...counts, rowsKept: rowsAdded - rowsRemoved },
  };
}
