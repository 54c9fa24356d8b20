import { assertEquals, assertThrows } from "@std/assert";
import { FEED_OPTIONS, feedRhythm } from "../../lib/cli/flags/feed_options.ts";
import { readConfig } from "../../lib/cli/config.ts";
import { FETCH_OPTIONS, METADATA_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { UsageError } from "../../lib/errors.ts";

function rhythmOf(...args: readonly string[]) {
  const options = { ...FETCH_OPTIONS, ...FEED_OPTIONS, ...METADATA_OPTIONS };
  return feedRhythm(readConfig({ args, env: {} }, { options }).flags, { hasKafka: false });
}

Deno.test("the feed is followed when that is asked for, as often as is asked for", () => {
  assertEquals(rhythmOf(), null);
  assertEquals(rhythmOf("--follow"), { everyMs: 15_000, fullEveryMs: 300_000, mqttUrl: null });
  assertEquals(rhythmOf("--follow", "--every", "10s", "--full-every=1h"), {
    everyMs: 10_000,
    fullEveryMs: 3_600_000,
    mqttUrl: null,
  });
});

Deno.test("--mqtt is --follow with the broker of Digitraffic, or with another one", () => {
  const usual = { everyMs: 15_000, fullEveryMs: 300_000, mqttUrl: "wss://rata.digitraffic.fi/mqtt" };
  assertEquals(rhythmOf("--mqtt"), usual);
  assertEquals(rhythmOf("--follow", "--mqtt"), usual);
  assertEquals(rhythmOf("--mqtt", "--mqtt-url=ws://127.0.0.1:1/x")?.mqttUrl, "ws://127.0.0.1:1/x");
  assertEquals(rhythmOf("--mqtt-url=ws://127.0.0.1:1/x"), null);
  for (
    const url of ["http://a/mqtt", "ws://me@a/mqtt", "ws://a/mqtt?x=1", "ws://a/#x", "mqtt://a:1883", "a"]
  ) {
    assertThrows(() => rhythmOf("--mqtt", `--mqtt-url=${url}`), UsageError, "expected a ws or wss address");
  }
  assertThrows(() => rhythmOf("--mqtt", "--full"), UsageError, "found --mqtt too");
});

Deno.test("what answers are cached for is the least wait, and flags that do not go together are refused", () => {
  for (const text of ["9s", "0m", "11m", "15", "1.5m", "-1s", "1d", "s"]) {
    assertThrows(
      () => rhythmOf("--follow", `--every=${text}`),
      UsageError,
      "expected a time from 10s to 10m",
    );
  }
  assertThrows(() => rhythmOf("--every", "20s"), UsageError, 'Cannot use "--every": found no --follow');
  assertThrows(() => rhythmOf("--follow", "--transactional"), UsageError, "found no KAFKA_BROKER");
  assertThrows(() => rhythmOf("--transactional"), UsageError, "found no --follow");
  // Each start of a follower would take the source anew.
  assertThrows(() => rhythmOf("--follow", "--anew"), UsageError, 'Cannot use "--anew": found --follow too');
  assertThrows(
    () => rhythmOf("--metadata", "--anew"),
    UsageError,
    'Cannot use "--anew": found --metadata too',
  );
  assertEquals(rhythmOf("--anew", "--full"), null);
  const error = assertThrows(() => rhythmOf("--follow", "--full", "--metadata"), UsageError);
  assertEquals(error.faults.length, 2);
});
