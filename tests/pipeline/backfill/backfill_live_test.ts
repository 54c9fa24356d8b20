/** A back-fill beside what else writes to the topic: of each train the newest version ends in the table. */
import { assertEquals, assertGreater } from "@std/assert";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { encodeTrainMessage } from "../../../lib/train/train_message.ts";
import { memoryFolder, runProcess } from "../process_rig.ts";
import { readContent } from "../table_content.ts";
import { createWorld, makeDays, NOW_MS, textsOf, TOPIC } from "./backfill_rig.ts";

const DAYS = makeDays("2025-03-01", 5, 6);

Deno.test("while trains come live, older and newer than the days have them, the newest version wins", async () => {
  const random = seededRandom(11);
  const newest = new Map<string, number>();
  const noteNewest = ({ departureDate, trainNumber, version }: Readonly<Record<string, unknown>>) => {
    const key = `${departureDate}/${trainNumber}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, Number(version)));
  };
  const trains = textsOf(DAYS).map((text) => JSON.parse(text));
  trains.forEach(noteNewest);
  await using world = await createWorld(DAYS);
  const storeOf = memoryFolder();
  const process = () => runProcess({ broker: world.broker, topic: TOPIC, storeOf, startMs: NOW_MS });
  const publishLive = async () => {
    const live = trains.filter(() => random() < 0.3).map((train) => ({
      ...train,
      version: train.version + Math.floor(random() * 5) - 2,
      runningCurrently: random() < 0.5,
    }));
    live.forEach(noteNewest);
    const origin = { source: "live", fetchedAtMs: NOW_MS };
    await world.broker.publish(
      TOPIC,
      live.map((train) =>
        encodeTrainMessage(new TextEncoder().encode(JSON.stringify(train)), { identity: train, origin })
      ),
    );
    await process();
  };
  await world.broker.ensureTopic(TOPIC, 3);
  await publishLive();
  const whole = world.answer;
  world.answer = async (request) => {
    await publishLive();
    return await whole(request);
  };
  assertEquals((await world.backfill()).done, 5);
  await publishLive();
  const { standard, wrong } = await readContent(storeOf);
  assertEquals(wrong, []);
  const found = new Map(standard.map((row): [string, number] => {
    const { departureDate, trainNumber, version } = JSON.parse(row);
    return [`${departureDate}/${parseInt(trainNumber)}`, parseInt(version)];
  }));
  assertGreater(standard.length, 300);
  assertEquals(new Map([...found].sort()), new Map([...newest].sort()));
});
