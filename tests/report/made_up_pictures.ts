/** What a page has pictures of: two rules broken here and there, two days of messages, a few batches. */
import { jointFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import type { Segment } from "../../lib/quality/count_segments.ts";
import type { Pictures } from "../../lib/report/html/pictures.ts";

/** The pictures; names are those of segments, in the order of their failures, and of a category of causes. */
export function makePictures(names: readonly [string, ...string[]] = ["vr", "fenniarail", ""]): Pictures {
  const segments = names.map((name, at) => segment(name, names.length - at));
  return {
    segments: {
      by: { trainCategory: segments, operator: segments, station: segments },
      rows: 45_000,
      allRows: 49_000,
      since: "2025-02-16",
    },
    messages: {
      from: new Date("2025-02-15T05:00:00Z"),
      counts: Array.from({ length: 48 }, (_, hour) => hour % 24 < 4 ? 0 : 10 + hour * 37 % 90),
      unread: 12,
    },
    batches: Array.from({ length: 12 }, (_, at) => ({
      standardVersion: at + 1,
      messages: 100 + at,
      seconds: {
        validate: 0.4 + at % 3 / 10,
        quarantine: at === 5 ? 0.02 : 0,
        landing: 0.1,
        standard: 0.3 + at % 5 / 20,
      },
    })),
    causeNames: { E: names[0], L: "Liikenteenhoito" },
  };
}

function segment(value: string, size: number): Segment {
  return {
    value,
    units: { row: 9000 * size, stop: 4000 * size, train: 200 * size },
    ruleUnits: {},
    failures: { C4b: 3 * size - 3, U1: 12 * size, M3: 0 },
    traffic: jointFigures({}),
  };
}
