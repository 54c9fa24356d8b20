/** What became of each part of the metadata, and how that reads. */
import { counted, grouped } from "../../printable.ts";
import { METADATA_PATHS, type MetadataName } from "../../tables/table_paths.ts";

/** What became of one part. */
export interface MetadataOutcome {
  readonly name: MetadataName;
  /** "current": fetched less than a day ago, so nothing was asked. "failed": the table is as it was. */
  readonly status: "replaced" | "unchanged" | "current" | "failed";
  /** When what the table holds was fetched; null when it holds nothing. */
  readonly fetchedAt: Date | null;
  /** Of the answer; absent when there was none. */
  readonly rows?: number;
  /** Of the table after a commit. */
  readonly version?: number;
  /** Fields that are not known, by JSON path, with how often they came. */
  readonly drift?: Readonly<Record<string, number>>;
  /** Elements that were left out for a field that is not known, and the first such field. */
  readonly discarded?: number;
  readonly firstDiscarded?: string;
  /** Why it failed. */
  readonly error?: unknown;
}

/** A line per part, for people. */
export function describeMetadata(outcomes: readonly MetadataOutcome[]): string {
  const width = outcomes.reduce((widest, { name }) => Math.max(widest, name.length), 0);
  return outcomes.map((outcome) => `${outcome.name.padEnd(width)}  ${describe(outcome)}`).join("\n");
}

/** What stays when a part has failed, and what to do. */
export function describeFallback({ name, fetchedAt }: MetadataOutcome): string {
  const table = METADATA_PATHS[name];
  return fetchedAt === null
    ? `nothing was written to ${table}; the next \`deno task fetch --metadata\` tries again`
    : `${table} stays as it was fetched at ${fetchedAt.toISOString()}; ` +
      "the next `deno task fetch --metadata` tries again";
}

/** For machines: what text is made of, the errors as `describeError` tells them. */
export function metadataJson(
  outcomes: readonly MetadataOutcome[],
  describeError: (error: unknown) => string,
): string {
  const parts = outcomes.map(({ error, ...outcome }) => ({
    ...outcome,
    table: METADATA_PATHS[outcome.name],
    ...(outcome.status === "failed" ? { error: describeError(error) } : {}),
  }));
  return JSON.stringify({ metadata: parts });
}

function describe(outcome: MetadataOutcome): string {
  const { status, rows = 0, fetchedAt, drift = {}, discarded = 0 } = outcome;
  if (status === "failed") return `failed; ${describeFallback(outcome)}`;
  if (status === "current") {
    return `is up to date, fetched at ${fetchedAt?.toISOString()} (--full asks again)`;
  }
  const unknown = Object.keys(drift).length;
  const news = status === "replaced" ? "new content" : "unchanged";
  const parts = [
    counted(rows, "row"),
    news,
    ...(unknown === 0 ? [] : [counted(unknown, "unknown field")]),
    ...(discarded === 0 ? [] : [`${grouped(discarded)} left out for them`]),
  ];
  return parts.join(", ");
}
