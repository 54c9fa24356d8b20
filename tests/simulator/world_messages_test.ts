/** What the simulator publishes over MQTT of its world, beside what its API answers at the same moments. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { toRestForm } from "../../lib/digitraffic/mqtt/rest_form.ts";
import { mqttTopic, writePayload } from "../../lib/simulator/mqtt/payload.ts";
import { openWorldMessages } from "../../lib/simulator/mqtt/world_messages.ts";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { BATCH_MS } from "../../lib/simulator/world/world.ts";
import { openWorld } from "../../lib/simulator/world/open_world.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2025-02-17T20:00:00Z");
const WORLD = { seed: 5, trains: 60 };

function restForm(payload: string): string {
  return new TextDecoder().decode(toRestForm(new TextEncoder().encode(payload)));
}

Deno.test("each message is the train as the API has it then, and each change is a message but those it keeps back", () => {
  const living = openWorld(WORLD);
  const messages = openWorldMessages(WORLD);
  let sent = 0;
  const kept = { deleted: 0, other: 0 };
  let cursor = [...living.changedTrains(START_MS, null)].reduce(
    (most, { version }) => Math.max(most, version),
    0,
  );
  for (let batchMs = START_MS + BATCH_MS; batchMs <= START_MS + 6 * HOUR_MS; batchMs += BATCH_MS) {
    const changed = [...living.changedTrains(batchMs, cursor)];
    const told = new Set(messages(batchMs - BATCH_MS, batchMs).map(({ payload }) => restForm(payload)));
    for (const train of changed) {
      cursor = Math.max(cursor, train.version);
      if (told.delete(JSON.stringify(train))) sent++;
      else kept[train.deleted === true ? "deleted" : "other"]++;
    }
    assertEquals([...told], []);
  }
  assertGreater(sent, 100);
  // The night job at 23:15 in Helsinki publishes a whole day of timetables.
  assert(kept.deleted > 0 && kept.other > 20, JSON.stringify(kept));
});

Deno.test("payloads differ from REST as the real ones do, and topics have a level for each part", () => {
  const [train] = openWorld(WORLD).trainsOf("2025-02-17", START_MS);
  assert(train !== undefined);
  const plain: SimulatedTrain = {
    ...train,
    trainNumber: 7,
    trainType: null,
    trainCategory: null,
    commuterLineID: "R+#",
  };
  const payload = writePayload(plain);
  assert(payload.includes('"trainType":"Unknown","trainCategory":"Unknown"') && !payload.includes(".000Z"));
  assertEquals(restForm(payload), JSON.stringify(plain));
  assert(writePayload({ ...plain, trainNumber: 9 }).includes(".000Z"));
  assertEquals(
    mqttTopic({ ...plain, operatorShortCode: "vr", runningCurrently: false, timetableType: "REGULAR" }),
    "trains/2025-02-17/7///vr/R/false/REGULAR",
  );
});
