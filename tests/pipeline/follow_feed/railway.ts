/** A railway as the API knows it: trains that change, come into the window, leave it, and are deleted. */
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const HOUR_MS = 3_600_000;

/** One train. */
export interface RailwayTrain {
  readonly date: string;
  readonly number: number;
  version: number;
  deleted: boolean;
  /** Counts its changes, so that each version has other bytes. */
  changes: number;
  /** When it is among the live trains; milliseconds since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the API answers with. */
export class Railway {
  readonly trains = new Map<string, RailwayTrain>();
  version = 291_000_000_000;
  /** Rows of a page of changes, the last version of a full page left out. */
  pageRows = 40;
  readonly #random;

  /** Trains of each of these dates; those of a date are in the window for some hours of it. */
  constructor(
    seed: number,
    { dates, perDate }: { readonly dates: readonly string[]; readonly perDate: number },
  ) {
    this.#random = seededRandom(seed);
    for (const date of dates) {
      for (let number = 1; number <= perDate; number++) {
        const fromMs = Date.parse(`${date}T00:00:00Z`) + Math.floor(this.#random() * 20) * HOUR_MS;
        const toMs = fromMs + (2 + Math.floor(this.#random() * 8)) * HOUR_MS;
        this.trains.set(`${date}/${number}`, {
          ...{ date, number, fromMs, toMs, changes: 0, deleted: false },
          version: this.version + (number % 7),
        });
      }
    }
    this.version += 10;
  }

  /** Gives these trains a new version, one for all. */
  change(keys: readonly string[]): void {
    this.version++;
    for (const key of keys) {
      const train = this.trains.get(key);
      if (train !== undefined) Object.assign(train, { version: this.version, changes: train.changes + 1 });
    }
  }

  /** One batch of the source: mostly trains in the window, now and then others, and now and then one is deleted. */
  batch(nowMs: number): void {
    const live = this.live(nowMs).map(keyOf);
    const all = [...this.trains.keys()];
    const pick = (keys: readonly string[]) => keys[Math.floor(this.#random() * keys.length)];
    const keys = [pick(live), pick(live), this.#random() < 0.1 ? pick(all) : undefined];
    const changed = keys.filter((key) => key !== undefined);
    if (this.#random() < 0.01) {
      const train = this.trains.get(pick(all) ?? "");
      if (train !== undefined) train.deleted = true;
      if (train !== undefined) changed.push(keyOf(train));
    }
    if (changed.length > 0) this.change([...new Set(changed)]);
  }

  live(nowMs: number): readonly RailwayTrain[] {
    return [...this.trains.values()].filter(({ fromMs, toMs, deleted }) => {
      return fromMs <= nowMs && nowMs <= toMs && !deleted;
    });
  }

  /** A page as the API makes it. */
  changedSince(version: number): readonly RailwayTrain[] {
    const rows = [...this.trains.values()].filter((train) => train.version > version)
      .sort((a, b) => a.version - b.version).slice(0, this.pageRows);
    const last = rows.at(-1)?.version;
    return rows.length < this.pageRows ? rows : rows.filter((train) => train.version !== last);
  }

  ofDate(date: string): readonly RailwayTrain[] {
    return [...this.trains.values()].filter((train) => train.date === date);
  }

  /** The answer to a path and query below the base address; null for what is not there. */
  answer(path: string, nowMs: number): string | null {
    const { pathname, searchParams } = new URL(path, "http://railway");
    const since = Number(searchParams.get("version") ?? -1);
    if (pathname === "/live-trains") return json(this.live(nowMs).filter(({ version }) => version > since));
    if (pathname === "/trains") return json(this.changedSince(since));
    const [, date] = /^\/trains\/(\d{4}-\d{2}-\d{2})$/.exec(pathname) ?? [];
    return date === undefined ? null : json(this.ofDate(date));
  }
}

/** The name of a train, which is the key of its messages. */
export function keyOf({ date, number }: Pick<RailwayTrain, "date" | "number">): string {
  return `${date}/${number}`;
}

/** A train as the API writes it. */
export function textOf({ date, number, version, deleted, changes }: RailwayTrain): string {
  return JSON.stringify({
    ...{ trainNumber: number, departureDate: date, version, changes },
    ...(deleted ? { deleted } : {}),
  });
}

function json(trains: readonly RailwayTrain[]): string {
  return `[${trains.map(textOf).join(",")}]`;
}
