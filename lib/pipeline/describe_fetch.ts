/** What a round of `fetch` did, in one line for people. */
import { counted } from "../printable.ts";
import { formatSize } from "../report/text_table.ts";
import type { FetchSummary } from "./fetch_trains.ts";

/** Trains by what became of them, bytes and seconds. */
export function describeFetch(
  { fetched, published, unchanged, older, unpublished, sizeBytes, durationSeconds }: FetchSummary,
): string {
  const done = `Fetched ${counted(fetched, "train")}: ${published} published (${
    formatSize(sizeBytes)
  }), ${unchanged} unchanged${older === 0 ? "" : `, ${older} older than published`}`;
  const stopped = unpublished === 0
    ? ""
    : `, ${unpublished} left for the next fetch because this one was stopped`;
  return `${done}${stopped}; ${durationSeconds.toFixed(1)} s`;
}
