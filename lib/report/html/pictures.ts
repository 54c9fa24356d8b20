/** What the page has pictures of beside the report. */
import type { BatchSeconds } from "../../quality/pictures/batch_seconds.ts";
import type { HourlyMessages } from "../../quality/pictures/messages_per_hour.ts";
import type { SegmentFailures } from "../../quality/pictures/segment_failures.ts";

/** Each is null where there is nothing to show, or it could not be read. */
export interface Pictures {
  /** Of the rules on rows that do not hold. */
  readonly segments: SegmentFailures | null;
  readonly messages: HourlyMessages | null;
  readonly batches: readonly BatchSeconds[] | null;
  /** Of the categories of causes, by code; without the table of causes there are none. */
  readonly causeNames: Readonly<Record<string, string>> | null;
}
