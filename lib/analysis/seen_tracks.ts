/**
 * Which tracks messages have named for the rows of trains, also those of versions that others have taken the place of:
 * the standard table has only the last one of each. Sets are joined, so that neither order nor repetition matters. Pure.
 */
import type { Columns } from "../delta/mod.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";
import { rowName } from "../tables/rows/row_name.ts";
import { TrackNames } from "./track_names.ts";

/** A train in a chunk of rows. */
export interface SeenRows {
  /** Days since 1970. */
  readonly departureDay: number;
  readonly trainNumber: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** Per train number what was named, each once, as codes of `TrackNames`. */
export type DateTracks = ReadonlyMap<number, Int32Array>;

const MS_PER_DAY = 86_400_000;
/** The stations of the country and their tracks are some ten thousand; messages may name whatever they want, for weeks. */
const MOST_NAMES = 100_000;
const NOTHING: DateTracks = new Map();

/** Gathers them by date and train. */
export class SeenTracks {
  #names: TrackNames;
  readonly #byDate: Map<string, Map<number, Int32Array>>;

  constructor(names = new TrackNames(), byDate: Map<string, Map<number, Int32Array>> = new Map()) {
    this.#names = names;
    this.#byDate = byDate;
  }

  /** What the codes stand for. */
  get names(): TrackNames {
    return this.#names;
  }

  /** Departure dates, YYYY-MM-DD, of which something was seen. */
  get dates(): readonly string[] {
    return [...this.#byDate.keys()];
  }

  /** Takes what the rows of these trains name: each train's rows as its message had them. */
  add(trains: readonly SeenRows[], rows: Columns | null): void {
    if (rows === null || trains.length === 0) return;
    const codesOf = reader(rows, this.#names);
    let day = NaN, known = new Map<number, Int32Array>();
    for (const train of trains) {
      if (train.departureDay !== day) known = this.#trainsOf(day = train.departureDay);
      const codes = codesOf(train), before = known.get(train.trainNumber);
      known.set(train.trainNumber, before === undefined ? codes : joinCodes(before, codes));
    }
  }

  of(date: string): DateTracks {
    return this.#byDate.get(date) ?? NOTHING;
  }

  /** Takes what is known of these dates out, or all; what is added later is kept for the next time. */
  take(dates: Iterable<string> = this.dates): SeenTracks {
    const taken = new Map([...dates].flatMap((date) => {
      const trains = this.#byDate.get(date);
      return trains === undefined ? [] : [[date, trains] as const];
    }));
    for (const date of taken.keys()) this.#byDate.delete(date);
    const names = this.#names;
    if (this.#byDate.size === 0 && names.size > MOST_NAMES) this.#names = new TrackNames();
    return new SeenTracks(names, taken);
  }

  #trainsOf(day: number): Map<number, Int32Array> {
    const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    const trains = this.#byDate.get(date) ?? new Map<number, Int32Array>();
    this.#byDate.set(date, trains);
    return trains;
  }
}

/** Both together; the first itself where the second says nothing new. */
export function joinCodes(some: Int32Array, others: Int32Array): Int32Array {
  const fresh = others.filter((code, at) => some[at] !== code && !some.includes(code));
  if (fresh.length === 0) return some;
  const both = new Int32Array(some.length + fresh.length);
  both.set(some);
  both.set(fresh, some.length);
  return both;
}

/** Reads the rows of one train after another. Texts repeat from train to train, and are put together once. */
function reader(columns: Columns, names: TrackNames): (train: SeenRows) => Int32Array {
  const rows = TrainRows.of(columns);
  const stations = rows.text("stationShortCode"), tracks = rows.text("commercialTrack");
  const departs = rows.isText("type", (type) => type === "DEPARTURE");
  const none = tracks.words.indexOf("");
  const seenBy = new Int32Array(2 * stations.words.length).fill(-1);
  const visits = new Int32Array(seenBy.length);
  const known = new Map<number, number>();
  let found = new Int32Array(64);
  return ({ firstRow, rowCount }) => {
    if (found.length < rowCount) found = new Int32Array(2 * rowCount);
    let count = 0;
    for (let row = firstRow; row < firstRow + rowCount; row++) {
      const place = 2 * (stations.codes[row] ?? -1) + (departs[row] ?? 0);
      if (place < 0) continue;
      const visit = seenBy[place] === firstRow ? (visits[place] ?? 0) + 1 : 1;
      seenBy[place] = firstRow;
      visits[place] = visit;
      const track = tracks.codes[row] ?? -1;
      if (track < 0 || track === none) continue;
      const key = (visit * seenBy.length + place) * tracks.words.length + track;
      let code = known.get(key);
      if (code === undefined) {
        const name = rowName(stations.words[place >> 1] ?? "", place % 2 === 1, visit);
        known.set(key, code = names.codeOf(name, tracks.words[track] ?? ""));
      }
      found[count++] = code;
    }
    return found.slice(0, count);
  };
}
