/**
 * Lets a simulated world live for days while one process follows its feed and another its topic, in bad weather, both
 * killed at random moments; then compares the tables with what the simulator says was true.
 */
import { LocalStore, openTable } from "../../lib/delta/mod.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { checkAccount } from "../../lib/quality/account.ts";
import { readNewestRun } from "../../lib/quality/results/run_history.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { worldInWeather } from "../../lib/simulator/weather/rebases.ts";
import type { Weather } from "../../lib/simulator/weather/weather.ts";
import { departureDay } from "../../lib/simulator/world/departure_day.ts";
import { worldTrains } from "../../lib/simulator/world/world_trains.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { analysisDifferences } from "./analysis_rebuilt.ts";
import { SOAK_TOPIC, type SoakPlaces } from "./soak_places.ts";
import { SoakProcess } from "./soak_process.ts";
import { serveTime } from "./soak_time.ts";
import { tableLines, trueLines } from "./true_rows.ts";

/** What a soak is to be. */
export interface SoakOptions {
  readonly seed: number;
  /** Whole departure dates that are compared in the end. */
  readonly days: number;
  /** Of each date. */
  readonly trains: number;
  /** Of each of the two processes. */
  readonly kills: number;
  readonly folder: string;
  /** Hears what happens. */
  readonly say?: (line: string) => void;
}

/** What came of it. */
export interface SoakResult {
  /** Rows that are in the tables and not true, or true and not in the tables; a few of them. */
  readonly differences: readonly string[];
  /** The same of the analysis tables beside those that are made of the standard table anew. */
  readonly analysisDifferences: readonly string[];
  /** Equations of the account that do not add up. */
  readonly unbalanced: readonly string[];
  readonly rows: number;
  readonly messages: number;
  readonly versions: number;
  /** Spells of weather by kind, as far as anybody met them. */
  readonly spells: Readonly<Record<string, number>>;
  readonly kills: Readonly<Record<"feed" | "topic", number>>;
  readonly seconds: number;
}

const FIRST_DATE = "2026-03-24";
const HOUR_MS = 3_600_000;
/** From so long before the end on it is calm, so that all can be caught up with. */
const CALM_HOURS = 12;
const SHOWN = 10;

/** The last Sunday of March, when clocks in Finland are put forward, is one of the days of a week. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { seed, days, trains, kills, folder, say = () => {} } = options;
  const startedMs = performance.now();
  const fromMs = departureDay(FIRST_DATE).momentMs(4 * 3600);
  // A date is compared with once more on the day after it.
  const untilMs = departureDay(FIRST_DATE, days + 1).momentMs(6 * 3600);
  const weather: Weather = {
    ...{ seed, fromMs, untilMs: untilMs - CALM_HOURS * HOUR_MS },
    // A short soak has all kinds of weather too.
    roundMs: Math.min(72, 24 * days) * HOUR_MS,
  };
  const spells: Record<string, number> = {};
  const due = { feed: killTimes("feed"), topic: killTimes("topic") };
  const killed = { feed: 0, topic: 0 };
  await using time = serveTime(fromMs, untilMs, async (nowMs) => {
    for (const [name, process] of [["feed", feed], ["topic", topic]] as const) {
      if (nowMs < (due[name][0] ?? Infinity)) continue;
      due[name].shift();
      killed[name]++;
      say(`${new Date(nowMs).toISOString()} killing ${name}`);
      await process.kill();
    }
    if (nowMs === untilMs) over.resolve();
  });
  await using simulator = serveSimulator({
    ...{ seed, trains, clock: time.now, world: {}, weather },
    onSpell: ({ kind }) => {
      spells[kind] = (spells[kind] ?? 0) + 1;
      say(`${new Date(time.now()).toISOString()} weather: ${kind}`);
    },
  });
  const over = Promise.withResolvers<void>();
  const places: SoakPlaces = { apiUrl: simulator.url, timeUrl: time.url, dataDir: folder, seed };
  const feed = new SoakProcess("feed_process", places), topic = new SoakProcess("topic_process", places);
  try {
    await Promise.race([over.promise, feed.died, topic.died]);
    await feed.end();
    await Promise.race([untilIngested(folder), topic.died]);
    await topic.end();
  } finally {
    await Promise.all([feed.end(), topic.end()]);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return { ...await compare(options, { atMs: untilMs, weather }), spells, kills: killed, seconds };

  function killTimes(name: string): number[] {
    const random = seededRandom(seed, name.length, 71);
    return Array.from({ length: kills }, () => fromMs + random() * (untilMs - fromMs)).sort((a, b) => a - b);
  }
}

/** All that the topic has is in the standard table. */
async function untilIngested(folder: string): Promise<void> {
  await using broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: Date.now,
    isReadOnly: true,
  });
  const ends = new Map((await broker.topicOffsets(SOAK_TOPIC)).map(({ partition, end }) => [partition, end]));
  const table = await openTable(new LocalStore(`${folder}/${TABLE_PATHS.standard}`));
  const isIn = () =>
    [...ends].every(([partition, end]) =>
      (table.snapshot.txns.get(`standard/${SOAK_TOPIC}/${partition}`)?.version ?? 0n) >= end
    );
  while (!isIn()) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await table.update();
  }
}

async function compare(
  { seed, days, trains, folder }: SoakOptions,
  { atMs, weather }: { readonly atMs: number; readonly weather: Weather },
): Promise<
  Pick<SoakResult, "differences" | "analysisDifferences" | "unbalanced" | "rows" | "messages" | "versions">
> {
  const dates = Array.from({ length: days }, (_, day) => departureDay(FIRST_DATE, day).date);
  const storeOf = (path: string) => new LocalStore(`${folder}/${path}`);
  const standard = await openTable(storeOf(TABLE_PATHS.standard));
  const differences: string[] = [];
  // What it told after each re-base, versions and all.
  const world = worldInWeather({ seed, trains }, weather);
  let rows = 0;
  for (const date of dates) {
    const truth = trueLines(worldTrains(world, { from: date, to: date, atMs }));
    const found: string[] = [];
    for (const add of standard.snapshot.files.values()) {
      if (add.partitionValues.departureDate !== date) continue;
      for (const line of tableLines(await standard.readRows(add))) found.push(line);
    }
    rows += found.length;
    differences.push(...differencesOf(truth, found));
  }
  const run = await readNewestRun(await openTable(storeOf(TABLE_PATHS.runs)));
  if (run === null) throw new Error("Cannot soak: found no measured run, expected the last one");
  return {
    differences: differences.slice(0, SHOWN),
    analysisDifferences: (await analysisDifferences(folder)).slice(0, SHOWN),
    unbalanced: checkAccount(run.account).filter(({ holds }) => !holds).map((each) => JSON.stringify(each)),
    ...{ rows, messages: run.account.landed, versions: standard.snapshot.version },
  };
}

function differencesOf(truth: readonly string[], found: readonly string[]): readonly string[] {
  const [known, there] = [new Set(truth), new Set(found)];
  return [
    ...truth.filter((line) => !there.has(line)).map((line) => `missing ${line}`),
    ...found.filter((line) => !known.has(line)).map((line) => `untrue ${line}`),
    ...(truth.length === found.length ? [] : [`${found.length} rows, expected ${truth.length}`]),
  ];
}
