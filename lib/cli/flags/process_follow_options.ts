/** What `deno task process --follow` takes beside the options of one run. */
import { durationSchema } from "./duration_schema.ts";
import { type Option, type OptionTable, switchOption } from "../options.ts";

/** The pipeline has none of them: its steps end. */
export const PROCESS_FOLLOW_OPTIONS = {
  follow: switchOption("go on until it is stopped: ingest what comes as it comes, through all trouble"),
  maxAge: durationOption({
    summary: "with --follow: how old a message is at most, about, when its batch is committed",
    value: "1s",
    leastMs: 10,
    mostMs: 3_600_000,
    expected: "a number of ms, s or m from 10ms to 60m, such as 100ms",
  }),
  measureEvery: durationOption({
    summary: "with --follow: how often a run is measured and recorded, when there was news",
    value: "10m",
    leastMs: 1_000,
    mostMs: 86_400_000,
    expected: "a number of s, m or h from 1s to 24h, such as 10m",
  }),
} as const satisfies OptionTable;

interface DurationOption extends Pick<Option, "summary" | "expected"> {
  /** What it is by default, which also shows how it is written. */
  readonly value: string;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** A time with its unit; comes out in milliseconds. */
function durationOption({ value, leastMs, mostMs, ...texts }: DurationOption): Option<number> {
  return { ...texts, value: "time", default: value, schema: durationSchema(leastMs, mostMs) };
}
