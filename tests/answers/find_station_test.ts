/** Stations by the names that people write. */
import { assertEquals } from "@std/assert";
import { findStation } from "../../lib/answers/names/find_station.ts";

const NAMES = new Map([
  ["TPE", "Tampere asema"],
  ["TRE", "Tampere tavara"],
  ["HL", "Hämeenlinna"],
  ["HKI", "Helsinki asema"],
  ["ILA", "Ilmala asema"],
  ["II", "Ii"],
  ["ÄHT", "Ähtäri"],
  ["LH", "II"],
]);

Deno.test("a station is found by its code and by its name, whatever the case and the dots, with asema or without", () => {
  const asked = [
    ...["TPE", "tpe", "Tampere", "tampere", " tampere  ASEMA ", "Tampere asema"].map((text) => [text, "TPE"]),
    ...["Hämeenlinna", "HAMEENLINNA", "hämeenlinna asema", "hl"].map((text) => [text, "HL"]),
    ...[["tampere tavara", "TRE"], ["ÄHT", "ÄHT"], ["aht", "ÄHT"], ["ahtari", "ÄHT"], [
      "Ha\u0308meenlinna",
      "HL",
    ]],
    // A code as it is written before a name, a name before a code in small letters.
    ...[["II", "II"], ["Ii", "II"], ["ii", "II"]],
  ] as const;
  for (const [text = "", code] of asked) {
    assertEquals([text, findStation(text, NAMES)], [text, { code: code ?? "" }]);
  }
});

Deno.test("of one that there is not the nearest name is told, with its code, or nothing", () => {
  for (
    const [text, closest] of [
      ["Tampree", "Tampere (TPE)"],
      ["helsnki", "Helsinki (HKI)"],
      ["HKY", "Helsinki (HKI)"],
      ["Stockholm", undefined],
      ["", undefined],
      ["__proto__", undefined],
    ] as const
  ) assertEquals([text, findStation(text, NAMES)], [text, { code: null, closest }]);
});

Deno.test("without names the codes are found, and a mistyped one is guessed", () => {
  const codes = new Map([["TPE", "TPE"], ["HKI", "HKI"]]);
  assertEquals(findStation("hki", codes), { code: "HKI" });
  assertEquals(findStation("TPA", codes), { code: null, closest: "TPE" });
});
