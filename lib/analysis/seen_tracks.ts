/**
 * Which tracks messages have named for the rows of trains, also those of versions that others have taken the place of:
 * the standard table has only the last one of each. Sets are joined, so that neither order nor repetition matters. Pure.
 */
import type { Columns } from "../delta/mod.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";
import { DateTracks } from "./date_tracks.ts";
import { TrackNames } from "./track_names.ts";

/** A train in a chunk of rows. */
export interface SeenRows {
  /** Days since 1970. */
  readonly departureDay: number;
  readonly trainNumber: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

const MS_PER_DAY = 86_400_000;
/** The stations of the country and their tracks are some ten thousand; messages may name whatever they want, for weeks. */
const MOST_NAMES = 100_000;
const NOTHING = new DateTracks();

/** Gathers them by date and train. */
export class SeenTracks {
  #names: TrackNames;
  readonly #byDate: Map<string, DateTracks>;

  constructor(names = new TrackNames(), byDate: Map<string, DateTracks> = new Map()) {
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
    const read = reader(rows, this.#names);
    let day = NaN, known = NOTHING;
    for (const train of trains) {
      if (train.departureDay !== day) known = this.#trainsOf(day = train.departureDay);
      const { codes, count } = read(train);
      known.add(train.trainNumber, codes, count);
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

  #trainsOf(day: number): DateTracks {
    const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    const trains = this.#byDate.get(date) ?? new DateTracks();
    this.#byDate.set(date, trains);
    return trains;
  }
}

/** What a message has named; the same array for all of them. */
interface Named {
  codes: Int32Array;
  count: number;
}

/** Reads the rows of one train after another. */
function reader(columns: Columns, names: TrackNames): (train: SeenRows) => Readonly<Named> {
  const rows = new TrainRows(columns);
  const { codes: stations, words } = rows.text("stationShortCode"), tracks = rows.text("commercialTrack");
  const departs = rows.isText("type", (type) => type === "DEPARTURE");
  const stationWords = names.wordsOf(words), trackWords = names.wordsOf(tracks.words);
  const seenBy = new Int32Array(2 * words.length).fill(-1), visits = new Int32Array(seenBy.length);
  const found: Named = { codes: new Int32Array(256), count: 0 };
  return ({ firstRow, rowCount }) => {
    if (found.codes.length < rowCount) found.codes = new Int32Array(2 * rowCount);
    found.count = 0;
    for (let row = firstRow; row < firstRow + rowCount; row++) {
      const station = stations[row] ?? -1, side = departs[row] ?? 0, place = 2 * station + side;
      if (station < 0) continue;
      const visit = seenBy[place] === firstRow ? (visits[place] ?? 0) + 1 : 1;
      seenBy[place] = firstRow;
      visits[place] = visit;
      const track = trackWords[tracks.codes[row] ?? -1] ?? -1;
      if (track < 0) continue;
      found.codes[found.count++] = names.codeOf(stationWords[station] ?? 0, track, 2 * visit + side);
    }
    return found;
  };
}
