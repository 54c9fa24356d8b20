/** What a crash left between landing and standard: taken from landing as it was told there, or refused when it is gone. */
import { assertEquals, assertRejects } from "@std/assert";
import { deleteRows, openTable, parsePredicate } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { gatedStore } from "./gated_store.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const ROUND = makeRound(20, 1, FIRST_ROUND_MS);
const CONTEXT = { clock: () => 0, ids: () => "other" };

function publish(broker: MadeUpBroker, count: number, gaps = 0): void {
  const entries = broker.partitions[0]?.entries ?? [];
  for (const { key, value, headers } of ROUND.slice(0, count)) {
    entries.push({ offset: BigInt(entries.length), timestampMs: FIRST_ROUND_MS, key, value, headers });
  }
  for (let i = 0; i < gaps; i++) entries.push(null);
}

function expireUpTo(broker: MadeUpBroker, earliest: number): void {
  Object.assign(broker.partitions[0] ?? {}, { earliest });
}

/** Tables that have gaps and expired offsets, and of a second batch with more of them landing alone. */
async function crashedLake() {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  publish(broker, 4, 1);
  expireUpTo(broker, 2);
  await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + 60_000 });
  publish(broker, 5, 2);
  expireUpTo(broker, 6);
  const { version } = (await openTable(storeOf(TABLE_PATHS.standard), CONTEXT)).snapshot;
  const next = `${String(version + 1).padStart(20, "0")}.json`;
  const dying: StoreOf = (path) =>
    gatedStore(storeOf(path), ({ operation, path: file, when }) => {
      const isCommit = path === TABLE_PATHS.standard && operation === "putIfAbsent" && when === "before";
      if (isCommit && file.endsWith(next)) throw new Error("crash");
    });
  const crashing = () => runProcess({ broker, storeOf: dying, maxBatchBytes: 1e9 });
  await assertRejects(crashing, Error, "crash");
  return { broker, storeOf };
}

Deno.test("what had expired and what never was a message are told apart after a crash as they were before it", async () => {
  const { broker, storeOf } = await crashedLake();
  const { run, caughtUp, messages } = await runProcess({
    broker,
    storeOf,
    startMs: FIRST_ROUND_MS + 120_000,
  });
  const { offsets, landed, expired, gaps } = run?.account ?? {};
  assertEquals({ offsets, landed, expired, gaps, caughtUp, messages }, {
    offsets: 12,
    landed: 6,
    expired: 3,
    gaps: 3,
    caughtUp: 4,
    messages: 0,
  });
  assertEquals((await readContent(storeOf)).wrong, []);
});

Deno.test("what another process catches up at the same moment is counted by that one alone", async () => {
  const { broker, storeOf } = await crashedLake();
  let others = 0;
  const gated: StoreOf = (path) =>
    gatedStore(storeOf(path), async ({ operation, when }) => {
      const isCommit = path === TABLE_PATHS.standard && operation === "putIfAbsent" && when === "before";
      if (!isCommit || others++ > 0) return;
      const other = await runProcess({ broker, storeOf, name: "other", startMs: FIRST_ROUND_MS + 60_000 });
      assertEquals([other.outcome, other.caughtUp, other.messages], ["done", 4, 0]);
    });
  const { outcome, caughtUp, messages } = await runProcess({
    broker,
    storeOf: gated,
    startMs: FIRST_ROUND_MS + 120_000,
  });
  assertEquals([outcome, caughtUp, messages, others > 0], ["done", 0, 0, true]);
  assertEquals((await readContent(storeOf)).wrong, []);
});

for (const [name, where] of [["one", "kafkaOffset = 7"], ["all", "kafkaOffset >= 5"]] as const) {
  Deno.test(`rows that somebody deleted from landing before standard had them (${name}) pass for no gap: the run says so`, async () => {
    const { broker, storeOf } = await crashedLake();
    const landing = await openTable(storeOf(TABLE_PATHS.landing), CONTEXT);
    await deleteRows(landing, parsePredicate(where, landing.snapshot.schema));
    await assertRejects(
      () => runProcess({ broker, storeOf }),
      Error,
      `Cannot catch up from the table "${TABLE_PATHS.landing}": found ${
        name === "one" ? 3 : 0
      } messages of trains/0, expected`,
    );
  });
}
