/** The pipeline from the API's metadata to its tables: a part at a time, and none needs another. */
import { getLogger } from "../../packages/logtape.ts";
import {
  checkpointIfDue,
  type DeltaTable,
  openTable,
  type Store,
  TableNotFoundError,
  type TableOptions,
  vacuumTable,
} from "../../delta/mod.ts";
import type { DigitrafficApi } from "../../digitraffic/digitraffic_api.ts";
import { fetchMetadataList } from "../../digitraffic/fetch_metadata_list.ts";
import { systemFault } from "../../errors.ts";
import { type FetchMark, isOfToday, lastFetch } from "../../metadata/fetch_mark.ts";
import { keepRows } from "../../metadata/keep_rows.ts";
import type { ElementPolicy } from "../../metadata/unknown_fields.ts";
import type { MetadataOutcome } from "./metadata_outcome.ts";
import { type ListRows, METADATA_PARTS, type MetadataPart } from "../../metadata/metadata_parts.ts";
import { LICENCE_LINE } from "../../tables/licence.ts";
import { METADATA_SCHEMAS } from "../../tables/metadata_schemas.ts";
import { openLakeTable } from "../../tables/open_lake_table.ts";
import { METADATA_PATHS, type MetadataName } from "../../tables/table_paths.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** What fetching the metadata needs. */
export interface FetchMetadataOptions {
  readonly api: DigitrafficApi;
  /** The store of a path below the data folder. */
  readonly storeOf: (path: string) => Store;
  readonly context: TableOptions;
  /** Asks for parts that were fetched less than a day ago too. */
  readonly full?: boolean;
  /** What fields mean that are not known, by table; where nothing is said they are told of. */
  readonly policies?: Readonly<Partial<Record<MetadataName, ElementPolicy>>>;
  /** Called before each part. */
  readonly onPart?: (name: MetadataName) => void;
  /** Ends the request under way; the call rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Fetches what is older than a day. A part that fails leaves its table as it is and the others alone; a right that is
 * missing ends it all, since it will be missing for every part.
 */
export async function fetchMetadata(options: FetchMetadataOptions): Promise<readonly MetadataOutcome[]> {
  const outcomes: MetadataOutcome[] = [];
  for (const part of METADATA_PARTS) {
    options.signal?.throwIfAborted();
    options.onPart?.(part.name);
    outcomes.push(await fetchPart(part, options));
  }
  return outcomes;
}

async function fetchPart(part: MetadataPart, options: FetchMetadataOptions): Promise<MetadataOutcome> {
  const { name } = part;
  let last: FetchMark | null = null;
  try {
    last = await findLastFetch(name, options);
    const isCurrent = last?.source === options.api.url && isOfToday(last, options.api.clock());
    if (last !== null && isCurrent && options.full !== true) {
      return { name, status: "current", fetchedAt: new Date(last.fetchedAtMs) };
    }
    return await replacePart(part, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isMissingRight(error)) throw error;
    return { name, status: "failed", fetchedAt: last && new Date(last.fetchedAtMs), error };
  }
}

async function findLastFetch(
  name: MetadataName,
  { storeOf, context }: FetchMetadataOptions,
): Promise<FetchMark | null> {
  try {
    return lastFetch((await openTable(storeOf(METADATA_PATHS[name]), context)).snapshot);
  } catch (error) {
    if (error instanceof TableNotFoundError) return null;
    throw error;
  }
}

async function replacePart(part: MetadataPart, options: FetchMetadataOptions): Promise<MetadataOutcome> {
  const { name } = part;
  const { api, storeOf, context } = options;
  const { rows, drift, discarded, firstDiscarded } = await fetchRows(part, options);
  const fetchedAtMs = api.clock();
  const definition = { schema: METADATA_SCHEMAS[name], description: LICENCE_LINE };
  // Only now: an answer that cannot be used leaves no empty table.
  const table = await openLakeTable(storeOf(METADATA_PATHS[name]), definition, context);
  const kept = await keepRows(table, rows, { source: api.url, fetchedAtMs });
  await maintain(table, kept.status === "replaced");
  return {
    name,
    status: kept.status === "overtaken" ? "unchanged" : kept.status,
    rows: kept.rows,
    version: kept.version,
    fetchedAt: new Date(fetchedAtMs),
    ...(drift.size === 0 ? {} : { drift: Object.fromEntries(drift) }),
    ...(firstDiscarded === null ? {} : { discarded, firstDiscarded }),
  };
}

async function fetchRows({ name, lists }: MetadataPart, options: FetchMetadataOptions): Promise<ListRows> {
  const all: ListRows[] = [];
  for (const { path, query, what, toRows } of lists) {
    const request = { path, what, ...(query && { query }), signal: options.signal };
    const { elements, source } = await fetchMetadataList(options.api, request);
    const list = toRows(elements, { source, policy: options.policies?.[name] });
    warnOfDrift(list, source);
    all.push(list);
  }
  const drift = new Map<string, number>();
  for (const [path, count] of all.flatMap((list) => [...list.drift])) {
    drift.set(path, (drift.get(path) ?? 0) + count);
  }
  return {
    rows: all.flatMap(({ rows }) => rows),
    drift,
    discarded: all.reduce((sum, { discarded }) => sum + discarded, 0),
    firstDiscarded: all.find(({ firstDiscarded }) => firstDiscarded !== null)?.firstDiscarded ?? null,
  };
}

function warnOfDrift({ drift, discarded, firstDiscarded }: ListRows, source: string): void {
  if (discarded > 0) {
    logger.warn(
      "Left out {discarded} of {source}: they have fields that are not known, the first is {field}",
      {
        discarded,
        source,
        field: firstDiscarded,
      },
    );
  }
  if (drift.size === 0) return;
  logger.warn("{source} has fields that are not known and not kept: {fields}", {
    source,
    fields: [...drift].map(([path, count]) => `${path} (${count} times)`).join(", "),
  });
}

/** What left the table stays a week, as the log says. The rows are in, whatever happens here. */
async function maintain(table: DeltaTable, isReplaced: boolean): Promise<void> {
  try {
    await checkpointIfDue(table);
    if (isReplaced) await vacuumTable(table);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    logger.warn("Leaving {table} as it is, its new rows in it: {reason}", {
      table: table.store.label,
      reason: error.message,
    });
  }
}

/** Of an error, or of what caused it. */
function isMissingRight(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (systemFault(at) === "missing right") return true;
  }
  return false;
}
