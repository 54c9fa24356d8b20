/** The pipeline that looks into quarantine: which messages are there and why, and one of them whole. Writes nothing. */
import {
  type DeltaTable,
  openTable,
  predicateColumns,
  scannedFiles,
  type Store,
  TableNotFoundError,
  type TableOptions,
  toPolars,
} from "../../delta/mod.ts";
import { UsageError } from "../../errors.ts";
import { type ListedRejection, type ListOptions, listRejections } from "../../landing/list_rejections.ts";
import { nearestRejections, readRejection, type RejectedMessage } from "../../landing/read_rejection.ts";
import { rejectionPredicate } from "../../landing/rejected_row.ts";
import { QUARANTINE_COUNTER } from "../../quality/rejection_counter.ts";
import { countsOf } from "../../tables/count_tags.ts";
import { type Counts, countsUnder } from "../../tables/counts.ts";
import { otherTopics } from "../../tables/log_marks.ts";
import { type MessagePlace, parseRejectionId, rejectionId } from "../../tables/rejection_id.ts";
import { TABLE_PATHS } from "../../tables/table_paths.ts";

/** Where to look. */
export interface QuarantineOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
}

/** A message with the name that people type. */
export type Named<T> = T & { readonly id: string };

/** What is in quarantine. */
export interface QuarantineList {
  /** Messages by reason code, of the time that was asked for, whatever their reason. */
  readonly reasons: Counts;
  /** The newest first. */
  readonly rejections: readonly Named<ListedRejection>[];
}

/**
 * The newest rejected messages, and how many there are of each reason. What the log says of the files is not read.
 *
 * @throws {Error} when there is no quarantine table yet
 */
export async function listQuarantine(
  options: QuarantineOptions,
  asked: ListOptions,
): Promise<QuarantineList> {
  const quarantine = await openQuarantine(options);
  const nameOf = namesOf(quarantine);
  const rejections = await listRejections(quarantine, asked);
  return {
    reasons: await countReasons(quarantine, asked),
    rejections: rejections.map((rejection) => ({ ...rejection, id: nameOf(rejection) })),
  };
}

/**
 * One rejected message.
 *
 * @throws {UsageError} when the ID names none, or several
 */
export async function findRejection(options: QuarantineOptions, id: string): Promise<Named<RejectedMessage>> {
  const place = parseRejectionId(id);
  if (place === undefined) throw unusable(id, "no ID", 'partition and offset such as "0:1234"');
  const quarantine = await openQuarantine(options);
  const [found, ...others] = await readRejection(quarantine, place);
  if (found === undefined) {
    const near = (await nearestRejections(quarantine, place)).map(namesOf(quarantine));
    throw unusable(
      id,
      "no such message in quarantine",
      near.length === 0 ? "one of those" : near.join(" or "),
    );
  }
  if (others.length > 0) {
    throw unusable(
      id,
      `${others.length + 1} topics with one`,
      [found, ...others].map(rejectionId).join(" or "),
    );
  }
  return { ...found, id: namesOf(quarantine)(found) };
}

async function openQuarantine(options: QuarantineOptions): Promise<DeltaTable> {
  const store = options.storeOf(TABLE_PATHS.quarantine);
  try {
    return await openTable(store, options);
  } catch (cause) {
    throw cause instanceof TableNotFoundError ? missingQuarantine(options, cause) : cause;
  }
}

/** The error where there are no tables, with what to do. */
export function missingQuarantine({ storeOf }: QuarantineOptions, cause: TableNotFoundError): Error {
  return new Error(
    `Cannot look into quarantine yet: found no table "${
      storeOf(TABLE_PATHS.quarantine).label
    }", expected one; ` +
      "run `deno task process`, or set DATA_DIR to where the tables are",
    { cause },
  );
}

/** Short names where all messages are of one topic. */
function namesOf({ snapshot }: DeltaTable): (place: MessagePlace) => string {
  const hasOne = otherTopics(snapshot, { name: "quarantine", topic: "" }).length <= 1;
  return ({ topic, partition, offset }) => rejectionId({ ...(hasOne ? {} : { topic }), partition, offset });
}

/** From the counts that the files carry; those are read that carry none, or of which only a part is asked for. */
async function countReasons(
  quarantine: DeltaTable,
  { sinceMs }: Pick<ListOptions, "sinceMs">,
): Promise<Counts> {
  const where = rejectionPredicate({ sinceMs });
  const columns = [...new Set(["reasonCode", "jsonPath", ...predicateColumns(where)])];
  const sums: Record<string, number> = {};
  for (const { add, match } of scannedFiles(quarantine.snapshot, sinceMs === undefined ? undefined : where)) {
    const known = match === "all" ? countsOf(add, QUARANTINE_COUNTER) : null;
    const rows = known === null ? await quarantine.readFile(add, { columns }) : null;
    const mine = match === "all" ? rows : rows?.filter(toPolars(where, quarantine.snapshot.schema));
    const counts = known ?? (mine ? QUARANTINE_COUNTER.count(mine) : {});
    for (const [code, count] of Object.entries(countsUnder(counts, "reason."))) {
      sums[code] = (sums[code] ?? 0) + count;
    }
  }
  return sums;
}

function unusable(id: string, found: string, expected: string): UsageError {
  return new UsageError([
    `Cannot show ${JSON.stringify(id)}: found ${found}, expected ${expected}; ` +
    "`deno task quarantine list` lists them",
  ]);
}
