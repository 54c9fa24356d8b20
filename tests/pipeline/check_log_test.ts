/** When nothing is left by which a log could be known, that is logged, and nobody is refused for it. */
import { assertEquals } from "@std/assert";
import { configure, reset } from "@logtape/logtape";
import { openTable } from "../../lib/delta/mod.ts";
import { checkLog } from "../../lib/pipeline/check_log.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { MadeUpBroker, type MadeUpPartition } from "./made_up_broker.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { memoryFolder, runProcess, TOPIC } from "./process_rig.ts";

function fillThree({ entries }: MadeUpPartition): void {
  makeRound(3, 1, FIRST_ROUND_MS).forEach(({ key, value, headers }, i) => {
    entries.push({ offset: BigInt(i), timestampMs: FIRST_ROUND_MS, key, value, headers });
  });
}

/** What is logged when tables of three landed messages, or of none, meet the log after retention took its oldest. */
async function logged(
  earliest: number,
  id: string | null,
  { topic = TOPIC, fill = fillThree }: { readonly topic?: string; readonly fill?: typeof fillThree } = {},
): Promise<readonly string[]> {
  const logs: string[] = [];
  await configure({
    reset: true,
    sinks: { logs: ({ level, message }) => void logs.push(`${level} ${message.join("")}`) },
    loggers: [
      { category: "ratalake", sinks: ["logs"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  const broker = Object.assign(new MadeUpBroker(1), { id });
  const [partition] = broker.partitions;
  if (partition !== undefined) fill(partition);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  Object.assign(partition ?? {}, { earliest });
  const table = await openTable(storeOf(TABLE_PATHS.landing), { clock: () => 0, ids: () => "reader" });
  const landing = new TopicTable(table, { name: "landing", topic });
  logs.splice(0);
  try {
    await checkLog(landing, { broker, offsets: await broker.topicOffsets(), logId: id });
  } finally {
    await reset();
  }
  return logs;
}

Deno.test("that a log cannot be told from another one is logged where neither a message nor a name tells it", async () => {
  const unknown = [
    "debug Cannot tell whether made up is still the log of these tables: it has none of their messages",
  ];
  assertEquals(await logged(3, null), unknown);
  assertEquals(await logged(2, null), []);
  assertEquals(await logged(3, "one"), []);
  // These tables have nothing of that topic.
  assertEquals(await logged(3, null, { topic: "buses" }), []);
});

Deno.test("tables that know where a log begins and have no message of it say so, and do not look for messages", async () => {
  const nothing = [
    "debug Cannot tell whether made up is still the log of these tables: they have no message of it",
  ];
  const fill = ({ entries }: MadeUpPartition) => void entries.push(null, null, null);
  assertEquals(await logged(0, null, { fill }), nothing);
  const empty = await logged(0, null, { fill: () => {} });
  assertEquals(empty.filter((line) => !nothing.includes(line)), []);
});
