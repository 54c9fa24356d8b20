/** The tracks that were changed, as the files of `train_runs` have them: `station_days` counts them. */
import type { Add, DeltaTable } from "../delta/mod.ts";
import { ANALYSIS_PARTITION } from "../tables/analysis_schemas.ts";
import { type ChangedTracks, changedTracks } from "./changed_tracks.ts";
import { fileKey } from "./outdated_dates.ts";
import { DateTracks } from "./date_tracks.ts";
import { storedSightings } from "./stored_sightings.ts";
import type { TrackNames } from "./track_names.ts";

/** Remembers them of the files that were just written. */
export class RunFiles {
  readonly #trainRuns: DeltaTable;
  readonly #names: TrackNames;
  readonly #byFile = new Map<string, ChangedTracks>();

  constructor(trainRuns: DeltaTable, names: TrackNames) {
    this.#trainRuns = trainRuns;
    this.#names = names;
  }

  /** Takes what was written to a file. */
  remember(add: Add, tracks: DateTracks): void {
    this.#byFile.set(fileKey(add), changedTracks(tracks, this.#names));
  }

  /** Of a departure date, as the table has it now; each file is asked for once. */
  async ofDate(date: string): Promise<ChangedTracks> {
    const changed = new Map<number, ReadonlySet<string>>();
    for (const add of this.#trainRuns.snapshot.files.values()) {
      if (add.partitionValues[ANALYSIS_PARTITION] !== date) continue;
      for (const [number, rows] of await this.#ofFile(add)) changed.set(number, rows);
    }
    return changed;
  }

  async #ofFile(add: Add): Promise<ChangedTracks> {
    const known = this.#byFile.get(fileKey(add));
    this.#byFile.delete(fileKey(add));
    if (known !== undefined) return known;
    const [stored] = await storedSightings(this.#trainRuns, [add], this.#names);
    return changedTracks(stored?.tracks ?? new DateTracks(), this.#names);
  }
}
