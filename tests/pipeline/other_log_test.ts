import { assertEquals, assertRejects } from "@std/assert";
import { BrokerError } from "../../lib/errors.ts";
import { makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const LOG = makeLog({ trains: 20 });

Deno.test("a broker that was emptied and filled again is refused, and the tables stay as they are", async () => {
  const folder = memoryFolder();
  {
    await using broker = await brokerWith(LOG);
    await runProcess({ broker, storeOf: folder });
  }
  const before = await readContent(folder);
  const later = LOG.map((message) => ({ ...message, timestampMs: (message.timestampMs ?? 0) + 86_400_000 }));
  await using another = await brokerWith([...later, ...later]);
  const error = await assertRejects(
    () => runProcess({ broker: another, storeOf: folder }),
    BrokerError,
    "this is another log (emptied or recreated)",
  );
  assertEquals(error.retriable, false);
  assertEquals(await readContent(folder), before);
});

Deno.test("a log that has grown is known for the same", async () => {
  const folder = memoryFolder();
  await using broker = await brokerWith(LOG);
  await runProcess({ broker, storeOf: folder });
  await broker.publish(TOPIC, LOG.slice(0, 5));
  assertEquals((await runProcess({ broker, storeOf: folder })).messages, 5);
});
