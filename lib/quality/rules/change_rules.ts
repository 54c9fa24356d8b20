/** Rules on what messages say of those before them, counted batch by batch: C13, C14, A2. */
import { MEASURES } from "../../tables/measures.ts";
import { ofBatches, type Rule } from "./rule.ts";

const HORIZONS = ["0-3", "3-6", "6-12", "12-30"] as const;

/** In the order of the report. */
export const CHANGE_RULES: readonly Rule[] = [
  {
    id: "C13",
    dimension: "consistency",
    severity: "E",
    grain: "message",
    title: "the versions of a train never go back",
    why: "the source has gone back in time; what was sent before, or was only late, does not count",
    count: ofBatches({
      failures: ({ [MEASURES.backwards]: count = 0 }) => count,
      units: ({ [MEASURES.messages]: count = 0 }) => count,
    }),
  },
  {
    id: "C14",
    dimension: "consistency",
    severity: "W",
    grain: "version",
    title: "a newer version takes no time or row back",
    why: "an actualTime that goes or moves by over a minute, or a row that goes, falsifies earlier sums",
    count: ofBatches({
      failures: ({ [MEASURES.revised]: count = 0 }) => count,
      units: ({ [MEASURES.versions]: count = 0 }) => count,
      figures: (counts) => [
        { name: "times gone", unit: "", value: counts[MEASURES.vanishedTimes] ?? 0 },
        { name: "times moved", unit: "", value: counts[MEASURES.movedTimes] ?? 0 },
        { name: "rows gone", unit: "", value: counts[MEASURES.vanishedRows] ?? 0 },
      ],
    }),
  },
  {
    id: "A2",
    dimension: "accuracy",
    severity: "I",
    grain: "estimate",
    title: "estimates come true",
    why: "in minutes: -1..1 when up to 3 ahead, -1.5..2 up to 6, -2.5..3.5 up to 12, -4..6 up to 30",
    count: ofBatches({
      failures: (counts) => sumOf(counts, MEASURES.off),
      units: (counts) => sumOf(counts, MEASURES.estimates),
      figures: (counts) =>
        HORIZONS.map((name) => {
          const all = counts[`${MEASURES.estimates}.${name}`] ?? 0,
            off = counts[`${MEASURES.off}.${name}`] ?? 0;
          return { name: `${name} min`, unit: "%", value: all === 0 ? null : 100 * (all - off) / all };
        }),
    }),
  },
];

function sumOf(counts: Readonly<Record<string, number>>, name: string): number {
  return HORIZONS.reduce((sum, horizon) => sum + (counts[`${name}.${horizon}`] ?? 0), 0);
}
