/**
 * The metadata of the API as far as simulated and recorded trains use it. Source of codes and ids: Fintraffic /
 * digitraffic.fi, license CC BY 4.0, https://creativecommons.org/licenses/by/4.0/ (those of a recorded day). Names of
 * operators are short, of causes those of the first level; ids of operators and dates are made up.
 */
import { CAUSES, OTHER_CAUSES } from "./causes.ts";
import { STATIONS } from "./stations.ts";

/** What is absent in JSON is undefined here. */
type Element = Readonly<Record<string, unknown>>;

const CATEGORIES = [
  "Cargo",
  "Commuter",
  "Locomotive",
  "Long-distance",
  "On-track machines",
  "Shunting",
  "Test drive",
] as const;

const TYPES_OF: Readonly<Partial<Record<(typeof CATEGORIES)[number], string>>> = {
  Cargo: "T",
  Commuter: "HL HV",
  Locomotive: "VET",
  "Long-distance": "H HDM IC MV PYO S",
  "On-track machines": "TYO",
  Shunting: "PAI PAR SAA VEV W",
};

/** Short code, UIC code, name. */
const OPERATORS = [
  ["vr", 10, "VR"],
  ["vr-track", 2910, "VR Track"],
  ["ferfi", 3385, "Fenniarail"],
  ["operail", 3803, "Operail"],
  ["winco", 9999, "Winco"],
] as const;

const CAUSE_NAMES: Readonly<Record<string, string>> = {
  A: "Aikataulu ja liikennöinti",
  E: "Etuajassakulku",
  J: "Junanmuodostus",
  K: "Kalusto, moottorijunat ja vaunut",
  L: "Liikenteenhoito",
  M: "Matkustajapalvelu",
  P: "Liikenteenhoitojärjestelmät",
  T: "Rata (ratarakenne)",
};
const VALID_FROM = "2021-05-01";

/** Lists of `/metadata/...` by their path. */
const LISTS: Readonly<Record<string, () => readonly Element[]>> = {
  "stations": () => [...STATIONS.values()].map((station) => ({ ...station })),
  "operators": () => OPERATORS.map(operator),
  "train-types": () =>
    Object.entries(TYPES_OF).flatMap(([category, types]) =>
      types.split(" ").map((name) => ({ name, trainCategory: { name: category } }))
    ),
  "train-categories": () => CATEGORIES.map((name) => ({ name })),
  "cause-category-codes": () =>
    causesBy(({ categoryCodeId: id, categoryCode }) => ({
      id,
      categoryCode,
      categoryName: CAUSE_NAMES[categoryCode ?? ""],
    })),
  "detailed-cause-category-codes": () =>
    causesBy(({ detailedCategoryCodeId: id, detailedCategoryCode }) => ({ id, detailedCategoryCode })),
  "third-cause-category-codes": () =>
    causesBy(({ thirdCategoryCodeId: id, thirdCategoryCode }) => ({ id, thirdCategoryCode })),
};

/** The list at a path below `/metadata/`; undefined when there is none. */
export function simulatedMetadata(path: string): readonly Element[] | undefined {
  return Object.hasOwn(LISTS, path) ? LISTS[path]?.() : undefined;
}

function operator(
  [operatorShortCode, operatorUICCode, operatorName]: (typeof OPERATORS)[number],
  index: number,
): Element {
  const trainNumbers = CATEGORIES.map((trainCategory, at) => ({
    id: index * 100 + at + 1,
    bottomLimit: 1,
    topLimit: 99_999,
    trainCategory,
  }));
  return { id: index + 1, operatorName, operatorShortCode, operatorUICCode, trainNumbers };
}

/** Each cause of a level once. */
function causesBy(level: (cause: (typeof CAUSES)[number]) => Element): readonly Element[] {
  const byId = new Map([...CAUSES, ...OTHER_CAUSES].map(level).map((each) => [each.id, each]));
  return [...byId.values()].filter(({ id }) => id !== undefined)
    .map((each) => ({ ...each, validFrom: VALID_FROM }));
}
