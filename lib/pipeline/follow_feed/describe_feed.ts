/** What a follower of the feed did and does, for people. */
import { counted, grouped } from "../../printable.ts";
import { formatSize } from "../../report/text_table.ts";
import type { FeedFigures, StepDone } from "./feed_figures.ts";

const NAMES: Readonly<Record<StepDone["kind"], string>> = {
  full: "All live trains",
  live: "Changes",
  catchUp: "Catching up",
  reconcile: "All trains",
  messages: "MQTT",
};

/** What became of one answer. */
export function describeStepDone(done: StepDone): string {
  const { kind, date, fetched, published, deleted, sizeBytes, older, unwanted } = done;
  const parts = [
    `${published} published (${formatSize(sizeBytes)})`,
    ...(deleted === 0 ? [] : [`${deleted} of them deleted`]),
    ...(older === 0 ? [] : [`${older} older than published`]),
    ...(unwanted === 0 ? [] : [`${unwanted} of dates that are left out, or known`]),
  ];
  return `${NAMES[kind]}${date === undefined ? "" : ` of ${date}`}: ${counted(fetched, "train")} fetched, ${
    parts.join(", ")
  }`;
}

/** The present moments of both clocks. */
interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** How it stands: one line that is written over. */
export function describeFollowing(figures: FeedFigures, { nowMs, monotonicMs }: Moment): string {
  const { doing, waitsUntilMs, counts, cursor, newestFetchMs, mqtt } = figures;
  const left = waitsUntilMs === null ? null : Math.max(0, Math.ceil((waitsUntilMs - monotonicMs) / 1000));
  const age = newestFetchMs === null ? null : Math.max(0, Math.round((nowMs - newestFetchMs) / 1000));
  return [
    left === null ? doing : doing.replace(/^waiting \S+ \S+/, `waiting ${left} s`),
    `${grouped(counts.published)} published`,
    ...(cursor === null ? [] : [`version ${cursor}`]),
    ...(mqtt === null ? [] : [mqtt.connected === 1 ? "MQTT connected" : "no MQTT"]),
    ...(age === null ? [] : [`newest message ${age} s ago`]),
  ].join("; ");
}

/** What it did in all. */
export function describeFollowed(
  { counts, mqtt }: FeedFigures,
  { seconds }: { readonly seconds: number },
): string {
  const { polls, fullPolls, published, deleted, failures, requests } = counts;
  return `Followed the feed for ${grouped(Math.round(seconds))} s: ${
    counted(polls, "poll")
  } (${fullPolls} of all live ` +
    `trains), ${counted(published, "train")} published (${deleted} deleted), ${
      counted(requests, "request")
    }, ` +
    `${counted(failures, "failure")}${
      mqtt === null ? "" : `, ${counted(mqtt.messages, "message")} over MQTT`
    }`;
}
