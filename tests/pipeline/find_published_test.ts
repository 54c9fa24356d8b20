/** What was published belongs to one log: another one of the same name gets all trains. */
import { assertEquals } from "@std/assert";
import { configure, reset } from "@logtape/logtape";
import type { Broker } from "../../lib/broker/broker.ts";
import { type EmbeddedBroker, openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { findPublished } from "../../lib/pipeline/find_published.ts";
import { createTestApi } from "../digitraffic/test_api.ts";
import { withPublish } from "../digitraffic/test_broker.ts";
import { AT_MS, createWorld, RIGHTS, serveText, TOPIC } from "./fetch_rig.ts";

Deno.test({
  name: "another broker, another topic or a log made anew gets all trains, and each keeps its note",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    await using server = serveText(() => `[{"trainNumber":1,"departureDate":"2025-02-17","version":1}]`);
    const few = { topic: "few", api: createTestApi({ url: server.url }).api };
    assertEquals((await world.fetch(few)).published, 1);
    await world.fetch();
    assertEquals((await world.fetch({ topic: "other" })).published, 60);
    await using other = await openEmbeddedBroker({
      path: `${world.folder}/other.db`,
      clock: () => AT_MS,
      isSynced: false,
    });
    assertEquals((await world.fetch({ broker: other })).published, 60);
    for (const again of [{ broker: other }, {}, { topic: "other" }, few]) {
      assertEquals((await world.fetch(again)).published, 0);
    }
    await using emptied = await openEmbeddedBroker({
      path: `${world.folder}/emptied.db`,
      clock: () => AT_MS,
      isSynced: false,
    });
    const disguised = { ...withPublish(emptied, (topic, messages) => emptied.publish(topic, messages)) };
    assertEquals((await world.fetch({ broker: { ...disguised, label: world.broker.label } })).published, 60);
  },
});

/** The broker of the world under the name of another, or with another answer to what names its log. */
function disguise(
  broker: Broker,
  label: string,
  logId: Broker["logId"] = (topic) => broker.logId(topic),
): Broker {
  return { ...withPublish(broker, (topic, messages) => broker.publish(topic, messages)), label, logId };
}

Deno.test({
  name:
    "a log that was made anew and filled by others gets all trains, whether or not it has a name of its own",
  permissions: RIGHTS,
  fn: async () => {
    for (const hasName of [true, false]) {
      await using world = await createWorld();
      const named = (broker: Broker) =>
        disguise(broker, "the broker", hasName ? undefined : () => Promise.resolve(null));
      await world.fetch({ broker: named(world.broker) });
      assertEquals((await world.fetch({ broker: named(world.broker) })).published, 0);
      await using anew = await openEmbeddedBroker({
        path: `${world.folder}/anew.db`,
        clock: () => AT_MS,
        isSynced: false,
      });
      await anew.ensureTopic(TOPIC, 3);
      const foreign = Array.from(
        { length: 200 },
        (_, i) => ({ key: `${i}`, value: new Uint8Array(), headers: {} }),
      );
      await anew.publish(TOPIC, foreign);
      assertEquals((await world.fetch({ broker: named(anew) })).published, 60);
      assertEquals((await world.fetch({ broker: named(anew) })).published, 0);
    }
  },
});

Deno.test({
  name: "a log with another name gets all trains, though retention has left none of its messages to compare",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    await world.fetch({ broker: disguise(world.broker, "the broker") });
    await using anew = await openEmbeddedBroker({
      path: `${world.folder}/anew.db`,
      clock: () => AT_MS,
      isSynced: false,
    });
    await anew.ensureTopic(TOPIC, 3);
    const foreign = Array.from(
      { length: 200 },
      (_, i) => ({ key: `${i}`, value: new Uint8Array(1), headers: {} }),
    );
    await anew.publish(TOPIC, foreign);
    await anew.applyRetention(TOPIC, { maxPartitionBytes: 0 });
    assertEquals((await world.fetch({ broker: disguise(anew, "the broker") })).published, 60);
    assertEquals((await world.fetch({ broker: disguise(anew, "the broker") })).published, 0);
  },
});

Deno.test({
  name: "a log without a name that has lost all messages it was known by gets all trains again, then none",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const nameless = disguise(world.broker, "the broker", () => Promise.resolve(null));
    await world.fetch({ broker: nameless });
    await (world.broker as EmbeddedBroker).applyRetention(TOPIC, { maxPartitionBytes: 0 });
    assertEquals((await world.fetch({ broker: nameless })).published, 60);
    assertEquals((await world.fetch({ broker: nameless })).published, 0);
  },
});

