/** What the API's lists become, and what of them is not taken. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Row } from "../../lib/delta/mod.ts";
import { METADATA_PARTS } from "../../lib/metadata/metadata_parts.ts";
import { METADATA_SCHEMAS } from "../../lib/tables/metadata_schemas.ts";

const SOURCE = "https://api.example/metadata/x";
const STATIONS = new URL("../../../shared/data/stations.json", import.meta.url);
const HKI = {
  passengerTraffic: true,
  type: "STATION",
  stationName: "Helsinki",
  stationShortCode: "HKI",
  stationUICCode: 1,
  countryCode: "FI",
  longitude: 24.941249,
  latitude: 60.172133,
};
const VR = {
  id: 1,
  operatorName: "VR",
  operatorShortCode: "vr",
  operatorUICCode: 10,
  trainNumbers: [
    { id: 8, bottomLimit: 900, topLimit: 999, trainCategory: "Cargo" },
    { id: 9, bottomLimit: 1, topLimit: 99, trainCategory: "Long-distance" },
  ],
};
const TERM = { fi: "Sää", sv: "Väder", en: "Weather" };

function toRows(path: string, elements: readonly unknown[]) {
  const list = METADATA_PARTS.flatMap(({ lists }) => lists).find((each) => each.path === path);
  if (list === undefined) throw new Error(`there is no list ${path}`);
  const { rows, drift } = list.toRows(elements, { source: SOURCE });
  return { rows, drift: Object.fromEntries(drift) };
}

/** A row as its table has it: absent columns are null. */
function inTable(rows: readonly Row[], name: keyof typeof METADATA_SCHEMAS): readonly Row[] {
  const names = METADATA_SCHEMAS[name].fields.map((field) => field.name);
  return rows.map((row) => Object.fromEntries(names.map((column) => [column, row[column] ?? null])));
}

function refusal(path: string, elements: readonly unknown[]): string {
  return assertThrows(() => toRows(path, elements), TypeError).message;
}

Deno.test({
  name: "each list of the API becomes rows with the columns of its table",
  permissions: "none",
  fn() {
    const stations = toRows("stations", [HKI]);
    assertEquals([inTable(stations.rows, "stations"), stations.drift], [[{ ...HKI }], {}]);
    const [low, high] = [VR.trainNumbers[1], VR.trainNumbers[0]];
    assertEquals(inTable(toRows("operators", [VR]).rows, "operators"), [{
      ...VR,
      trainNumbers: [low, high],
    }]);
    assertEquals(toRows("train-types", [{ name: "IC", trainCategory: { name: "Long-distance" } }]), {
      rows: [{ name: "IC", trainCategory: "Long-distance" }],
      drift: {},
    });
    assertEquals(toRows("train-categories", [{ name: "Cargo" }]).rows, [{ name: "Cargo" }]);
  },
});

Deno.test({
  name: "causes of the three levels become rows of one table, with the names that the levels have in common",
  permissions: "none",
  fn() {
    const [validFrom, validTo] = ["2015-06-30", "2020-12-31"];
    const rows = [
      ...toRows("cause-category-codes", [{ id: 7, categoryCode: "E", categoryName: "Etu", validFrom }]).rows,
      ...toRows("detailed-cause-category-codes", [
        { id: 8, detailedCategoryCode: "E2", validFrom, validTo, passengerTerm: TERM },
      ]).rows,
      ...toRows("third-cause-category-codes", [
        { id: 9, thirdCategoryCode: "E201", thirdCategoryName: "", description: "Jos\n…", validFrom },
      ]).rows,
    ];
    const nothing = { name: null, description: null, validTo: null, passengerTerm: null };
    assertEquals(inTable(rows, "causes"), [
      { ...nothing, level: "category", code: "E", id: 7, name: "Etu", validFrom },
      { ...nothing, level: "detailed", code: "E2", id: 8, validFrom, validTo, passengerTerm: TERM },
      { ...nothing, level: "third", code: "E201", id: 9, name: "", description: "Jos\n…", validFrom },
    ]);
  },
});

Deno.test({
  name: "the recorded stations are taken, all of them and without drift",
  permissions: { read: true },
  ignore: !exists(STATIONS),
  fn() {
    const recorded = JSON.parse(Deno.readTextFileSync(STATIONS));
    const { rows, drift } = toRows("stations", recorded);
    assertEquals([inTable(rows, "stations"), drift], [recorded, {}]);
  },
});

