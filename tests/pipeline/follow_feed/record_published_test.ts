/** Several processes publish at once: none loses what another has recorded. */
import { assert, assertEquals } from "@std/assert";
import {
  type PublishedLog,
  readPublishState,
  updatePublishState,
} from "../../../lib/digitraffic/publish_state.ts";
import { recordPublished, startEpoch } from "../../../lib/pipeline/follow_feed/record_published.ts";
import { withPublish } from "../../digitraffic/test_broker.ts";
import { createWorld, RIGHTS, TOPIC } from "../fetch_rig.ts";

Deno.test({
  name: "what another fetch records while this one publishes stays recorded, of this topic and of others",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(40);
    let isFirst = true;
    const slow = withPublish(world.broker, async (topic, messages) => {
      const receipt = await world.broker.publish(topic, messages);
      if (!isFirst) return receipt;
      isFirst = false;
      world.server.advance(3_600_000);
      await world.fetch();
      await world.fetch({ topic: "other" });
      return receipt;
    });
    assertEquals((await world.fetch({ broker: slow })).published, 40);
    assertEquals((await world.fetch()).published, 0);
    assertEquals((await world.fetch({ topic: "other" })).published, 0);
    const [log] = (await readPublishState(world.statePath)).filter(({ topic }) => topic === TOPIC);
    const ends = (await world.broker.topicOffsets(TOPIC)).reduce((sum, { end }) => sum + end, 0n);
    assertEquals((log?.records ?? 0n) <= ends, true);
  },
});

Deno.test({
  name: "a one-shot fetch keeps the place of a follower of the feed",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(4);
    await world.fetch();
    const feeds = [{
      source: world.server.url,
      cursor: 291_000_000_000,
      polledMs: 1_739_766_060_000,
      fullMs: null,
      catchUp: { from: 290_000_000_000, sinceMs: 1_739_766_000_000 },
      due: ["2025-02-16"],
      reconciled: new Map([["2025-02-17", 1_739_766_000_000]]),
    }];
    await updatePublishState(world.statePath, (logs) => logs.map((log) => ({ ...log, feeds })));
    await world.fetch();
    assertEquals((await readPublishState(world.statePath))[0]?.feeds, feeds);
  },
});

Deno.test({
  name: "of two records of one log that of the newer epoch stays, whichever comes last",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld(6);
    await world.fetch();
    const nowMs = Date.parse("2025-02-17T04:21:00Z"), answered = new Set<string>();
    const [old] = await readPublishState(world.statePath);
    assert(old !== undefined);
    const numbers = ({ versions }: PublishedLog) =>
      [...versions.values()].flatMap((each) => [...each.values()]);
    const feed = { source: "http://one.test", cursor: 7, polledMs: null, fullMs: null, catchUp: null };
    const place = { ...feed, due: [], reconciled: new Map() };
    const renewed = {
      ...startEpoch({ ...old, feeds: [place] }),
      versions: new Map([["2025-02-17", new Map([[1, 5]])]]),
    };
    const record = (log: PublishedLog) =>
      recordPublished(world.statePath, { log, isOther: false, answered, nowMs });
    const late = await record(renewed);
    assertEquals([late.sourceEpoch, late.feeds, numbers(late)], [1, undefined, [5]]);
    // Who has not heard of it records what it knew, and hears of it.
    const heard = await record({ ...old, feeds: [place] });
    assertEquals([heard.sourceEpoch, heard.feeds, numbers(heard)], [1, undefined, [5]]);
    const [recorded] = await readPublishState(world.statePath);
    assert(recorded !== undefined);
    assertEquals([recorded.sourceEpoch, numbers(recorded)], [1, [5]]);
    // Nor does the epoch fall when the log turns out to be another one: what went into it before counts as unpublished.
    const other = await recordPublished(world.statePath, { log: old, isOther: true, answered, nowMs });
    assertEquals([other.sourceEpoch, other.versions.size, other.records], [1, 0, old.records]);
  },
});
