import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { brokerContract } from "../../contract/broker_contract.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);

Deno.test("the embedded broker keeps every promise of a broker", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    await brokerContract(t, () => openEmbeddedBroker({ path: `${folder}/broker.db`, clock: () => NOW }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