Deno.test({
  name: "what the API leaves out or writes as null is null, but not what a row is of no use without",
  permissions: "none",
  fn() {
    const { stationShortCode, stationUICCode, stationName } = HKI;
    const bare = { stationShortCode, stationUICCode, stationName };
    const nulls = { type: null, passengerTraffic: null, countryCode: null, longitude: null, latitude: null };
    assertEquals(inTable(toRows("stations", [bare]).rows, "stations"), [{ ...nulls, ...bare }]);
    assertEquals(inTable(toRows("stations", [{ ...nulls, ...bare }]).rows, "stations"), [{
      ...nulls,
      ...bare,
    }]);
    for (const name of Object.keys(bare)) {
      const message = refusal("stations", [HKI, { ...HKI, [name]: undefined }]);
      assertStringIncludes(message, `found 1 of 2 stations broken ($[1].${name}: Invalid input`);
    }
  },
});

Deno.test({
  name: "a list with one broken element is not taken, and the message names the first few",
  permissions: "none",
  fn() {
    const broken: Readonly<Record<string, readonly [string, unknown]>> = {
      "a train type without name": ["train-types", { trainCategory: { name: "Cargo" } }],
      "a category that is blank": ["train-categories", { name: " " }],
      "a cause without id": ["cause-category-codes", { categoryCode: "E" }],
      "a date that no calendar has": ["cause-category-codes", {
        id: 1,
        categoryCode: "E",
        validFrom: "2025-02-30",
      }],
      "a date before the year 1": ["cause-category-codes", {
        id: 1,
        categoryCode: "E",
        validTo: "0000-01-01",
      }],
      "a number in quotes": ["stations", { ...HKI, stationUICCode: "1" }],
      "a number that JavaScript cannot hold": ["stations", { ...HKI, stationUICCode: 2 ** 53 }],
      "a place that is not on earth": ["stations", { ...HKI, latitude: 91 }],
      "a name without end": ["stations", { ...HKI, stationName: "x".repeat(501) }],
      "a list of ranges without end": ["operators", { ...VR, trainNumbers: Array(10_001).fill({}) }],
      "no object": ["stations", null],
      "an array": ["stations", [HKI]],
      "an error object": ["stations", { code: "INTERNAL_ERROR", errorMessage: "no" }],
    };
    for (const [what, [path, element]] of Object.entries(broken)) {
      assertStringIncludes(refusal(path, [element]), "found 1 of 1", what);
    }
    const message = refusal("train-categories", Array(9).fill({}));
    assertEquals(message.match(/\$\[\d\]\.name/g), ["$[0].name", "$[1].name", "$[2].name"]);
    assertStringIncludes(
      message,
      `Cannot use the answer of "${SOURCE}": found 9 of 9 train categories broken`,
    );
  },
});

Deno.test({
  name: "an empty list and one with more elements than there can be are not taken",
  permissions: "none",
  fn() {
    for (const { lists } of METADATA_PARTS) {
      for (const { path, what } of lists) {
        assertStringIncludes(refusal(path, []), `found 0 ${what}, expected 1 to 20000`);
        assertStringIncludes(refusal(path, Array(20_001).fill(null)), `found 20001 ${what}`);
      }
    }
  },
});

Deno.test({
  name: "unknown fields are told by their path and change no row; names without end are told as others",
  permissions: "none",
  fn() {
    const odd = JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}');
    const { rows, drift } = toRows("operators", [
      { ...VR, vatId: 1, trainNumbers: [{ ...VR.trainNumbers[0], days: [] }] },
      { ...VR, vatId: 2, ...odd },
    ]);
    assertEquals(drift["$[].vatId"], 2);
    assertEquals(drift["$[].trainNumbers[].days"], 1);
    assertEquals(drift["$[].constructor"], 1);
    assertEquals(Object.keys(rows[0] ?? {}).includes("vatId"), false);
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`new${at}`, 1]));
    const told = toRows("train-categories", [{ name: "Cargo", ...many, ["\ud800".repeat(200)]: 1 }]).drift;
    assertEquals(Object.keys(told).length, 51);
    assertEquals(told["(others)"], 41);
    assertEquals(Object.keys(told).every((name) => name.isWellFormed() && name.length < 120), true);
  },
});

Deno.test({
  name: "half characters become the replacement character, since no table can hold them",
  permissions: "none",
  fn() {
    const { rows } = toRows("stations", [{ ...HKI, stationName: "a\ud800b" }]);
    assertEquals(rows[0]?.stationName, "a\ufffdb");
  },
});

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}
