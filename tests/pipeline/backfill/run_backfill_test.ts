import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { BrokerError } from "../../../lib/errors.ts";
import { updatePublishState } from "../../../lib/digitraffic/publish_state.ts";
import { logEpoch } from "../../../lib/pipeline/epochs/log_epoch.ts";
import { readBackfillState } from "../../../lib/pipeline/backfill/backfill_state.ts";
import { decodeFetchedAt } from "../../../lib/train/train_message.ts";
import { readAll, withPublish } from "../../digitraffic/test_broker.ts";
import { answerFrom, bodyOf, createWorld, makeDays, NOW_MS, RIGHTS, textsOf, TOPIC } from "./backfill_rig.ts";

const DAYS = makeDays("2025-02-26", 6);
const FIRST = "2025-02-26";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: RIGHTS, fn });
}

test("every train of every day is published once, oldest day first, and a second run asks for nothing", async () => {
  await using world = await createWorld(DAYS);
  const summary = await world.backfill();
  assertEquals((await world.published()).toSorted(), textsOf(DAYS).toSorted());
  assertEquals(world.asked, [...DAYS.keys()].map((date) => `/trains/${date}`));
  assertEquals(summary, {
    from: "2025-02-26",
    to: "2025-03-03",
    days: 6,
    before: 0,
    done: 6,
    empty: [],
    failed: [],
    left: 0,
    trains: 48,
    others: 0,
    sizeBytes: textsOf(DAYS).reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0),
    requests: 6,
    durationSeconds: 0,
  });
  const again = await world.backfill();
  assertEquals([again.before, again.done, again.requests, again.trains], [6, 0, 0, 0]);
  assertEquals((await world.backfill({ again: true })).done, 6);
  assertEquals((await world.published()).length, 96);
});

test("a message is keyed by its train, says where and when it was got, and has the time of its publishing", async () => {
  await using world = await createWorld(DAYS);
  await world.backfill();
  for (const { key, value, headers, timestampMs } of await readAll(world.broker, TOPIC)) {
    const { departureDate, trainNumber } = JSON.parse(new TextDecoder().decode(value ?? undefined));
    assertEquals(key, `${departureDate}/${trainNumber}`);
    assertEquals(headers.source, `http://api.test/api/v1/trains/${departureDate}`);
    assertEquals([decodeFetchedAt(headers), timestampMs], [NOW_MS, NOW_MS]);
  }
});

test("archives bring whole months in one request each, the days of an open month come by date", async () => {
  await using world = await createWorld(DAYS);
  const summary = await world.backfill({ archives: true, jobs: 1 });
  assertEquals(world.asked, [
    "/trains/dumps/digitraffic-rata-trains-2025-02-01.zip",
    ...["01", "02", "03"].map((day) => `/trains/2025-03-${day}`),
  ]);
  assertEquals([summary.done, summary.requests], [6, 4]);
  assertEquals((await world.published()).toSorted(), textsOf(DAYS).toSorted());
  const archived = (await readAll(world.broker, TOPIC)).filter(({ headers }) =>
    headers.source?.endsWith(".zip")
  );
  assertEquals(archived.length, 24);
});

test("a day that an archive has not is told, and so is a month without an archive", async () => {
  await using world = await createWorld(DAYS);
  const options = { archives: true, jobs: 1, from: "2025-01-31", to: "2025-02-28" };
  const { failed, done, days } = await world.backfill(options);
  assertEquals([days, done, failed.length], [29, 3, 26]);
  assertStringIncludes(failed[0]?.reason ?? "", "status 404");
  assertEquals(failed[1], { date: "2025-02-01", reason: "the archive of 2025-02 has no such day" });
});

test("a day that breaks off is fetched anew; what came twice is in the topic twice", async () => {
  await using world = await createWorld(DAYS);
  const whole = world.answer;
  let breaks = 2;
  world.answer = (request) => {
    const cut = new TextEncoder().encode(bodyOf(DAYS.get(FIRST) ?? [])).slice(0, 50_000);
    const parts = [cut, null];
    const body = new ReadableStream({
      pull(controller) {
        const part = parts.shift();
        return part ? controller.enqueue(part) : controller.error(new TypeError("connection reset"));
      },
    });
    return request.url.includes(FIRST) && breaks-- > 0 ? new Response(body) : whole(request);
  };
  const { done, trains } = await world.backfill({ chunkBytes: 10_000 });
  assertEquals(done, 6);
  const published = await world.published();
  assertEquals(new Set(published), new Set(textsOf(DAYS)));
  assertEquals(published.length, trains);
  assertGreater(trains, 48);
});

