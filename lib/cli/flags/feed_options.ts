/** The options of `deno task fetch --follow`. */
import { UsageError } from "../../errors.ts";
import { z } from "../../packages/zod.ts";
import { durationSchema } from "./duration_schema.ts";
import { type Option, type OptionTable, type OptionValues, switchOption } from "../options.ts";

/** Answers are cached for ten seconds. */
const EVERY_SECONDS = { least: 10, most: 600, usual: 15 };
const FULL_EVERY_SECONDS = { least: 60, most: 3600, usual: 300 };

/** The MQTT broker of Digitraffic. */
const DEFAULT_MQTT_URL = "wss://rata.digitraffic.fi/mqtt";

/** What a follower of the feed has beside a single fetch. */
export const FEED_OPTIONS = {
  follow: switchOption("go on until stopped: ask for changes again and again, and catch up after a break"),
  every: durationOption(
    "with --follow: how long to wait before asking for changes again, and up to a third more (default 15s)",
    { ...EVERY_SECONDS, expected: "a time from 10s to 10m, such as 20s" },
  ),
  fullEvery: durationOption(
    "with --follow: how often to ask for all live trains, as changes do not tell of all (default 5m)",
    { ...FULL_EVERY_SECONDS, expected: "a time from 1m to 1h, such as 5m" },
  ),
  mqtt: switchOption(
    "--follow, and beside it receive trains over MQTT within seconds of their change; then changes are asked " +
      "for once a minute, and as without it while MQTT is away",
  ),
  mqttUrl: {
    summary: "with --mqtt: address of the MQTT broker (default wss://rata.digitraffic.fi/mqtt)",
    value: "url",
    env: "MQTT_URL",
    address: true,
    expected: "a ws or wss address without user, query and fragment",
    schema: z.string().refine(isSocketUrl).optional(),
  },
  transactional: switchOption("with --follow and Kafka: what one answer brings is one transaction"),
} as const satisfies OptionTable;

/** How often a follower asks. */
export interface FeedRhythm {
  readonly everyMs: number;
  readonly fullEveryMs: number;
  /** Address of the MQTT broker that trains are received from; null for none. */
  readonly mqttUrl: string | null;
}

/**
 * The rhythm that the flags ask for; null when the feed is not to be followed.
 *
 * @throws {UsageError} When flags do not go together.
 */
export function feedRhythm(
  flags: OptionValues<typeof FEED_OPTIONS> & Readonly<Record<"anew" | "full" | "metadata", boolean>>,
  { hasKafka }: { readonly hasKafka: boolean },
): FeedRhythm | null {
  const { mqtt, mqttUrl = DEFAULT_MQTT_URL, every, fullEvery, transactional, anew, full, metadata } = flags;
  const follow = flags.follow || mqtt;
  const only = [
    ["--every", every],
    ["--full-every", fullEvery],
    ["--transactional", transactional || undefined],
  ] as const;
  const not = [["--full", full], ["--metadata", metadata], ["--anew", anew]] as const;
  const faults = follow
    ? not.filter(([, isOn]) => isOn).map(([flag]) =>
      `Cannot use "${flag}": found ${flags.follow ? "--follow" : "--mqtt"} too, expected one of them`
    )
    : only.filter(([, given]) => given !== undefined)
      .map(([flag]) => `Cannot use "${flag}": found no --follow, which it belongs to`);
  if (anew && metadata) faults.push('Cannot use "--anew": found --metadata too, expected one of them');
  if (follow && transactional && !hasKafka) {
    faults.push(
      'Cannot use "--transactional": found no KAFKA_BROKER; the embedded broker publishes at once anyway',
    );
  }
  if (faults.length > 0) throw new UsageError(faults);
  if (!follow) return null;
  return {
    everyMs: every ?? 1000 * EVERY_SECONDS.usual,
    fullEveryMs: fullEvery ?? 1000 * FULL_EVERY_SECONDS.usual,
    mqttUrl: mqtt ? mqttUrl : null,
  };
}

function isSocketUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^wss?:$/.test(url.protocol) && !text.includes("@") && url.search + url.hash === "";
}

/** Written with a unit; comes out in milliseconds, undefined where it is not given. */
function durationOption(
  summary: string,
  { least, most, expected }: { readonly least: number; readonly most: number; readonly expected: string },
): Option<number | undefined> {
  return { summary, value: "time", expected, schema: durationSchema(1000 * least, 1000 * most).optional() };
}
