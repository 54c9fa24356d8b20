/** Days of trains, an API that serves them in this process, and a back-fill of them on a broker in a folder of the test. */
import type { Broker } from "../../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import type { DigitrafficApi } from "../../../lib/digitraffic/digitraffic_api.ts";
import { type BackfillOptions, runBackfill } from "../../../lib/pipeline/backfill/run_backfill.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { makeZip } from "../../digitraffic/archives/make_zip.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";
import { readAll } from "../../digitraffic/test_broker.ts";

/** When every run is. */
export const NOW_MS = Date.parse("2025-03-20T12:00:00Z");
/** Topic of all these tests. */
export const TOPIC = "trains";
const BASE = "http://api.test/api/v1";
const FOLDER = Deno.makeTempDirSync();
/** What a back-fill needs. */
export const RIGHTS = { read: [FOLDER], write: [FOLDER] };
const utf8 = new TextEncoder();

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** The texts of the trains of each date. */
export type Days = ReadonlyMap<string, readonly string[]>;

/** So many days of made-up trains, each of its own date, from a date on. */
export function makeDays(from: string, days: number, trains = 8): Days {
  return new Map(Array.from({ length: days }, (_, at): [string, readonly string[]] => {
    const date = new Date(Date.parse(from) + at * 86_400_000).toISOString().slice(0, 10);
    const ofDay = [...simulateTrains({ seed: 5, trains, atMs: Date.parse(`${date}T23:59:00Z`) })];
    return [date, ofDay.map((train) => JSON.stringify({ ...train, departureDate: date }))];
  }));
}

/** Answers a request from these days: of a date, or the archive of a month. */
export function answerFrom(days: Days): (request: Request) => Response {
  return ({ url }) => {
    const [, date] = /\/trains\/(\d{4}-\d{2}-\d{2})$/.exec(new URL(url).pathname) ?? [];
    if (date !== undefined) return new Response(bodyOf(days.get(date) ?? []));
    const [, month] = /\/trains\/dumps\/digitraffic-rata-trains-(\d{4}-\d{2})-01\.zip$/.exec(url) ?? [];
    const members = [...days].filter(([each]) => month !== undefined && each.startsWith(month))
      .map(([each, texts]) => ({
        name: `${each}_trains.json`,
        content: utf8.encode(bodyOf(texts)),
        sizes: "after" as const,
      }));
    return members.length === 0 ? new Response("none", { status: 404 }) : new Response(makeZip(members));
  };
}

/** A world of one folder. */
export interface World extends AsyncDisposable {
  readonly broker: Broker;
  readonly statePath: string;
  readonly folder: string;
  /** Addresses that were asked for, in order, without the base and what every day is asked with. */
  readonly asked: string[];
  /** Milliseconds of each wait. */
  readonly waits: readonly number[];
  /** What is asked next, and how it is answered. */
  answer: (request: Request) => Response | Promise<Response>;
  backfill(overrides?: Partial<BackfillOptions>): ReturnType<typeof runBackfill>;
  /** All messages, as text. */
  published(): Promise<readonly string[]>;
}

/** A world whose API serves these days. */
export async function createWorld(days: Days, options: Partial<DigitrafficApi> = {}): Promise<World> {
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  const broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: () => NOW_MS,
    isSynced: false,
  });
  const statePath = `${folder}/backfill_state.json`;
  const asked: string[] = [];
  const fetch = async (request: Request) => {
    asked.push(request.url.slice(BASE.length).replace("?include_deleted=true", ""));
    return await world.answer(request);
  };
  const { api, waits } = createTestApi({ url: BASE, fetch, clock: () => NOW_MS, ...options });
  const dates = [...days.keys()].sort();
  const world: World = {
    broker,
    statePath,
    folder,
    asked,
    waits,
    answer: answerFrom(days),
    backfill: (overrides = {}) =>
      runBackfill({
        api,
        broker,
        topic: TOPIC,
        partitions: 3,
        statePath,
        sourceEpoch: () => Promise.resolve(0),
        from: dates[0] ?? "",
        to: dates.at(-1) ?? "",
        archives: false,
        again: false,
        jobs: 2,
        requestsPerMinute: 1_000,
        signal: new AbortController().signal,
        monotonic: () => 0,
        ...overrides,
      }),
    async published() {
      return (await readAll(broker, TOPIC)).map(({ value }) => new TextDecoder().decode(value ?? undefined));
    },
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
  return world;
}

/** The body of an answer of these trains. */
export function bodyOf(texts: readonly string[]): string {
  return `[${texts.join(",")}]`;
}

/** All trains of the days, as text. */
export function textsOf(days: Days): readonly string[] {
  return [...days.values()].flat();
}
