/** The flags of `deno task quarantine` as options; which verb accepts which is in `run_verb.ts`. */
import { z } from "../packages/zod.ts";
import { countOption, type OptionTable, type OptionValues, switchOption } from "../cli/options.ts";

/** A moment, or how long ago it was. */
export type Since = { readonly atMs: number } | { readonly agoMs: number };

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const NO_TEXT: z.ZodType<undefined> = z.undefined();

/** All flags of all verbs. */
export const QUARANTINE_OPTIONS = {
  reason: {
    summary: "list, replay: only messages that are rejected for one of these reasons",
    value: "code,...",
    expected: "reason codes as list shows them, separated by commas",
    schema: z.union([
      NO_TEXT,
      z.string().transform((text) => text.split(",").map((code) => code.trim()))
        .refine((codes) => codes.every((code) => /^[a-z0-9_]{1,64}$/.test(code))),
    ]),
  },
  since: {
    summary: "list, replay: only messages that were written since then",
    value: "time|duration",
    expected:
      'a time with zone such as 2026-02-17T04:21:00Z, a date, or a duration such as "90m", "24h" or "7d"',
    schema: z.union([
      NO_TEXT,
      z.iso.datetime({ offset: true }).transform((text): Since => ({ atMs: Date.parse(text) })),
      z.iso.date().transform((text): Since => ({ atMs: Date.parse(text) })),
      z.string().regex(/^[0-9]{1,6}[mhd]$/).transform((text): Since => ({
        agoMs: Number(text.slice(0, -1)) * (UNITS_MS[text.slice(-1)] ?? 0),
      })),
    ]),
  },
  limit: countOption({ summary: "list: at most this many messages", most: 100_000, default: "20" }),
  raw: switchOption("show: the bytes of the message alone, as they are"),
  yes: switchOption("replay: without asking"),
  dryRun: switchOption("replay: only say what would be accepted now"),
  json: switchOption("one JSON object instead of a page"),
} as const satisfies OptionTable;

/** What the flags come out as. */
export type QuarantineFlags = OptionValues<typeof QUARANTINE_OPTIONS>;
