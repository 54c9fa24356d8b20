/** Rules on what the API's own lists know: V3, V4, V5. */
import type { MetadataLists } from "../metadata/metadata_lists.ts";
import type { TrainRows } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

/** In the order of the report. */
export const METADATA_RULES: readonly Rule[] = [
  {
    id: "V3",
    dimension: "validity",
    severity: "W",
    grain: "row",
    title: "a station is in the list, under its number",
    why: "what is not in standard_zone/stations has no name and no place on a map",
    source: "/metadata/stations; of a recorded morning 11 of 494 stations are not in a list some years older",
    count: {
      from: "rows",
      anomaly: "station_unknown",
      revision: 1,
      needs: ["stations"],
      // One look-up per station of a file, and one comparison per row.
      breaks: (rows, { stations }) => {
        const { codes, words } = rows.text("stationShortCode"), numbers = rows.number("stationUICCode");
        const expected = Float64Array.from(words, (word) => stations.get(word)?.uicCode ?? NaN);
        const isGiven = Uint8Array.from(words, (word) => word === "" ? 0 : 1);
        // A row without a station, or without its number, is the business of S4.
        return rows.where((row) => {
          const code = codes[row] ?? -1, number = numbers[row] ?? NaN;
          return code >= 0 && isGiven[code] === 1 && !Number.isNaN(number) && number !== expected[code];
        });
      },
    },
  },
  {
    id: "V4",
    dimension: "validity",
    severity: "W",
    grain: "train",
    title: "type, category and operator are in the lists",
    why: "a new one is in no figure by type, category or operator that names those it knows",
    source: "/metadata/train-types, /metadata/train-categories and /metadata/operators",
    count: {
      from: "rows",
      anomaly: "train_unlisted",
      revision: 1,
      needs: ["train_types", "train_categories", "operators"],
      breaks: (rows, { train_types, train_categories, operators }) => {
        const type = unlisted(rows, "trainType", train_types);
        const category = unlisted(rows, "trainCategory", train_categories);
        const operator = unlisted(rows, "operatorShortCode", operators);
        return rows.whereTrain((from) => type(from) || category(from) || operator(from));
      },
    },
  },
  {
    id: "V5",
    dimension: "validity",
    severity: "W",
    grain: "cause",
    title: "a cause has ids that are in the lists",
    why: "codes are used again for other causes: only the ids say why a train was late",
    source: "/metadata/cause-category-codes and the two lists below it; ids were given anew in 2021",
    count: {
      from: "rows",
      anomaly: "cause_unknown",
      revision: 1,
      needs: ["causes"],
      units: (rows) => countCauses(rows, (ids) => ids.some((id) => !Number.isNaN(id))),
      breaks: (rows, { causes }) =>
        countCauses(rows, (ids) =>
          ids.some((id, at) => {
            const [, level] = CAUSE_IDS[at] ?? [];
            return !Number.isNaN(id) && level !== undefined && !causes[level].has(id);
          })),
    },
  },
];

/** Whether a row has a text that is not in the list; one that is absent is the business of S3. */
function unlisted(rows: TrainRows, name: string, list: ReadonlySet<string>): (row: number) => boolean {
  const { codes, words } = rows.text(name);
  const isOdd = words.map((word) => word !== "" && !list.has(word));
  return (row) => isOdd[codes[row] ?? -1] ?? false;
}

const CAUSE_IDS: readonly (readonly [field: string, level: keyof MetadataLists["causes"]])[] = [
  ["categoryCodeId", "category"],
  ["detailedCategoryCodeId", "detailed"],
  ["thirdCategoryCodeId", "third"],
];
const MOST_PER_ROW = 255;

/** Per row how many of its causes pass the test, by their ids from the first level to the third. */
function countCauses(rows: TrainRows, test: (ids: readonly number[]) => boolean): Uint8Array {
  const found = new Uint8Array(rows.rows), causes = rows.structs("causes");
  if (causes === null) return found;
  const ids = CAUSE_IDS.map(([field]) => causes.number(field));
  for (let row = 0; row < found.length; row++) {
    let count = 0;
    for (let at = causes.ends[row] ?? 0, end = causes.ends[row + 1] ?? 0; at < end; at++) {
      if (test(ids.map((each) => each[at] ?? NaN))) count++;
    }
    found[row] = Math.min(count, MOST_PER_ROW);
  }
  return found;
}
