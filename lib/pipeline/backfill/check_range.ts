/** Whether a range of dates can be back-filled at all. */
import { getLogger } from "../../packages/logtape.ts";
import { UsageError } from "../../errors.ts";
import type { DateRange } from "./plan_backfill.ts";

const logger = getLogger(["ratalake", "backfill"]);

const DAY_MS = 86_400_000;
/** Finland is ahead of UTC by three hours at most. */
const AHEAD_MS = 3 * 3_600_000;
/** What the API says that `/trains/{date}` keeps. */
const KEPT_DAYS = 720;
/** Of the oldest archive: nothing older is anywhere. */
const FIRST_DATE = "2015-01-01";

/**
 * Checks a range.
 *
 * @throws {UsageError} With all that is wrong with it.
 */
export function checkRange(
  { from, to }: DateRange,
  { archives, nowMs }: { readonly archives: boolean; readonly nowMs: number },
): void {
  const tomorrow = dateOf(nowMs + AHEAD_MS + DAY_MS);
  const faults = [
    ...from > to ? [`Cannot back-fill from "${from}" to "${to}": found a first date after the last`] : [],
    ...to > tomorrow ? [`Cannot use "--to": found "${to}", expected a date up to tomorrow, ${tomorrow}`] : [],
    ...from < FIRST_DATE
      ? [`Cannot use "--from": found "${from}", expected ${FIRST_DATE} or later: there are no older trains`]
      : [],
  ];
  if (faults.length > 0) throw new UsageError(faults);
  const oldest = dateOf(nowMs - KEPT_DAYS * DAY_MS);
  if (archives || from >= oldest) return;
  logger.warn(
    "{from} is older than the {days} days that the API keeps by date (since about {oldest}): `--archives` fetches whole " +
      "months from its monthly archives, back to 2015",
    { from, days: KEPT_DAYS, oldest },
  );
}

function dateOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
