/** The options of `deno task charts`. */
import { z } from "../../packages/zod.ts";
import type { OptionTable } from "../options.ts";

/** What is drawn, and where to. */
export const CHART_OPTIONS = {
  date: {
    summary: "the departure date that is drawn (default the newest there is)",
    value: "date",
    expected: "a date such as 2026-02-17",
    schema: z.iso.date().optional(),
  },
  line: {
    summary: "the two stations of the stringline (default those between which most trains run)",
    value: "from-to",
    expected: "two stations such as HKI-TPE or Helsinki-Tampere",
    schema: z.string().min(3).max(200).optional(),
  },
  hours: {
    summary: "the hours of the stringline, in Finnish time; up to 30 is the next morning (default all)",
    value: "from-to",
    expected: "two hours such as 6-12, the second one later and at most 30",
    schema: z.string().regex(/^\d{1,2}-\d{1,2}$/).transform((text) => {
      const [from = 0, to = 0] = text.split("-").map(Number);
      return { from, to };
    }).refine(({ from, to }) => from < to && to <= 30).optional(),
  },
  train: {
    summary: "the train whose last runs are drawn (default the one that was the latest)",
    value: "train",
    expected: "a train such as 27 or IC27",
    schema: z.string().min(1).max(20).optional(),
  },
  out: {
    summary: "write the pictures to this file, one HTML page; without it their findings are printed",
    value: "file",
    expected: "a file",
    schema: z.string().min(1).optional(),
  },
} as const satisfies OptionTable;