test("a day that fails stops no other, and the next run asks for it alone", async () => {
  await using world = await createWorld(DAYS);
  const whole = world.answer;
  world.answer = (request) => request.url.includes("2025-03-01") ? new Response("<html>") : whole(request);
  const first = await world.backfill();
  assertEquals([first.done, first.failed.length, first.left], [5, 1, 0]);
  assertEquals(first.failed[0]?.date, "2025-03-01");
  assertStringIncludes(first.failed[0]?.reason ?? "", '"<html>", expected an array of trains');
  world.answer = whole;
  world.asked.length = 0;
  assertEquals((await world.backfill()).done, 1);
  assertEquals(world.asked, ["/trains/2025-03-01"]);
});

test("an API that is down is given up after three days, which leaves the rest for later", async () => {
  await using world = await createWorld(DAYS);
  world.answer = () => new Response("down", { status: 503 });
  const { failed, left, done, requests } = await world.backfill({ jobs: 1 });
  assertEquals([failed.length, left, done, requests], [3, 3, 0, 15]);
});

test("a day without trains is not done: the next run asks again", async () => {
  await using world = await createWorld(DAYS);
  world.answer = answerFrom(new Map([...DAYS].map(([date, texts]) => [date, date === FIRST ? [] : texts])));
  assertEquals((await world.backfill()).empty, [FIRST]);
  assertEquals((await world.backfill()).empty, [FIRST]);
});

test("a day that was not over when it was fetched is fetched again later", async () => {
  const days = makeDays("2025-03-18", 3);
  await using world = await createWorld(days);
  await world.backfill();
  world.asked.length = 0;
  assertEquals((await world.backfill()).before, 1);
  assertEquals(world.asked, ["/trains/2025-03-19", "/trains/2025-03-20"]);
});

test("trains of other dates, and elements that are none, are published as received and counted", async () => {
  const days = new Map([[FIRST, [
    '{"trainNumber":1,"departureDate":"2025-02-25"}',
    "7",
    '{"departureDate":"2025-02-26"}',
    ...(DAYS.get(FIRST) ?? []),
  ]]]);
  await using world = await createWorld(days);
  const { trains, others } = await world.backfill();
  assertEquals([trains, others], [11, 3]);
  assertEquals((await world.published()).toSorted(), textsOf(days).toSorted());
});

test("a topic that was made anew gets all days again", async () => {
  await using world = await createWorld(DAYS);
  await world.backfill();
  await using other = await createWorld(DAYS);
  await Deno.copyFile(world.statePath, other.statePath);
  const label = {
    ...withPublish(other.broker, (...call) => other.broker.publish(...call)),
    label: world.broker.label,
  };
  const { before, done } = await other.backfill({ broker: label });
  assertEquals([before, done], [0, 6]);
  assertEquals((await other.published()).length, 48);
});

test("each source and topic has its own record in the file", async () => {
  await using world = await createWorld(DAYS);
  await world.backfill();
  assertEquals((await world.backfill({ topic: "others" })).done, 6);
  const records = await readBackfillState(world.statePath);
  assertEquals(records.map(({ topic, days }) => [topic, days.size]), [["trains", 6], ["others", 6]]);
  const summary = await world.backfill();
  assertEquals([summary.before, (await world.backfill({ topic: "others" })).before], [6, 6]);
});

test("a damaged record is told and costs no more than fetching again", async () => {
  await using world = await createWorld(DAYS);
  await world.backfill();
  await Deno.writeTextFile(world.statePath, '{"format":"ratalake-backfill-state/1","fills":[{}]}');
  assertEquals((await world.backfill()).done, 6);
});

test("the signal ends it between two chunks; the day under way is left", async () => {
  await using world = await createWorld(DAYS);
  const stop = new AbortController();
  const summary = await world.backfill({
    jobs: 1,
    chunkBytes: 1,
    signal: stop.signal,
    onProgress: ({ trains }) => trains === 11 && stop.abort(new Error("stopped")),
  });
  assertEquals([summary.done, summary.left, summary.trains, summary.failed.length], [1, 5, 11, 0]);
  assertEquals((await world.backfill()).before, 1);
});

test("a broker that fails ends the run with its error and all jobs; days that are done stay so", async () => {
  await using world = await createWorld(DAYS);
  let left = 3;
  const broker = withPublish(world.broker, (...call) => {
    if (left-- > 0) return world.broker.publish(...call);
    return Promise.reject(new BrokerError("Cannot publish: disk full"));
  });
  await assertRejects(() => world.backfill({ broker, jobs: 1 }), BrokerError, "disk full");
  assertEquals(world.waits, []);
  assertEquals((await world.backfill()).before, 3);
});

test("a broker that says that it may be back is asked again, and the day goes on where it was", async () => {
  await using world = await createWorld(DAYS);
  let calls = 0;
  const broker = withPublish(world.broker, (...call) => {
    calls++;
    if (calls > 1 && calls < 5) {
      return Promise.reject(new BrokerError("Cannot publish: away", { retriable: true }));
    }
    return world.broker.publish(...call);
  });
  assertEquals((await world.backfill({ broker, jobs: 1 })).done, 6);
  assertEquals(world.waits, [500, 1000, 2000]);
  assertEquals([(await world.published()).length, world.asked.length], [48, 6]);
  const away = withPublish(
    world.broker,
    () => Promise.reject(new BrokerError("Cannot publish: away", { retriable: true })),
  );
  await assertRejects(() => world.backfill({ broker: away, again: true }), BrokerError, "away");
});

