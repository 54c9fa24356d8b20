import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { readPublishState } from "../../lib/digitraffic/publish_state.ts";
import { FetchError } from "../../lib/digitraffic/fetch_error.ts";
import { BrokerError } from "../../lib/errors.ts";
import { configure, reset } from "@logtape/logtape";
import { createTestApi } from "../digitraffic/test_api.ts";
import { withPublish } from "../digitraffic/test_broker.ts";
import { AT_MS, createWorld, RIGHTS, serveText } from "./fetch_rig.ts";

Deno.test({
  name: "each train becomes one message with its name, its bytes and its origin",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const summary = await world.fetch();
    const answer = await fetch(`${world.server.url}/live-trains`, { headers: { "Accept-Encoding": "gzip" } });
    const body = await answer.text();
    const trains: readonly { departureDate: string; trainNumber: number }[] = JSON.parse(body);
    const expected = new Map(
      trains.map((train) => [`${train.departureDate}/${train.trainNumber}`, JSON.stringify(train)]),
    );
    const records = await world.records();
    const found = new Map(
      records.map(({ key, value }) => [key, new TextDecoder().decode(value ?? undefined)]),
    );
    assertEquals(found, expected);
    for (const { headers } of records) {
      assertEquals(headers, {
        source: `${world.server.url}/live-trains`,
        fetchedAt: "2025-02-17T04:21:00.000Z",
        schema: "digitraffic.live-trains.v1",
      });
    }
    const { durationSeconds: _, ...counts } = summary;
    const sizeBytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    assertEquals(counts, { fetched: 60, published: 60, unchanged: 0, older: 0, unpublished: 0, sizeBytes });
  },
});

Deno.test({
  name: "a second round publishes only trains that are new or whose version rose",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(300);
    await world.fetch();
    const again = await world.fetch();
    assertEquals([again.published, again.unchanged, again.sizeBytes], [0, 300, 0]);
    world.server.advance(60_000);
    const later = await world.fetch();
    assertGreater(later.published, 0);
    assertGreater(later.unchanged, later.published);
    assertEquals(later.published + later.unchanged, 300);
    assertEquals((await world.fetch({ full: true })).published, 300);
    assertEquals((await world.records()).length, 600 + later.published);
  },
});

Deno.test({
  name: "what the broker did not acknowledge is published again, what it did is not",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    let calls = 0;
    const failing = withPublish(world.broker, (topic, messages) => {
      if (++calls > 1) {
        return Promise.reject(new BrokerError("Cannot publish: simulated", { retriable: true }));
      }
      return world.broker.publish(topic, messages);
    });
    await assertRejects(
      () => world.fetch({ broker: failing, chunkBytes: 100_000 }),
      BrokerError,
      "simulated",
    );
    const before = (await world.records()).length;
    assert(before > 0 && before < 60);
    const rest = await world.fetch();
    assertEquals([rest.published, rest.unchanged], [60 - before, before]);
    assertEquals(new Set((await world.records()).map(({ key }) => key)).size, 60);
  },
});

Deno.test({
  name: "a crash between the broker's acknowledgement and the note publishes again",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    await world.fetch();
    await Deno.remove(world.statePath);
    assertEquals((await world.fetch()).published, 60);
    assertEquals((await world.fetch()).published, 0);
  },
});

Deno.test({
  name: "a damaged note is no obstacle: all trains are published again and the note is whole",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    await world.fetch();
    const whole = await Deno.readTextFile(world.statePath);
    for (
      const damaged of ["", "{", whole.slice(0, 200), "[]", whole.replace("state/1", "state/9"), '{"logs":7}']
    ) {
      await Deno.writeTextFile(world.statePath, damaged);
      assertEquals((await world.fetch()).published, 60, damaged.slice(0, 20));
      assertEquals((await world.fetch()).published, 0);
    }
    assertEquals([...Deno.readDirSync(world.folder)].filter(({ name }) => name.startsWith(".publish")), []);
  },
});

Deno.test({
  name: "a signal ends the round after the chunk under way, and what was sent stays noted",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const stop = new AbortController();
    const stopping = withPublish(world.broker, (topic, messages) => {
      stop.abort();
      return world.broker.publish(topic, messages);
    });
    const summary = await world.fetch({ broker: stopping, chunkBytes: 50_000, signal: stop.signal });
    assert(summary.published > 0 && summary.unpublished > 0);
    assertEquals(summary.published + summary.unpublished, 60);
    assertEquals((await world.records()).length, summary.published);
    assertEquals((await world.fetch()).published, summary.unpublished);
  },
});

Deno.test({
  name: "what is no train is published all the same, without a key, every time",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const odd = [
      "7",
      "null",
      '{"trainNumber":"x"}',
      '{"trainNumber":1,"departureDate":"2025-02-17"',
      '"train"',
    ];
    await using server = serveText(() => `[${[...odd.slice(0, 3), odd[4]].join(",")}]`);
    const { api } = createTestApi({ url: server.url });
    assertEquals((await world.fetch({ api })).published, 4);
    assertEquals((await world.fetch({ api })).published, 4);
    assertEquals((await world.records()).map(({ key }) => key), Array.from({ length: 8 }, () => null));
  },
});

Deno.test({
  name: "a version that fell is not published, one that cannot be compared is",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    let version = "5";
    await using server = serveText(() =>
      `[{"trainNumber":1,"departureDate":"2025-02-17","version":${version}}]`
    );
    const { api } = createTestApi({ url: server.url });
    const published: number[] = [];
    for (version of ["5", "4", "5", "6", '"7"', "99999999999999999999", "6"]) {
      published.push((await world.fetch({ api })).published);
    }
    assertEquals(published, [1, 0, 0, 1, 1, 1, 0]);
  },
});

