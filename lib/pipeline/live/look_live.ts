/** The pipeline of the live page: looks at the tables and the followers, and puts together what is shown. */
import { liveFigures } from "../../answers/live/live_figures.ts";
import type { LiveTrain } from "../../answers/live/live_trains.ts";
import { netOf } from "../../answers/live/live_net.ts";
import type { Heartbeat } from "../../follow/heartbeat.ts";
import type { Net } from "../../live/live_map.ts";
import type { LiveView } from "../../live/live_view.ts";
import { faultText } from "../../printable.ts";
import type { AnswerSource } from "../answers/read_analysis.ts";
import { type KnownStations, readPlaces } from "../pictures/read_places.ts";
import type { PolicySource } from "../report/read_limits.ts";
import { drawLiveLine } from "./draw_line.ts";
import { FollowedQuality } from "./live_quality.ts";
import { FollowedStandard, type LiveStandard } from "./live_tables.ts";

/** Where the page looks. */
export interface LookOptions {
  readonly source: AnswerSource;
  readonly policyFile?: PolicySource | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  readonly heartbeats: () => Promise<readonly Heartbeat[]>;
}

/** So long what was seen is new enough for everybody who asks. */
const FRESH_MS = 250;
/** Stations and legs of the net, and names of stations, hardly ever change. */
const NET_MS = 60_000;
const NO_STATIONS: KnownStations = { places: new Map(), nameOf: (station) => station };
const EMPTY = { trains: [], version: null, newestMessageMs: null, dates: [], routed: () => [] };

/** Looks at one data folder for all who ask at once. */
export class LiveLook {
  readonly #options: LookOptions;
  readonly #standard: FollowedStandard;
  readonly #quality: FollowedQuality;
  #under: Promise<LiveView> | null = null;
  #last: LiveView | null = null;
  #seen: typeof EMPTY | LiveStandard = EMPTY;
  #stations = NO_STATIONS;
  #net: Net = { stations: [], legs: [] };
  #netMs = -Infinity;

  constructor(options: LookOptions) {
    this.#options = options;
    this.#standard = new FollowedStandard(options.source);
    this.#quality = new FollowedQuality(options.source, options.policyFile);
  }

  /** Never rejects: what cannot be read is said in the view, beside what was seen last. */
  async look(): Promise<LiveView> {
    const age = this.#options.clock() - (this.#last?.nowMs ?? -Infinity);
    if (this.#last !== null && age >= 0 && age < FRESH_MS) return this.#last;
    this.#under ??= this.#lookAnew().finally(() => this.#under = null);
    return await this.#under;
  }

  /** What cannot be read stays as it was seen last; the rest goes on. */
  async #lookAnew(): Promise<LiveView> {
    const nowMs = this.#options.clock(), last = this.#last, faults: unknown[] = [];
    const orLast = async <Part>(read: Promise<Part>, seenLast: () => Part): Promise<Part> => {
      try {
        return await read;
      } catch (error) {
        faults.push(error);
        return seenLast();
      }
    };
    const [standard, quality, rejections, followers] = await Promise.all([
      orLast(this.#standard.look(nowMs), () => this.#seen),
      orLast(this.#quality.quality(), () => last?.quality ?? null),
      orLast(this.#quality.rejections(), () => ({
        ...{ rejected: last?.rejected ?? 0, rejections: last?.rejections ?? [] },
      })),
      orLast(this.#options.heartbeats(), () => []),
    ]);
    this.#seen = standard ?? EMPTY;
    await orLast(this.#renewNet(this.#seen, nowMs), () => {});
    const fault = faults.length === 0 ? null : faultText(faults[0]);
    return this.#last = { ...this.#viewOf(this.#seen, nowMs), quality, ...rejections, followers, fault };
  }

  #viewOf(standard: typeof EMPTY | LiveStandard, nowMs: number): LiveView {
    const { trains, newestMessageMs, version: standardVersion } = standard;
    const stations = this.#stations;
    return {
      ...{ nowMs, newestMessageMs, standardVersion, fault: null, quality: null },
      ...{ rejections: [], rejected: 0, followers: [], nameOf: stations.nameOf, net: this.#net },
      trains: trains.map(entryOf),
      figures: liveFigures(trains),
      drawLine: (line) => drawLiveLine(line, standard, { nowMs, stations }),
    };
  }

  async #renewNet({ dates, routed }: typeof EMPTY | LiveStandard, nowMs: number): Promise<void> {
    const isDue = nowMs - this.#netMs >= NET_MS || nowMs < this.#netMs ||
      (this.#net.stations.length === 0 && dates.length > 0);
    if (!isDue) return;
    this.#stations = await readPlaces(this.#options.source);
    this.#netMs = nowMs;
    const { places, nameOf } = this.#stations, run = netOf(dates.flatMap(routed));
    const stations = run.stations.map(({ code, trains }) => ({
      ...{ code, trains, name: nameOf(code) },
      ...{ longitude: places.get(code)?.longitude ?? null, latitude: places.get(code)?.latitude ?? null },
    }));
    // The same object as long as nothing has changed: then no page is sent a map.
    if (shape({ stations, legs: run.legs }) !== shape(this.#net)) this.#net = { stations, legs: run.legs };
  }
}

/** Which trains come through a station decides only which names have room. */
function shape({ stations, legs }: Net): string {
  return JSON.stringify([
    stations.map(({ code, name, longitude, latitude }) => [code, name, longitude, latitude]),
    legs,
  ]);
}

function entryOf({ id, name, from, to, leftMs, dueMs, delaySeconds, isOnTime }: LiveTrain) {
  return { id, name, from, to, leftMs, dueMs, delaySeconds, isOnTime };
}
