/** Reads what a report has pictures of and no run has counted: few columns of the newest rows, and for no other format. */
import {
  type DeltaTable,
  openTable,
  openTableAt,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../../delta/mod.ts";
import { causeNames } from "../../quality/pictures/cause_names.ts";
import { batchSeconds } from "../../quality/pictures/batch_seconds.ts";
import { messagesPerHour } from "../../quality/pictures/messages_per_hour.ts";
import { type FailureOptions, segmentFailures } from "../../quality/pictures/segment_failures.ts";
import { RULES } from "../../quality/rules.ts";
import { getLogger } from "../../packages/logtape.ts";
import type { Report } from "../../report/build_report.ts";
import type { Pictures } from "../../report/html/pictures.ts";
import type { Counts } from "../../tables/counts.ts";
import type { LakeTables } from "../../tables/lake_tables.ts";
import { METADATA_PATHS } from "../../tables/table_paths.ts";

const log = getLogger(["ratalake", "report"]);
/** What a page may take the time for. */
const MOST_ROWS = 100_000;
const MOST_MESSAGES = 500_000;
const BATCHES = 40;
const HOURS = 48;

/** Where to read. */
export interface PictureSource extends TableOptions {
  /** As they are, or as a run measured them; one that is not there any more has no picture. */
  readonly tables: Partial<LakeTables>;
  /** The versions of the tables of the metadata, by their names; those of now where none is given. */
  readonly versions?: Counts | undefined;
  readonly storeOf: (path: string) => Store;
  /** The counter of the rules with what they ask of the metadata. */
  readonly counter: () => Promise<FailureOptions["counter"]>;
}

/** What can be read; a part that cannot is no reason to keep the verdict from anybody. */
export async function readPictures(
  { run, verdict }: Pick<Report, "run" | "verdict">,
  { tables: { standard, landing, batches }, versions, storeOf, counter, ...options }: PictureSource,
): Promise<Pictures> {
  const broken = verdict.rules.filter(({ outcome }) => outcome === "failed" || outcome === "look");
  const rules = RULES.filter(({ id, count }) =>
    count.from === "rows" && broken.some((each) => each.id === id)
  );
  const until = run.newestMessageTime;
  return {
    segments: rules.length === 0 || standard === undefined
      ? null
      : await tryTo(async () =>
        await segmentFailures(standard, { rules, counter: await counter(), mostRows: MOST_ROWS })
      ),
    messages: until === null || landing === undefined
      ? null
      : await tryTo(() => messagesPerHour(landing, { until, hours: HOURS, mostMessages: MOST_MESSAGES })),
    batches: batches === undefined ? null : await tryTo(() => batchSeconds(batches, BATCHES)),
    causeNames: await tryTo(async () => {
      const causes = await findTable(storeOf(METADATA_PATHS.causes), {
        ...options,
        version: versions?.causes,
      });
      return causes === null ? null : await causeNames(causes);
    }),
  };
}

/** Metadata is not fetched by everybody. */
async function findTable(
  store: Store,
  { version, ...options }: TableOptions & { readonly version: number | undefined },
): Promise<DeltaTable | null> {
  try {
    return version === undefined
      ? await openTable(store, options)
      : await openTableAt(store, { version }, options);
  } catch (error) {
    if (error instanceof TableNotFoundError) return null;
    throw error;
  }
}

async function tryTo<Found>(read: () => Promise<Found>): Promise<Found | null> {
  try {
    return await read();
  } catch (error) {
    log.warn("Cannot draw a picture of the report: {error}", { error });
    return null;
  }
}
