/** Keeps count of what does not work, and says it once when it begins and once when it is over. */
import { getLogger } from "../../packages/logtape.ts";
import { printable } from "../../printable.ts";
import type { FeedStep } from "./plan_step.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** What may fail. */
export type TroublePlace = FeedStep["kind"] | "broker" | "state";

const BEGINS: Readonly<Record<"api" | "broker" | "state", string>> = {
  api: "The API does not answer as it should: {reason}. Asking again, ever more rarely, until it does",
  broker: "The broker does not take messages: {reason}. Trying again until it does; " +
    "what it has not got is asked for again",
  state:
    "What is published cannot be recorded: {reason}. Going on; whoever starts after this one publishes it again",
};
const ENDS: typeof BEGINS = {
  api: "The API answers again, after {duration}",
  broker: "The broker takes messages again, after {duration}",
  state: "What is published is recorded again, after {duration}",
};

/** The troubles of one follower. */
export class FeedTroubles {
  readonly #monotonic: () => number;
  /** By place: when it began, and how often it failed since. */
  readonly #open = new Map<TroublePlace, { readonly sinceMs: number; readonly failures: number }>();
  /** False while all of the API fails: then one line says it. */
  #hasAnswered = true;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Notes a failure, and gives how many there were in a row. */
  failed(place: TroublePlace, error: unknown): number {
    const before = this.#open.get(place);
    const failures = (before?.failures ?? 0) + 1;
    const part = partOf(place);
    if (before === undefined && (part !== "api" || this.#hasAnswered)) {
      logger.warn(BEGINS[part], { reason: reasonOf(error) });
    }
    if (part === "api") this.#hasAnswered = false;
    this.#open.set(place, { sinceMs: before?.sinceMs ?? this.#monotonic(), failures });
    return failures;
  }

  /** Notes that it works. */
  passed(place: TroublePlace): void {
    const part = partOf(place);
    if (part === "api") this.#hasAnswered = true;
    const before = this.#open.get(place);
    if (before === undefined) return;
    this.#open.delete(place);
    const isOver = ![...this.#open.keys()].some((other) => partOf(other) === part);
    if (isOver) logger.info(ENDS[part], { duration: durationText(this.#monotonic() - before.sinceMs) });
  }
}

/** The message of an error on one line. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error)).slice(0, 500);
}

/** A span of time for people. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function partOf(place: TroublePlace): keyof typeof BEGINS {
  return place === "broker" || place === "state" ? place : "api";
}
