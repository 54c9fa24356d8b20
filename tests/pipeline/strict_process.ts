/** The pipeline under a rule that is too strict: it rejects trains that the rules of the project accept. */
import { AnalysisWork } from "../../lib/pipeline/analysis/analysis_work.ts";
import { counterSource } from "../../lib/quality/standard_counter.ts";
import type { Broker, Chunk, LogRecord } from "../../lib/broker/broker.ts";
import { type Columns, gatherColumns, rowCount } from "../../lib/delta/mod.ts";
import { checkTopic } from "../../lib/pipeline/check_topic.ts";
import { ingestBatch } from "../../lib/pipeline/ingest_batch.ts";
import { type ReplayCounts, replayQuarantine } from "../../lib/pipeline/quarantine/replay_quarantine.ts";
import type { RejectionFilter } from "../../lib/landing/rejected_row.ts";
import { TrainIndex } from "../../lib/standard/train_index.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { noteLog } from "../../lib/tables/note_log.ts";
import { collectBatches } from "../../lib/validate/collect_batches.ts";
import { QuarantineColumns } from "../../lib/validate/quarantine_columns.ts";
import type { RejectionCode } from "../../lib/validate/rejection.ts";
import type { TrainSpan, ValidatedChunk } from "../../lib/validate/validate_chunk.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { FIRST_ROUND_MS } from "./made_up_log.ts";
import { type StoreOf, TOPIC } from "./process_rig.ts";

/** Says for which reason a train is rejected; undefined: not at all. */
export type StrictRule = (span: TrainSpan) => RejectionCode | undefined;

let names = 0;

function contextOf(name: string) {
  const run = `${name}${names++}`;
  let looks = 0, ids = 0;
  const backoff = () => Promise.resolve();
  return { clock: () => FIRST_ROUND_MS + looks++, ids: () => `${run}-${ids++}`, backoff };
}

const SURROUNDINGS = {
  monotonic: () => 0,
  signal: new AbortController().signal,
  releaseMemory: () => Promise.resolve(),
};

/** Ingests what waits, in small batches; measures nothing. */
export async function processStrictly(broker: Broker, storeOf: StoreOf, rule: StrictRule): Promise<void> {
  const context = contextOf("strict");
  const lake = await openLake(storeOf, { topic: TOPIC, ...context });
  const checked = await checkTopic(lake.landing, broker);
  if (checked === null) throw new Error("no topic");
  const { plan, logId } = checked;
  await noteLog(lake.landing, { logId, starts: plan.starts });
  const limits = { maxBatchBytes: 15_000 };
  const run = {
    broker,
    lake,
    group: "test",
    counter: counterSource(),
    limits,
    index: new TrainIndex(),
    analysis: new AnalysisWork(),
    surroundings: { ...SURROUNDINGS, ...context },
  };
  const records = new Map<string, LogRecord>();
  const chunks = validateChunks(
    remember(broker.read(TOPIC, plan.ranges, { maxChunkBytes: 8_000 }), records),
    {
      topic: TOPIC,
      aheadBytes: 0,
      monotonic: () => 0,
    },
  );
  const batches = collectBatches(rejectMore(chunks, rule, records), {
    ...plan,
    maxBytes: limits.maxBatchBytes,
    releaseMemory: SURROUNDINGS.releaseMemory,
  });
  for await (const batch of batches) {
    if (await ingestBatch(batch, run) === "overtaken") throw new Error("overtaken");
  }
  await run.analysis.finish();
}

/** How a test replays; its releases are small, so that there are several. */
export interface ReplayTestOptions extends RejectionFilter {
  readonly isDry?: boolean;
  readonly name?: string;
  readonly releaseBytes?: number;
}

/** Replays quarantine. */
export async function replayAll(
  storeOf: StoreOf,
  { isDry = false, name = "replay", releaseBytes = 30_000, ...filter }: ReplayTestOptions = {},
): Promise<ReplayCounts> {
  const lake = await openLake(storeOf, { topic: TOPIC, ...contextOf(name) });
  return await replayQuarantine(lake, { filter, surroundings: SURROUNDINGS, isDry, releaseBytes });
}

async function* remember(
  chunks: AsyncIterable<Chunk>,
  records: Map<string, LogRecord>,
): AsyncGenerator<Chunk> {
  for await (const chunk of chunks) {
    for (const record of chunk.records) records.set(`${chunk.partition}:${record.offset}`, record);
    if (chunk.records.length > 0) yield chunk;
  }
}

async function* rejectMore(
  chunks: AsyncIterable<ValidatedChunk>,
  rule: StrictRule,
  records: ReadonlyMap<string, LogRecord>,
): AsyncGenerator<ValidatedChunk> {
  for await (const chunk of chunks) {
    const columns = new QuarantineColumns();
    const spans = chunk.spans.filter((span) => {
      const code = rule(span);
      if (code === undefined) return true;
      const record = records.get(`${span.partition}:${span.offset}`);
      const { partition, offset, timestampMs, sourceEpoch } = span;
      const place = { partition, offset, timestampMs, sourceEpoch };
      const fault = { code, message: "The rule is wrong", path: "$.version", rule: "S3" };
      const { key = null, value: rawValue = null } = record ?? {};
      columns.append({ ...fault, ...place, key, fetchedAtMs: null, rawValue }, TOPIC);
      return false;
    });
    const pieces = [chunk.quarantine, columns.toColumns()].map(pieceOf).filter(({ to }) => to > 0);
    yield { ...chunk, spans, quarantine: pieces.length === 0 ? {} : gatherColumns(pieces) };
  }
}

function pieceOf(columns: Columns) {
  return { columns, from: 0, to: rowCount(columns) };
}
