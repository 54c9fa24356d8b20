/** What becomes of the bytes of one message, whichever way they are read. */

import { assertEquals } from "@std/assert";
import { readBothWays } from "./scan/read_both_ways.ts";

/** A fault by its code, or the rows and the drift of a train. */
export function validateOne(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const { fault, values: { train }, drift, difference } = readBothWays(bytes);
  assertEquals(difference, null);
  if (fault !== null) return fault.code === "not_utf8" ? { code: fault.code } : { ...fault };
  const rows = train.inside("timeTableRows");
  const numberOf = (name: string) => train.of(name).number(0);
  return {
    trainNumber: numberOf("trainNumber"),
    version: numberOf("version"),
    departureDay: numberOf("departureDate"),
    rows: Array.from({ length: rows.length }, (_, row) => ({
      scheduled: rows.of("scheduledTime").number(row),
      estimate: rows.of("liveEstimateTime").number(row),
      actual: rows.of("actualTime").number(row),
    })),
    drift: Object.fromEntries(drift),
  };
}
