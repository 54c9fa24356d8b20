/** The tracks that `train_runs` keeps beside those that were written. */
import { assertEquals } from "@std/assert";
import { DateTracks } from "../../lib/analysis/date_tracks.ts";
import { longColumn } from "../../lib/analysis/make_columns.ts";
import { storedSightings } from "../../lib/analysis/stored_sightings.ts";
import { TrackNames } from "../../lib/analysis/track_names.ts";
import { tracksColumn } from "../../lib/analysis/tracks_column.ts";
import { createTable, MemoryStore, type StructType } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { ANALYSIS_SCHEMAS } from "../../lib/tables/analysis_schemas.ts";
import { testContext } from "../delta/test_context.ts";

const COLUMNS: ReadonlySet<string> = new Set(["departureDate", "trainNumber", "tracks"]);
const SCHEMA: StructType = {
  type: "struct",
  fields: ANALYSIS_SCHEMAS.train_runs.fields.filter(({ name }) => COLUMNS.has(name)),
};

Deno.test("tracks are read back as they were written, of no train or of all, a few of a train or hundreds", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed, 5);
    const trains = oneOf(random, [1, 10, 300, 1500]);
    const names = new TrackNames();
    const tracks = someTracks(random, { trains, names });
    const table = await createTable(
      new MemoryStore(),
      { schema: SCHEMA, partitionColumns: ["departureDate"] },
      testContext(),
    );
    const runs = { trainNumber: longColumn(Float64Array.from({ length: trains }, (_, row) => row + 1)) };
    const add = await table.stageColumns({ ...runs, tracks: tracksColumn(runs, tracks, names) }, {
      partitionValues: { departureDate: "2026-04-01" },
    });
    const found = new TrackNames();
    const [stored] = await storedSightings(table, [add], found);
    const read = stored?.tracks ?? new DateTracks();
    for (let train = 1; train <= trains; train++) {
      assertEquals(textsOf(read, found, train), textsOf(tracks, names, train), `${seed}: train ${train}`);
    }
  }
});

interface Choice {
  readonly trains: number;
  readonly names: TrackNames;
}

function someTracks(random: Random, { trains, names }: Choice): DateTracks {
  const share = oneOf(random, [0, 0.01, 0.5, 1]), most = oneOf(random, [1, 5, 30, 200]);
  const stations = oneOf(random, [1, 10, 300, 3000]);
  const tracks = new DateTracks();
  for (let train = 1; train <= trains; train++) {
    if (random() >= share) continue;
    const count = 1 + Math.floor(random() * most);
    const codes = Array.from(
      { length: count },
      () => names.code(`S${Math.floor(random() * stations)} ARRIVAL: 1`),
    );
    tracks.add(train, Int32Array.from(codes));
  }
  return tracks;
}

function textsOf(tracks: DateTracks, names: TrackNames, train: number): readonly string[] {
  const { texts, ranks } = names.sorted();
  const codes = tracks.codes.subarray(tracks.from(train), tracks.to(train));
  return Array.from(codes, (code) => texts[ranks[code] ?? NaN] ?? "?").sort();
}

function oneOf<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random() * values.length)] ?? values[0];
}