test("a bad day in an archive stops none after it", async () => {
  const days = new Map([...DAYS].map(([date, texts]) => [date, date === FIRST ? ["1", "]"] : texts]));
  await using world = await createWorld(days);
  const { done, failed } = await world.backfill({ archives: true, to: "2025-02-28" });
  assertEquals([done, failed.map(({ date }) => date)], [2, [FIRST]]);
  assertStringIncludes(failed[0]?.reason ?? "", `of ${FIRST}": byte 3: found "]"`);
});

test("no day is begun without room", async () => {
  await using world = await createWorld(DAYS);
  let rooms = 2;
  const checkRoom = () => rooms-- > 0 ? Promise.resolve() : Promise.reject(new Error("no room"));
  await assertRejects(() => world.backfill({ checkRoom, jobs: 1 }), Error, "no room");
  assertEquals(world.asked.length, 2);
});

test("progress adds up: every day is told once, with what was published so far", async () => {
  await using world = await createWorld(DAYS);
  const told: number[] = [];
  let last = 0;
  let nowMs = 5_000;
  const summary = await world.backfill({
    monotonic: () => nowMs += 1_000,
    onDay: ({ over }) => told.push(over),
    onProgress: ({ trains }) => {
      assert(trains > last);
      last = trains;
    },
  });
  assertEquals(told, [1, 2, 3, 4, 5, 6]);
  assertEquals(last, 48);
  // The clock stood at 6 s when it began, and was looked at for every chunk and day, and in the end.
  assertEquals(summary.durationSeconds, (nowMs - 6_000) / 1000);
});

test("however large a day is, little of it is held: a chunk for the broker and one from the network", async () => {
  const days = makeDays(FIRST, 1, 400);
  const body = new TextEncoder().encode(bodyOf(days.get(FIRST) ?? []));
  await using world = await createWorld(days);
  let [givenBytes, takenBytes, mostHeld] = [0, 0, 0];
  world.answer = () =>
    new Response(
      new ReadableStream({
        type: "bytes",
        pull(controller) {
          const piece = body.slice(givenBytes, givenBytes + 16_384);
          givenBytes += piece.length;
          mostHeld = Math.max(mostHeld, givenBytes - takenBytes);
          if (piece.length > 0) return controller.enqueue(piece);
          controller.close();
          controller.byobRequest?.respond(0);
        },
      }),
    );
  const broker = withPublish(world.broker, async (topic, messages) => {
    // A slow broker: whoever reads ahead does it now.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    const receipt = await world.broker.publish(topic, messages);
    takenBytes += receipt.sizeBytes;
    return receipt;
  });
  await world.backfill({ broker, chunkBytes: 500_000 });
  assertGreater(body.length, 3_000_000);
  assert(mostHeld < 1_000_000, `${mostHeld} bytes held`);
});

test("each day is published with the epoch that the log has when it comes", async () => {
  await using world = await createWorld(DAYS);
  const publishStatePath = `${world.folder}/publish_state.json`;
  await world.broker.ensureTopic(TOPIC, 3);
  await world.broker.ensureTopic("empty", 3);
  const record = (sourceEpoch: number) =>
    updatePublishState(publishStatePath, () => [{
      ...{ broker: world.broker.label, topic: TOPIC, records: 0n, logId: null, fetchedAt: null },
      ...{ messages: [], versions: new Map(), sourceEpoch },
    }]);
  await record(4);
  const sourceEpoch = await logEpoch({ broker: world.broker, topic: TOPIC, publishStatePath });
  let days = 0;
  await world.backfill({
    jobs: 1,
    // A follower notices something in between.
    sourceEpoch: async () => {
      if (++days === 2) await record(5);
      return await sourceEpoch();
    },
  });
  const epochs = (await readAll(world.broker, TOPIC)).map(({ headers }) => headers.sourceEpoch);
  const dates = [...DAYS.values()].map(({ length }) => length);
  assertEquals(epochs.filter((epoch) => epoch === "4").length, dates[0]);
  assertEquals(epochs.filter((epoch) => epoch === "5").length, epochs.length - (dates[0] ?? 0));
  // Without the record the log tells it, and a record that is behind the log lowers nothing.
  await Deno.remove(publishStatePath);
  assertEquals(await (await logEpoch({ broker: world.broker, topic: TOPIC, publishStatePath }))(), 5);
  await record(1);
  assertEquals(await (await logEpoch({ broker: world.broker, topic: TOPIC, publishStatePath }))(), 5);
  assertEquals(await (await logEpoch({ broker: world.broker, topic: "empty", publishStatePath }))(), 0);
});
