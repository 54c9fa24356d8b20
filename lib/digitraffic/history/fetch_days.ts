/** Days of trains as they arrive: one from `/trains/{date}`, or those of a monthly archive. */
import { ArchiveError } from "../archives/archive_error.ts";
import { archivePath, readArchive } from "../archives/archive_days.ts";
import { describeAnswer } from "../describe_answer.ts";
import type { DigitrafficApi } from "../digitraffic_api.ts";
import { endpointUrl } from "../endpoint_url.ts";
import { FetchError } from "../fetch_error.ts";
import { createJsonArraySplitter } from "../split_json_array.ts";
import type { ReceivedTrain } from "../../train/train_identity.ts";
import { CutOffError, streamBody } from "./stream_body.ts";

const EXPECTED = "an array of trains";
/** For an archive that is not there, or cannot be used. */
const WAY_OUT = "without `--archives` its days come by date";
const SHOWN_BYTES = 64 * 1024;
/** A month is 1 GB where it is not packed. */
const ARCHIVE_BYTES = 8 * 1024 ** 3;

/** Trains as they come, not looked at yet. */
export type TrainBatches = AsyncIterable<readonly ReceivedTrain[]>;

/** A day on its way. */
export interface ArrivingDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Where it comes from, without credentials and query. */
  readonly source: string;
  /** All of its trains, when they end without an error. */
  readonly trains: TrainBatches;
}

/**
 * Asks for a day and gives its trains, deleted ones too, to `consume`; again from the start when the answer breaks.
 *
 * @throws {FetchError} When no attempt gave all of the array; else what `consume` throws.
 */
export async function fetchDay<T>(
  api: DigitrafficApi,
  { date, signal }: { readonly date: string; readonly signal: AbortSignal },
  consume: (day: ArrivingDay) => Promise<T>,
): Promise<T> {
  const place = endpointUrl(api.url, `trains/${date}`);
  const { source } = place;
  // A train that was published before it was deleted would else stay in the tables as it was.
  place.url.searchParams.set("include_deleted", "true");
  return await streamBody(
    api,
    { ...place, expected: EXPECTED, signal },
    (chunks) => consume({ date, source, trains: splitDay(chunks, { source, isWhole: false }) }),
  );
}

/**
 * Asks for the archive of a month and gives its days to `consume`, each to be read or passed over before the next; again
 * from the start when the answer breaks.
 *
 * @throws {FetchError} When there is none, or it is broken or hostile; else what `consume` throws.
 */
export async function fetchArchive<T>(
  api: DigitrafficApi,
  { month, signal }: { readonly month: string; readonly signal: AbortSignal },
  consume: (days: AsyncIterable<ArrivingDay>) => Promise<T>,
): Promise<T> {
  const place = endpointUrl(api.url, archivePath(month));
  const expected = `the archive of ${month}; ${WAY_OUT}`;
  const call = { ...place, expected, accept: "application/zip, */*", signal };
  try {
    return await streamBody(
      api,
      { ...call, maxBodyBytes: ARCHIVE_BYTES },
      (chunks) => consume(arrivingDays(chunks, { month, source: place.source })),
    );
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new FetchError(`Cannot use "${place.source}": ${error.message}; ${WAY_OUT}`, { cause: error });
  }
}

async function* arrivingDays(
  chunks: AsyncIterable<Uint8Array>,
  { month, source }: { readonly month: string; readonly source: string },
): AsyncGenerator<ArrivingDay, void, undefined> {
  for await (const { date, content } of readArchive(chunks, month)) {
    yield { date, source, trains: splitDay(content(), { source: `${source} of ${date}`, isWhole: true }) };
  }
}

/** Where a day comes from. */
interface DayBody {
  readonly source: string;
  /** A checksum has said that nothing is missing. */
  readonly isWhole: boolean;
}

/** The elements of the array; what is no array, or not all of it, is an error in words. */
async function* splitDay(chunks: AsyncIterable<Uint8Array>, { source, isWhole }: DayBody): TrainBatches {
  const splitter = createJsonArraySplitter();
  let start: Uint8Array = new Uint8Array();
  let fault: FetchError | null = null;
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      fault = refuse(error, { source, start });
      return null;
    }
  };
  for await (const chunk of chunks) {
    if (start.length === 0) start = chunk.slice(0, SHOWN_BYTES);
    const trains = fault === null ? attempt(() => splitter.push(chunk)) : null;
    if (trains !== null && trains.length > 0) yield trains;
    // Of an archive the rest is passed over: the days after it may be good.
    if (fault !== null && !isWhole) throw fault;
  }
  if (fault !== null) throw fault;
  attempt(() => splitter.end());
  // Without a first bracket it is another answer, and that it is short is no wonder.
  if (fault !== null) throw !isWhole && isArray(start) ? new CutOffError("an array that is cut off") : fault;
}

function refuse(
  { message }: SyntaxError,
  { source, start }: { readonly source: string; readonly start: Uint8Array },
): FetchError {
  const found = isArray(start) ? message : `${describeAnswer(start)}, expected ${EXPECTED}`;
  return new FetchError(`Cannot fetch "${source}": ${found}`, { status: 200 });
}

function isArray(start: Uint8Array): boolean {
  return /^\s*\[/.test(new TextDecoder().decode(start.subarray(0, 64)));
}
