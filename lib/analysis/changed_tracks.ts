/** Whose track was changed, of the trains of a date. Pure. */
import type { DateTracks } from "./date_tracks.ts";
import type { TrackNames } from "./track_names.ts";

/** Rows of trains, by their numbers, whose messages have named more than one track: what `station_days` counts. */
export type ChangedTracks = ReadonlyMap<number, ReadonlySet<string>>;

/** The trains that have such rows. */
export function changedTracks(tracks: DateTracks, names: TrackNames): ChangedTracks {
  const changed = new Map<number, ReadonlySet<string>>();
  for (const train of tracks.trains) {
    const rows = names.changedRows(tracks.codes, tracks.from(train), tracks.to(train));
    if (rows.size > 0) changed.set(train, rows);
  }
  return changed;
}