Deno.test({
  name: "dates far from now are forgotten once the API no longer names them",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const train = (date: string, version: number) =>
      `{"trainNumber":1,"departureDate":"${date}","version":${version}}`;
    let body = `[${train("2020-01-01", 1)},${train("2025-02-15", 1)},${train("9999-12-31", 1)}]`;
    await using server = serveText(() => body);
    const { api } = createTestApi({ url: server.url });
    const dates = async () => [...(await readPublishState(world.statePath))[0]?.versions.keys() ?? []].sort();
    await world.fetch({ api });
    assertEquals(await dates(), ["2020-01-01", "2025-02-15", "9999-12-31"]);
    assertEquals((await world.fetch({ api })).published, 0);
    body = `[${train("2025-02-17", 2)}]`;
    await world.fetch({ api });
    assertEquals(await dates(), ["2025-02-15", "2025-02-17"]);
  },
});

Deno.test({
  name: "an API in trouble publishes nothing and leaves the note alone",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    world.server.failNext("error-object");
    await assertRejects(() => world.fetch(), FetchError, "TRAIN_LIMIT_EXCEEDED");
    assertEquals(await world.records(), []);
    assertEquals(await readPublishState(world.statePath), []);
  },
});

Deno.test({
  name:
    "a source that was set up anew is left out with a warning that says how it is taken, and taken in that way",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    let version = 900;
    const answer = () =>
      JSON.stringify(
        Array.from({ length: 30 }, (_, i) => ({ trainNumber: i, departureDate: "2025-02-17", version })),
      );
    await using server = serveText(answer);
    const { api } = createTestApi({ url: server.url });
    await world.fetch({ api });
    version = 5;
    const lines: string[] = [];
    await configure({
      sinks: { list: ({ message }) => lines.push(message.join("")) },
      loggers: [
        { category: "ratalake", sinks: ["list"], lowestLevel: "warning" },
        { category: ["logtape", "meta"], sinks: [] },
      ],
      reset: true,
    });
    try {
      assertEquals((await world.fetch({ api })).older, 30);
      assert(lines.some((line) => line.includes("`deno task fetch --anew`")), lines.join());
    } finally {
      await reset();
    }
    const epochs = async () => (await world.records()).map(({ headers }) => headers.sourceEpoch ?? "none");
    const count = async (epoch: string) => (await epochs()).filter((each) => each === epoch).length;
    assertEquals([await count("none"), (await world.records()).length], [30, 30]);
    assertEquals((await world.fetch({ api, anew: true })).published, 30);
    assertEquals([await count("none"), await count("1")], [30, 30]);
    // From then on it is known, also where the record is lost.
    assertEquals((await world.fetch({ api })).published, 0);
    await Deno.remove(world.statePath);
    await world.fetch({ api });
    assertEquals([await count("none"), await count("1")], [30, 60]);
    assertEquals((await readPublishState(world.statePath))[0]?.sourceEpoch, 1);
  },
});

Deno.test({
  name: "a fetch that dies while it takes a source anew has recorded that before it publishes",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(10);
    await world.fetch();
    const dying = withPublish(world.broker, () => Promise.reject(new Error("dead")));
    await assertRejects(() => world.fetch({ broker: dying, anew: true }), Error, "dead");
    const [log] = await readPublishState(world.statePath);
    assertEquals([log?.sourceEpoch, log?.versions.size], [1, 0]);
    assertEquals((await world.fetch()).published, 10);
    assert((await world.records()).slice(-1).every(({ headers }) => headers.sourceEpoch === "1"));
  },
});

Deno.test({
  name: "a folder that is a file, and one that cannot be written, are named",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const file = `${world.folder}/file`;
    await Deno.writeTextFile(file, "");
    const error = await assertRejects(() => world.fetch({ statePath: `${file}/state.json` }), Error);
    assertStringIncludes(error.message, `Cannot read "${file}/state.json"`);
    const blocked = `${world.folder}/blocked.json`;
    await Deno.mkdir(`${blocked}/inside`, { recursive: true });
    await assertRejects(() => world.fetch({ statePath: blocked }), Error, `Cannot read "${blocked}"`);
  },
});

Deno.test({
  name: "large answers go to the broker in chunks, in the order of the answer",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const chunks: (readonly Message[])[] = [];
    const noting = withPublish(world.broker, (topic, messages) => {
      chunks.push(messages);
      return world.broker.publish(topic, messages);
    });
    await world.fetch({ broker: noting, chunkBytes: 100_000 });
    assertGreater(chunks.length, 3);
    const keys = chunks.flat().map(({ key }) => key);
    assertEquals(keys.length, 60);
    const answer = await fetch(`${world.server.url}/live-trains`, { headers: { "Accept-Encoding": "gzip" } });
    const trains: readonly { departureDate: string; trainNumber: number }[] = await answer.json();
    assertEquals(keys, trains.map(({ departureDate, trainNumber }) => `${departureDate}/${trainNumber}`));
  },
});

Deno.test({
  name: "the seconds of a fetch are those between its beginning and its end",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(2);
    let looks = 0;
    const clock = () => AT_MS + 1000 * looks++;
    const { durationSeconds } = await world.fetch({
      api: createTestApi({ url: world.server.url, clock }).api,
    });
    assertEquals([durationSeconds > 0, durationSeconds < looks], [true, true]);
  },
});
