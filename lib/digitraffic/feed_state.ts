/** How far the following of the feed is: its part of the publish state. */
import { z } from "../packages/zod.ts";

const time = z.iso.datetime();

/** How it stands in the file. */
export const feedFields = z.object({
  source: z.string(),
  cursor: z.int().nullable(),
  polledAt: time.nullable(),
  fullAt: time.nullable(),
  catchUp: z.object({ from: z.int(), since: time }).nullable(),
  due: z.array(z.iso.date()).max(100),
  reconciled: z.record(z.iso.date(), time),
  isForeign: z.boolean().optional(),
});

/** How far the following of one source is. Times are milliseconds since 1970 UTC, null for never. */
export interface FeedState {
  /** Base address of the API, without credentials. */
  readonly source: string;
  /** All that the answers of `/live-trains` had up to this version is in the log; null when none is known. */
  readonly cursor: number | null;
  /** The last answer of `/live-trains` that is in the log. */
  readonly polledMs: number | null;
  /** The last one that was asked for without a version. */
  readonly fullMs: number | null;
  /** What is still to be asked for after a break: changes since this version, of trains since that time. */
  readonly catchUp: { readonly from: number; readonly sinceMs: number } | null;
  /** Departure dates all of whose trains have to be compared, whenever that was last done. */
  readonly due: readonly string[];
  /** When all trains of a departure date were last compared. */
  readonly reconciled: ReadonlyMap<string, number>;
  /**
   * When it came, most of its trains were older than what was published: it is not the source of that, and that its
   * versions are lower says nothing.
   */
  readonly isForeign?: boolean;
}

/** From the fields of the file. */
export function readFeed(fields: z.output<typeof feedFields>): FeedState {
  const { source, cursor, polledAt, fullAt, catchUp, due, reconciled, isForeign = false } = fields;
  return {
    source,
    cursor,
    polledMs: polledAt === null ? null : Date.parse(polledAt),
    fullMs: fullAt === null ? null : Date.parse(fullAt),
    catchUp: catchUp && { from: catchUp.from, sinceMs: Date.parse(catchUp.since) },
    due,
    reconciled: new Map(Object.entries(reconciled).map(([date, at]) => [date, Date.parse(at)])),
    ...(isForeign && { isForeign }),
  };
}

/** As the file has it. */
export function writeFeed(feed: FeedState): z.input<typeof feedFields> {
  const { source, cursor, polledMs, fullMs, catchUp, due, reconciled, isForeign = false } = feed;
  const text = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    source,
    cursor,
    polledAt: polledMs === null ? null : text(polledMs),
    fullAt: fullMs === null ? null : text(fullMs),
    catchUp: catchUp && { from: catchUp.from, since: text(catchUp.sinceMs) },
    due: [...due],
    reconciled: Object.fromEntries([...reconciled].map(([date, at]) => [date, text(at)])),
    ...(isForeign && { isForeign }),
  };
}
