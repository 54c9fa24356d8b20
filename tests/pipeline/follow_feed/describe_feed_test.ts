import { assertEquals } from "@std/assert";
import {
  describeFollowed,
  describeFollowing,
  describeStepDone,
} from "../../../lib/pipeline/follow_feed/describe_feed.ts";
import { newFigures, noteError } from "../../../lib/pipeline/follow_feed/feed_figures.ts";

const STEP = {
  ...{ fetched: 600, published: 12, unchanged: 588, older: 0, unwanted: 0, deleted: 0 },
  ...{ sizeBytes: 120_000, cursor: 5 },
};

Deno.test("a poll that published something is one line, with what is odd about it", () => {
  assertEquals(
    describeStepDone({ kind: "full", ...STEP }),
    "All live trains: 600 trains fetched, 12 published (120 kB)",
  );
  assertEquals(
    describeStepDone({ kind: "reconcile", date: "2025-02-17", ...STEP, deleted: 2, older: 3, unwanted: 4 }),
    "All trains of 2025-02-17: 600 trains fetched, 12 published (120 kB), 2 of them deleted, 3 older than published, " +
      "4 of dates that are left out, or known",
  );
});

Deno.test("the live line counts down, and says nothing that is not known", () => {
  const figures = newFigures();
  assertEquals(describeFollowing(figures, { nowMs: 0, monotonicMs: 0 }), "starting; 0 published");
  figures.counts.published = 34_512;
  Object.assign(figures, {
    doing: "waiting 15 s to ask for changes",
    waitsUntilMs: 20_000,
    cursor: 7,
    newestFetchMs: 1_000,
  });
  assertEquals(
    describeFollowing(figures, { nowMs: 4_000, monotonicMs: 8_500 }),
    "waiting 12 s to ask for changes; 34,512 published; version 7; newest message 3 s ago",
  );
  assertEquals(
    describeFollowed(figures, { seconds: 3600.4 }),
    "Followed the feed for 3,600 s: 0 polls (0 of all live trains), 34,512 trains published (0 deleted), 0 requests, 0 failures",
  );
});

Deno.test("of errors the newest five are kept, each on one short line", () => {
  const figures = newFigures();
  for (let at = 0; at < 9; at++) {
    noteError(figures, new Error(`fault ${at}\n${"x".repeat(900)}`), { nowMs: at });
  }
  assertEquals(figures.errors.map(({ at }) => at), [4, 5, 6, 7, 8]);
  assertEquals(
    figures.errors.every(({ message }) => message.length === 500 && !message.includes("\n")),
    true,
  );
  assertEquals(figures.counts.failures, 9);
});

Deno.test("with MQTT it is said whether trains come by themselves, and how many came", () => {
  const figures = newFigures();
  figures.mqtt = { messages: 1_234, refused: 0, reconnects: 2, connected: 1 };
  assertEquals(
    describeFollowing(figures, { nowMs: 0, monotonicMs: 0 }),
    "starting; 0 published; MQTT connected",
  );
  figures.mqtt.connected = 0;
  assertEquals(describeFollowing(figures, { nowMs: 0, monotonicMs: 0 }), "starting; 0 published; no MQTT");
  const followed = describeFollowed(figures, { seconds: 1 });
  assertEquals(followed.slice(followed.indexOf("0 failures")), "0 failures, 1,234 messages over MQTT");
  assertEquals(
    describeStepDone({ kind: "messages", ...STEP, fetched: 1, published: 1, unchanged: 0 }),
    "MQTT: 1 train fetched, 1 published (120 kB)",
  );
});
