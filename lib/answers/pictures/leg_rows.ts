/** The rows of the ranked legs and of the map, out of `leg_delays`. Pure. */
import type { MapStation } from "../../charts/map_projection.ts";
import type { MapEdge } from "../../charts/net_map.ts";
import type { RankedLeg } from "../../charts/rank_legs.ts";
import type { Columns } from "../../delta/mod.ts";
import { TrainRows, YES } from "../../tables/rows/train_rows.ts";

/** What is read of it. */
export const LEG_COLUMNS: readonly string[] = [
  ...["trainCategory", "fromStation", "toStation", "actualRunningSeconds", "delayAddedSeconds", "cancelled"],
];

/** A station's place and name, as the API gives them. */
export interface StationPlace {
  readonly name: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
}

interface LegTrains {
  readonly category: string;
  readonly from: string;
  readonly to: string;
  readonly added: number[];
}

/** Takes the legs of departure dates that trains really ran, in whatever order. */
export class LegCounter {
  readonly #legs = new Map<string, LegTrains>();

  add(columns: Columns): void {
    const rows = new TrainRows(columns);
    const categories = rows.text("trainCategory"), cancelled = rows.flag("cancelled");
    const from = rows.text("fromStation"), to = rows.text("toStation");
    const ran = rows.number("actualRunningSeconds"), added = rows.number("delayAddedSeconds");
    for (let row = 0; row < rows.rows; row++) {
      const a = from.words[from.codes[row] ?? -1], b = to.words[to.codes[row] ?? -1];
      const seconds = added[row] ?? NaN;
      const hasRun = cancelled[row] !== YES && !Number.isNaN(ran[row] ?? NaN) && !Number.isNaN(seconds);
      if (a === undefined || b === undefined || !hasRun) continue;
      const category = categories.words[categories.codes[row] ?? -1] ?? "";
      const key = `${a}\0${b}\0${category}`;
      let leg = this.#legs.get(key);
      if (leg === undefined) this.#legs.set(key, leg = { category, from: a, to: b, added: [] });
      leg.added.push(seconds);
    }
  }

  /** Each direction and category by itself. */
  ranked(nameOf: (station: string) => string): readonly RankedLeg[] {
    return this.#sorted().map(({ category, from, to, added }) => ({
      category,
      from: nameOf(from),
      to: nameOf(to),
      trains: added.length,
      meanSeconds: sum(added) / added.length,
      medianSeconds: [...added].sort((a, b) => a - b)[Math.ceil(added.length / 2) - 1] ?? 0,
    }));
  }

  /** Both directions and all categories together; of stations that nobody knows the code is the name. */
  net(
    places: ReadonlyMap<string, StationPlace>,
    nameOf: (station: string) => string,
  ): { readonly stations: readonly MapStation[]; readonly edges: readonly MapEdge[] } {
    const stations = new Map<string, { readonly at: number; trains: number }>();
    const placeOf = (code: string, trains: number) => {
      const known = stations.get(code) ?? { at: stations.size, trains: 0 };
      known.trains += trains;
      stations.set(code, known);
      return known.at;
    };
    const edges = new Map<string, { from: number; to: number; trains: number; added: number }>();
    for (const { from, to, added } of this.#sorted()) {
      const [a = "", b = ""] = [from, to].sort();
      const ends = { from: placeOf(a, added.length), to: placeOf(b, added.length) };
      const key = `${a}\0${b}`, edge = edges.get(key) ?? { ...ends, trains: 0, added: 0 };
      edge.trains += added.length;
      edge.added += sum(added);
      edges.set(key, edge);
    }
    return {
      stations: [...stations].map(([code, { trains }]) => ({
        name: nameOf(code),
        longitude: places.get(code)?.longitude ?? null,
        latitude: places.get(code)?.latitude ?? null,
        trains,
      })),
      edges: [...edges.values()].map(({ from, to, trains, added }) => ({
        ...{ from, to, trains },
        addedSeconds: added / trains,
      })),
    };
  }

  /** In an order that files do not change. */
  #sorted(): readonly LegTrains[] {
    return [...this.#legs].sort(([a], [b]) => a < b ? -1 : 1).map(([, leg]) => leg);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
