/** What a back-fill would do, without doing it. */
import type { Broker } from "../../broker/broker.ts";
import { BackfillBook } from "./backfill_book.ts";
import { type BackfillPlan, planBackfill } from "./plan_backfill.ts";
import type { BackfillOptions } from "./run_backfill.ts";

/** What the plan depends on. */
interface PreviewOptions
  extends Pick<BackfillOptions, "from" | "to" | "archives" | "again" | "topic" | "statePath"> {
  readonly url: string;
  readonly broker: Broker;
  readonly nowMs: number;
}

/** Which days are missing, and the requests for them. */
export async function previewBackfill(
  { from, to, again, archives, nowMs, ...place }: PreviewOptions,
): Promise<BackfillPlan> {
  const done = (await BackfillBook.open(place)).days;
  return planBackfill({ from, to }, { done, again, archives, nowMs });
}
