/** Rows of the standard table as another engine may have written them. */
import { assertEquals } from "@std/assert";
import { routedTrains } from "../../lib/answers/pictures/line_trains.ts";
import { routeRows } from "../../lib/answers/route_rows.ts";
import { visitsIn } from "../../lib/answers/visits.ts";
import type { Int64Values } from "../../lib/delta/mod.ts";

function longs(values: readonly bigint[]): Int64Values {
  const halves = new Int32Array(BigInt64Array.from(values).buffer);
  return { kind: "int64", length: values.length, present: null, halves };
}

function words(texts: readonly string[]) {
  const known = [...new Set(texts)];
  const codes = Int32Array.from(texts, (text) => known.indexOf(text));
  return { kind: "words", length: texts.length, present: null, codes, words: known } as const;
}

const NOON = 1_739_793_600_000_000n, NEVER = 2n ** 63n - 1n;

Deno.test("without places, lines and flags rows stay as they come, train by train", () => {
  const columns = {
    trainNumber: longs([2n, 1n, 1n, 2n]),
    stationShortCode: words(["HKI", "TPE", "OL", "PSL"]),
    type: words(["DEPARTURE", "DEPARTURE", "ARRIVAL", "ARRIVAL"]),
    scheduledTime: longs([NOON, NOON, NOON, NOON]),
    actualTime: longs([NOON - 1n, NOON, NOON + 61_999_999n, NOON]),
  };
  assertEquals(routeRows([columns]).map(({ number, station }) => [number, station]), [
    ...[[1, "TPE"], [1, "OL"], [2, "HKI"], [2, "PSL"]],
  ]);
  assertEquals(
    visitsIn("2025-02-17", [columns], {}).map(({ arrival, departure }) =>
      (arrival ?? departure)?.delaySeconds
    ),
    [0, 61, 0, 0],
  );
  assertEquals(routedTrains([columns]).map(({ name }) => name), ["1", "2"]);
});

Deno.test("a time that no calendar has is none, and a row that is neither arrival nor departure is no stop", () => {
  const columns = {
    trainNumber: longs([1n, 1n, 1n]),
    rowNumber: longs([2n, 1n, 0n]),
    stationShortCode: words(["TPE", "HKI", "PSL"]),
    type: words(["ARRIVAL", "DEPARTURE", "PASS"]),
    trainType: words(["IC", "IC", "IC"]),
    scheduledTime: longs([NEVER, NOON, NOON]),
    actualTime: longs([NOON, NEVER, NOON]),
  };
  const [train] = routedTrains([columns]);
  assertEquals([train?.name, train?.visits.map(({ station, actualMs }) => [station, actualMs])], [
    "IC 1",
    [["HKI", null]],
  ]);
  const visits = visitsIn("2025-02-17", [columns], { number: 1 });
  assertEquals(
    visits.map(({ station, arrival, departure }) => [station, (arrival ?? departure)?.scheduled]),
    [
      ["HKI", "2025-02-17T12:00:00.000Z"],
      ["TPE", null],
    ],
  );
});