Deno.test({
  name: "trains whose versions are lower than what was published are counted as older, not as unchanged",
  permissions: RIGHTS,
  fn: async () => {
    let version = 7;
    const train = () => `{"trainNumber":1,"departureDate":"2025-02-17","version":${version}}`;
    await using server = serveText(() => `[${train()}]`);
    await using world = await createWorld();
    const { api } = createTestApi({ url: server.url });
    assertEquals((await world.fetch({ api })).published, 1);
    version = 3;
    const { published, unchanged, older } = await world.fetch({ api });
    assertEquals([published, unchanged, older], [0, 0, 1]);
    assertEquals((await world.fetch({ api, full: true })).published, 1);
    // What was published once is known for good: the newest version does not fall.
    version = 6;
    assertEquals((await world.fetch({ api })).older, 1);
  },
});

/** What is logged as a warning by a fetch of so many trains of each kind. */
async function warnedOf(counts: Readonly<Record<"older" | "unchanged" | "news", number>>): Promise<number> {
  const { older, unchanged, news } = counts;
  let version = 5, numbers = older + unchanged;
  const versionOf = (number: number) => version - (version < 5 && number > older ? -1 : 0);
  const train = (number: number) =>
    `{"trainNumber":${number},"departureDate":"2025-02-17","version":${versionOf(number)}}`;
  await using server = serveText(() => `[${Array.from({ length: numbers }, (_, i) => train(i + 1)).join()}]`);
  await using world = await createWorld();
  const { api } = createTestApi({ url: server.url });
  await world.fetch({ api });
  [version, numbers] = [4, older + unchanged + news];
  let warnings = 0;
  await configure({
    reset: true,
    sinks: { logs: () => void warnings++ },
    loggers: [
      { category: "ratalake", sinks: ["logs"], lowestLevel: "warning" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  const found = await world.fetch({ api });
  await reset();
  assertEquals([found.older, found.unchanged, found.published], [older, unchanged, news]);
  return warnings;
}

Deno.test({
  name: "a source that has gone back is warned of when most of its trains are older than what was published",
  permissions: RIGHTS,
  fn: async () => {
    assertEquals(await warnedOf({ older: 4, unchanged: 2, news: 1 }), 1);
    assertEquals(await warnedOf({ older: 3, unchanged: 2, news: 1 }), 0);
    assertEquals(await warnedOf({ older: 2, unchanged: 2, news: 1 }), 0);
    assertEquals(await warnedOf({ older: 0, unchanged: 1, news: 0 }), 0);
  },
});

Deno.test({
  name: "who may only write to a topic that nothing is recorded of publishes all the same, with a warning",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(5);
    await world.broker.ensureTopic(TOPIC, 3);
    const message = { key: null, value: new Uint8Array(), headers: {} };
    await world.broker.publish(TOPIC, [message]);
    const deaf: Broker = {
      ...disguise(world.broker, world.broker.label),
      read: () => {
        throw new BrokerError("Cannot read: not authorized");
      },
    };
    const lines: string[] = [];
    await configure({
      sinks: { list: ({ message: parts }) => lines.push(parts.join("")) },
      loggers: [
        { category: "ratalake", sinks: ["list"], lowestLevel: "warning" },
        { category: ["logtape", "meta"], sinks: [] },
      ],
      reset: true,
    });
    try {
      assertEquals((await world.fetch({ broker: deaf })).published, 5);
    } finally {
      await reset();
    }
    assertEquals(lines.filter((line) => line.includes("not authorized")).length, 1);
  },
});

Deno.test({
  name: "a log that was made anew keeps the epoch, and one that is unknown has that of its newest trains",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(5);
    const { broker } = world;
    await broker.ensureTopic(TOPIC, 3);
    const train = (headers: Readonly<Record<string, string>>) => ({
      key: null,
      value: new Uint8Array(),
      headers,
    });
    const schema = "digitraffic.live-trains.v1";
    await broker.publish(TOPIC, [
      train({ schema, sourceEpoch: "2" }),
      train({ schema, sourceEpoch: "x" }),
      // Of others, who may mean something else by it.
      train({ sourceEpoch: "77" }),
      train({ schema }),
    ]);
    const found = await findPublished([], broker, TOPIC);
    assertEquals([found.log.sourceEpoch, found.isOther], [2, false]);
    for (const [known, expected] of [[1, 2], [5, 5]] as const) {
      const other = { ...found.log, sourceEpoch: known, records: 1_000_000n };
      const { log, isOther } = await findPublished([other], broker, TOPIC);
      assertEquals([log.sourceEpoch, isOther, log.versions.size], [expected, true, 0]);
    }
    const same = await findPublished([{ ...found.log, sourceEpoch: 9 }], broker, TOPIC);
    assertEquals([same.log.sourceEpoch, same.isOther], [9, false]);
  },
});
