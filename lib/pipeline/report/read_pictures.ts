/** Reads what a report has pictures of and no run has counted: few columns of the newest rows, and for no other format. */
import {
  type DeltaTable,
  openTable,
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
  readonly tables: LakeTables;
  readonly storeOf: (path: string) => Store;
  /** The counter of the rules with what they ask of the metadata. */
  readonly counter: () => Promise<FailureOptions["counter"]>;
}

/** What can be read; a part that cannot is no reason to keep the verdict from anybody. */
export async function readPictures(
  { run, verdict }: Pick<Report, "run" | "verdict">,
  { tables: { standard, landing, batches }, storeOf, counter, ...options }: PictureSource,
): Promise<Pictures> {
  const broken = verdict.rules.filter(({ outcome }) => outcome === "failed" || outcome === "look");
  const rules = RULES.filter(({ id, count }) =>
    count.from === "rows" && broken.some((each) => each.id === id)
  );
  const until = run.newestMessageTime;
  return {
    segments: rules.length === 0
      ? null
      : await tryTo(async () =>
        await segmentFailures(standard, { rules, counter: await counter(), mostRows: MOST_ROWS })
      ),
    messages: until === null
      ? null
      : await tryTo(() => messagesPerHour(landing, { until, hours: HOURS, mostMessages: MOST_MESSAGES })),
    batches: await tryTo(() => batchSeconds(batches, BATCHES)),
    causeNames: await tryTo(async () => {
      const causes = await findTable(storeOf(METADATA_PATHS.causes), options);
      return causes === null ? null : await causeNames(causes);
    }),
  };
}

/** Metadata is not fetched by everybody. */
async function findTable(store: Store, options: TableOptions): Promise<DeltaTable | null> {
  try {
    return await openTable(store, options);
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
