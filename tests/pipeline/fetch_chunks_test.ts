/** In what portions `fetch` hands trains to the broker. */
import { assertEquals } from "@std/assert";
import { fetchTrains } from "../../lib/pipeline/fetch_trains.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { createTestApi } from "../digitraffic/test_api.ts";
import { MadeUpBroker } from "./made_up_broker.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");

Deno.test("messages go to the broker in chunks that end with the train that fills them", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-chunks-" });
  await using server = serveSimulator({ seed: 5, trains: 6, clock: () => AT_MS });
  const { api } = createTestApi({ url: server.url });
  const chunksOf = async (chunkBytes: number) => {
    const chunks: number[][] = [];
    const publish: MadeUpBroker["publish"] = (_topic, messages) => {
      chunks.push(messages.map(({ value }) => value?.length ?? 0));
      return Promise.resolve({ messages: messages.length, sizeBytes: 0 });
    };
    const broker = Object.assign(new MadeUpBroker(1), { publish });
    const options = { api, broker, topic: "trains", partitions: 1, statePath: `${folder}/state.json` };
    await fetchTrains({ ...options, full: true, chunkBytes });
    return chunks;
  };
  const single = await chunksOf(1);
  assertEquals(single.map((chunk) => chunk.length), [1, 1, 1, 1, 1, 1]);
  const [first = 0, second = 0] = single.flat();
  assertEquals((await chunksOf(first + second))[0]?.length, 2);
  assertEquals((await chunksOf(first + second + 1))[0]?.length, 3);
  await Deno.remove(folder, { recursive: true });
});
