/** Bounds that hold whatever the messages are: tiny ones fill a batch by their number, dates by their files. */
import { assert, assertEquals } from "@std/assert";
import { FIRST_ROUND_MS, makeRound, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

/** More than a batch takes: 64. */
const DATES = 70;

Deno.test("many tiny messages are many batches, and each is accounted for", async () => {
  const tiny = Array.from({ length: 9000 }, () => ({ key: "k", value: new Uint8Array(2), headers: {} }));
  await using broker = await brokerWith(tiny, 1);
  const folder = memoryFolder();
  const { batches, messages, run } = await runProcess({ broker, storeOf: folder, maxBatchBytes: 1_250_000 });
  assertEquals([messages, run?.account.quarantined], [9000, 9000]);
  assertEquals(batches, 3);
  assertEquals((await readContent(folder)).wrong, []);
});

Deno.test("many departure dates are many batches, each of which stays when the next is stopped", async () => {
  const [base] = makeRound(1, 1, FIRST_ROUND_MS);
  const train = JSON.parse(new TextDecoder().decode(base?.value ?? undefined));
  const rows = train.timeTableRows.slice(0, 2);
  const messages = Array.from({ length: DATES }, (_, day) => {
    const departureDate = new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
    return trainMessage({ ...train, departureDate, timeTableRows: rows });
  });
  await using broker = await brokerWith(messages, 1);
  const folder = memoryFolder();
  const stop = new AbortController();
  const stopped = await runProcess({
    broker,
    storeOf: folder,
    maxBatchBytes: 1e9,
    signal: stop.signal,
    onBatch: () => stop.abort(),
  });
  assert(stopped.messages > 0 && stopped.messages <= 64);
  const rest = await runProcess({ broker, storeOf: folder, maxBatchBytes: 1e9 });
  assertEquals([stopped.messages + rest.messages, rest.batches], [DATES, 1]);
  const { wrong, standard } = await readContent(folder);
  assertEquals([wrong, new Set(standard.map((row) => JSON.parse(row).departureDate)).size], [[], DATES]);
});
