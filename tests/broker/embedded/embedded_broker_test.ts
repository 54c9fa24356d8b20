import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { brokerContract } from "../../contract/broker_contract.ts";
import { putOddRecords } from "./put_odd_records.ts";

Deno.test("the embedded broker keeps every promise of a broker", async (t) => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/broker.db`;
  const clock = () => Date.UTC(2025, 1, 17, 4, 21);
  await brokerContract(
    t,
    () => openEmbeddedBroker({ path, clock }),
    (topic, records) => putOddRecords(path, topic, records),
  );
  await Deno.remove(folder, { recursive: true });
});
